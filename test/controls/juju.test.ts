import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { overlay } from '../../src/lab/cluster.ts';
import { readCases } from './case.ts';
import { Practice, shippedProfiles } from './practice.ts';

const profile = (await shippedProfiles()).find((p) => p.distribution.id === 'canonical');
if (!profile) throw new Error('no canonical');

/** Types whose change edits what a charm writes. */
const edits = ['argument-file', 'admission-plugin'];

const bad = profile.controls
  .filter((control) => control.wants.some((want) => edits.includes(want.type)))
  .flatMap((control) =>
    readCases(join('test/controls/canonical', control.id))
      .filter(([, given]) => given.change === undefined || given.change === 'steps')
      .filter(([name, given]) => name !== 'good' && given.verdict !== 'pass')
      .map(([name, given]) => [control.id, name, control, given] as const),
  );

const agents = (place: string) => ({
  nodes: { [place]: { files: { '/var/lib/juju/agents': { mode: '0755' } } } },
});

describe('on a node of a charm', () => {
  test.each(bad)('%s, %s, is refused and names the option', async (_id, _name, control, given) => {
    const practice = await Practice.open(
      profile,
      overlay(given.patch ?? {}, agents(given.place)),
      given.place,
    );
    const { plan } = await practice.look(control);
    if (plan.kind !== 'refused') throw new Error(`${plan.kind}, not refused`);
    expect(plan.reason).toBe(`Juju owns the configuration of ${given.place}`);
    expect(plan.instead).toMatch(
      /^Add [a-z-]+(=\S+)? to the option of the charm: juju config k8s [a-z-]+-extra-args=/,
    );
  });

  /** What the charm does not write: kernel values, modes, owners, and files of the operator's own. */
  const others = ['kernel-values', 'arguments-owner', 'etcd-data-mode', 'audit-policy'];
  test.each(others)('%s is changed as anywhere, for the charm does not write it', async (id) => {
    const control = profile.controls.find((each) => each.id === id);
    const given = readCases(join('test/controls/canonical', id)).find(([name]) => name === 'bad')?.[1];
    if (!control || !given) throw new Error(`no case of ${id}`);
    const patch = overlay(given.patch ?? {}, agents(given.place));
    const practice = await Practice.open(profile, patch, given.place);
    expect((await practice.look(control)).plan.kind).toBe('steps');
  });

  test('there are controls to try', () => expect(bad.length).toBeGreaterThan(20));
});
