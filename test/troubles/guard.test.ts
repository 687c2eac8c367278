// A control that would set right a whole tree of containers is refused with the reason, whatever its author meant.
import { expect, test } from 'vitest';
import type { Control } from '../../src/domain/control.ts';
import { lessonOf } from '../../src/domain/trouble.ts';
import { Practice, shippedProfiles } from '../controls/practice.ts';

const profile = (await shippedProfiles()).find((p) => p.distribution.id === 'rke2');
if (!profile) throw new Error('RKE2 is gone');

const store = '/var/lib/rancher/rke2/agent/containerd';
const snapshots = `${store}/io.containerd.snapshotter.v1.overlayfs/snapshots`;

test.each([
  store,
  snapshots,
  `${snapshots}/1/fs`,
  '/var/lib/rancher',
  '/var/lib/kubelet',
  '/var/lib/kubelet/pods',
])('the owner of all below %s is never changed', async (path) => {
  const control: Control = {
    id: 'mended-by-hand',
    title: 'All of it belongs to somebody else',
    target: 'node',
    roles: ['agent'],
    why: '',
    breaks: '',
    impact: 'none',
    needs: [],
    sources: [],
    wants: [{ type: 'file', spec: { path, owner: 'operator', group: 'operator', tree: true } }],
  };
  const practice = await Practice.open(profile, {}, 'worker-1');
  const before = practice.state();
  const { verdict, plan } = await practice.look(control);
  expect(verdict.kind).toBe('fail');
  expect(plan).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/container storage|more than one program's files/),
    instead: expect.stringMatching(/./),
  });
  expect(practice.state()).toEqual(before);
});

test('a file wants a mode for one path only: no key of it reaches what lies below', async () => {
  const { resources } = await import('../../src/resources/index.ts');
  const parse = () => resources.get('file')?.schema.parse({ path: snapshots, mode: '0755', tree: true });
  expect(parse).toThrow(/needs an owner and a group/);
});

test('who would mend it with -R reads why not', () => {
  const trouble = profile.troubles?.find((t) => t.id === 'trouble-permissions');
  expect(lessonOf(trouble, 'snapshots-out-of-reach')?.deeper).toMatch(/never with -R/);
});
