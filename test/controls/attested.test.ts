import { expect, test } from 'vitest';
import { Practice, shippedProfiles } from './practice.ts';

const profiles = await shippedProfiles();
const rke2 = profiles.find((p) => p.distribution.id === 'rke2');
if (!rke2) throw new Error('no RKE2');
const benchmark = rke2.benchmarks.find((b) => b.id === 'cis-1.12');
const chosen = new Set(benchmark?.items.map((i) => i.control));
const asked = rke2.controls.filter(
  (c) => chosen.has(c.id) && c.target !== 'workstation' && c.wants.some((w) => w.type === 'attested'),
);

test('there are some', () => expect(asked.length).toBeGreaterThan(30));

test.each(asked.map((c) => [c.id, c] as const))('%s shows what to look at', async (_, control) => {
  const policy = { mode: '0600', text: 'kind: Policy\n' };
  const files = { '/etc/rancher/rke2/audit-policy.yaml': policy };
  const patch = { common: { version: 'v1.34.2+rke2r1' }, nodes: { 'cp-1': { files } } };
  const practice = await Practice.open(rke2, patch, 'cp-1');
  const { verdict, plan } = await practice.look(control);
  expect(verdict.kind, JSON.stringify(verdict)).toBe('manual');
  expect(plan.kind).toBe('refused');
  const shows = control.wants.some((w) => (w.spec as { show?: unknown }).show !== undefined);
  expect(verdict.found !== '', control.id).toBe(shows);
});

test('what is looked for in pods is found there', async () => {
  const practice = await Practice.open(rke2, { common: { version: 'v1.34.2+rke2r1' } }, 'cp-1');
  const found = async (id: string) => {
    const control = rke2.controls.find((c) => c.id === id);
    if (!control) throw new Error(id);
    return (await practice.look(control)).verdict.found;
  };
  expect(await found('privileged-containers')).toBe('shop/disk-report-0: privileged true');
  expect(await found('host-path-volumes')).toBe('shop/disk-report-0: host-path /');
  expect(await found('host-pid')).toBe('none of 4');
  expect(await found('privilege-escalation')).not.toContain('shop/cart');
  expect(await found('root-containers')).not.toContain('shop/cart');
  expect(await found('net-raw')).toContain('shop/web');
});
