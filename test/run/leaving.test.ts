import { expect, it } from 'vitest';
import { farewell } from '../../src/run/farewell.ts';
import { isBehind } from '../../src/run/ticking.ts';
import { noon, stateOf } from '../ui/fixture.ts';

const hash = 'ab'.repeat(32);
const left = { journal: '/home/kim/s/1.jsonl', id: 's-1', command: 'node bin/k8s-harden.cjs', head: hash };

it('what is printed on leaving has each path and each command whole on a line of its own', () => {
  const lines = farewell(left).split('\n');
  expect(lines).toContain('  /home/kim/s/1.jsonl');
  expect(lines).toContain('  node bin/k8s-harden.cjs export s-1');
  expect(lines).toContain(`  node bin/k8s-harden.cjs verify s-1 --head ${hash}`);
  expect(lines).toContain(`Last hash: ${hash}`);
  expect(lines.at(-1)).toBe('');
});

it('a record that was not closed in order has no hash to keep', () => {
  expect(farewell({ ...left, head: undefined })).not.toMatch(/hash|verify/);
});

it('the clock goes on while work is under way, and while a list says how old changes are', () => {
  const idle = stateOf();
  const undo = stateOf({}, { overlay: { kind: 'undo' } });
  const work = [{ id: 'a', label: 'a', since: noon, done: 0, of: 1, changing: false }];
  expect(isBehind(idle, noon + 3_600_000)).toBe(false);
  expect(isBehind({ ...idle, work }, noon + 1)).toBe(true);
  expect(isBehind(undo, noon + 1_000)).toBe(false);
  expect(isBehind(undo, noon + 15_000)).toBe(true);
});
