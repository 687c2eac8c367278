import { expect, it } from 'vitest';
import { word } from '../../src/domain/failure.ts';
import { parseWaivers } from '../../src/profiles/waivers.ts';

const entry = (more: string): string =>
  `waivers:\n  - control: etcd-owner\n    place: "*"\n    reason: r\n    owner: o\n    found: f\n${more}`;

it('a waiver for nodes alone would hold in every cluster, so it is refused', () => {
  const read = parseWaivers('w.yaml', entry('    nodes: [cp=10.0.0.5]\n'));
  expect(read.ok ? '' : word(read.failure).sentence).toMatch(/w\.yaml:7.*cluster: cluster/);
  expect(parseWaivers('w.yaml', entry('    nodes: [cp=10.0.0.5]\n    cluster: cluster\n')).ok).toBe(true);
  expect(parseWaivers('w.yaml', entry('')).ok).toBe(true);
});
