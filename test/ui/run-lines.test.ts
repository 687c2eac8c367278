import { describe, expect, it } from 'vitest';
import { runLines } from '../../src/ui/screens/run-lines.ts';
import { stateOf } from './fixture.ts';
import { prose } from './frame.tsx';
import { scenes } from './scenes.ts';

const file = 'create /etc/sysctl.d/90-kubelet.conf (0644 root:root)';
const values = [
  'sysctl -w vm.overcommit_memory=1',
  'sysctl -w kernel.panic=10',
  'sysctl -w kernel.panic_on_oops=1',
];

describe('what runs, in few lines', () => {
  it('is all there where there is room', () => {
    expect(runLines([file, ...values], 70, 4)).toEqual([file, ...values]);
    expect(runLines([file, ...values], 70)).toEqual([file, ...values]);
  });

  it('never hides that more follows, and what', () => {
    expect(runLines([file, ...values], 70, 1)).toEqual([
      'create /etc/sysctl.d/90-kubelet.conf and set 3 running values',
    ]);
    expect(runLines([file, ...values], 90, 2)).toEqual([file, `${values[0]} and set 2 running values`]);
    expect(runLines([file, file, file], 120, 1)).toEqual([`${file} and 2 steps more; d shows all`]);
  });
});

it('the exact commands end with what the wizard does around them', () => {
  expect(prose(scenes.commands, 120, 120)).toContain(
    'keeps the originals and an undo script in /var/lib/k8s-harden/session-1/, readable by root only.',
  );
});

it('the benchmark screen says why there are fewer controls than items', () => {
  const shown = prose(stateOf({ step: 'benchmark' }));
  expect(shown).toMatch(/\d+ items? in \d+ controls?, Kubernetes/);
  expect(shown).toContain('Several items of a benchmark can be one control');
});

it('a skip can be taken back by a key that the footer names at 80 columns', () => {
  const skipped = stateOf({ skips: { 'control-0@cp-1': 'later' } }, { control: 'control-0' });
  expect(prose(skipped, 80, 24)).toContain('b bring back');
});

it('the help of the export names no key that does nothing', () => {
  const { export: at } = scenes;
  expect(prose({ ...at, view: { ...at.view, overlay: { kind: 'help' } } })).not.toContain('Nothing yet');
});
