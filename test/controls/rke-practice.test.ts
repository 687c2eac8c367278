import { expect, test } from 'vitest';
import { selectControls } from '../../src/domain/control.ts';
import { Practice, shippedProfiles } from './practice.ts';

const rke = (await shippedProfiles()).find((p) => p.distribution.id === 'rke');
const benchmark = rke?.benchmarks.find((b) => b.id === 'cis-1.8');
if (!rke || !benchmark) throw new Error('no CIS 1.8 for RKE');
const chosen = selectControls(rke, benchmark, 2);

test.each(['cp-1', 'cp-2', 'worker-1'])('of %s everything is known', async (node) => {
  const practice = await Practice.open(rke, {}, node);
  const unknown: string[] = [];
  for (const control of chosen.filter((c) => c.target === 'node')) {
    const { verdict } = await practice.look(control);
    if (verdict.kind === 'unknown') unknown.push(`${control.id}: ${verdict.reason}`);
  }
  expect(unknown).toEqual([]);
});

test('a cluster fresh from rke fails where the published guide says that it does', async () => {
  const practice = await Practice.open(rke, {}, 'cp-1');
  const failing: string[] = [];
  for (const control of chosen.filter((c) => c.target === 'node')) {
    const { verdict } = await practice.look(control);
    if (verdict.kind === 'fail') failing.push(control.id);
  }
  expect(failing).toEqual([
    'rke-cni-mode',
    'rke-etcd-owner',
    'rke-deny-external-ips',
    'rke-event-limit-plugin',
    'rke-pull-always',
    'rke-apiserver-encryption',
    'rke-encryption-config',
    'rke-controller-address',
    'rke-scheduler-address',
    'rke-kubelet-certificate',
    'rke-kubelet-pod-pids',
  ]);
});

const asked = chosen.filter((c) => c.wants.length > 0 && c.wants.every((w) => w.type === 'attested'));

test('there are some that only a person can judge', () => expect(asked.length).toBeGreaterThan(30));

test.each(asked.map((c) => [c.id, c] as const))('%s shows what to look at', async (_, control) => {
  const practice = await Practice.open(rke, {}, 'cp-1');
  const { verdict, plan } = await practice.look(control);
  expect(verdict.kind, JSON.stringify(verdict)).toBe('manual');
  expect(plan.kind).toBe('refused');
  const shows = control.wants.some((w) => (w.spec as { show?: unknown }).show !== undefined);
  expect(verdict.found !== '', control.id).toBe(shows);
});

test('all that looks at pods asks for one table, once', () => {
  type Show = { readonly table?: readonly string[]; readonly columns?: object };
  const shown = asked.flatMap((c) => c.wants.map((w) => (w.spec as { readonly show?: Show }).show));
  const pods = shown.filter((show) => show?.table?.[0] === 'pods');
  expect(pods.length).toBeGreaterThan(10);
  expect(new Set(pods.map((show) => JSON.stringify(show?.columns))).size).toBe(1);
});
