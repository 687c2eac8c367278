import { expect, it } from 'vitest';
import type { Gate } from '../../src/domain/upgrade.ts';
import { plannedControls } from '../../src/engine/gate.ts';
import { profileOf } from '../support/profile.ts';

it('a gate is asked where the next start of each distribution reads it, whichever was asked about first', () => {
  const gate: Gate = {
    id: 'gone',
    versions: '>=1.29',
    roles: ['server'],
    wants: [],
    next: [{ type: 'unit', spec: {} }],
    onlyNext: [{ type: 'unit', spec: {} }],
    what: 'The flag is gone.',
    instead: 'Take it out.',
    sources: ['a changelog'],
  };
  const { distribution } = profileOf([]);
  const whole = { ...distribution, clusterFile: { path: 'cluster.yml', beside: [], apply: ['rke', 'up'] } };
  const targets = (of: typeof distribution) => plannedControls([gate], of).map((c) => c.target);
  expect(targets(distribution)).toEqual(['node', 'node']);
  expect(targets(whole)).toEqual(['workstation', 'workstation']);
  expect(targets(distribution)).toEqual(['node', 'node']);
  // Made once for each, so that its words are filled in once for all nodes.
  expect(plannedControls([gate], whole)[0]).toBe(plannedControls([gate], whole)[0]);
});
