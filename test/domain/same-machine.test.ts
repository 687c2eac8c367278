import { describe, expect, it } from 'vitest';
import { isClone, isSameMachine, machineWarnings } from '../../src/domain/same-machine.ts';
import { countedNodes } from '../../src/domain/scope.ts';

const is = (machineId: string, bootId: string) => ({ machineId, bootId });

describe('two names', () => {
  it.each([
    ['one machine', is('m', 'b'), is('m', 'b'), true, false],
    ['a clone', is('m', 'b'), is('m', 'c'), false, true],
    ['two containers on one host', is('m', 'b'), is('n', 'b'), false, false],
    ['machines that do not say which they are', is('', 'b'), is('', 'b'), false, false],
    ['machines that do not say when they were booted', is('m', ''), is('m', ''), false, false],
    ['clones that do not say so', is('', 'b'), is('', 'c'), false, false],
  ])('%s', (_, a, b, same, clone) => {
    expect([isSameMachine(a, b), isClone(a, b)]).toEqual([same, clone]);
  });

  const failure = { code: 'same-machine', node: 'cp-7', other: 'cp-1', machine: 'm' } as const;

  it('each get a sentence, and machines that are whole get none', () => {
    expect(
      machineWarnings([
        { name: 'cp-1', facts: is('m', 'b') },
        { name: 'cp-2', facts: is('n', 'b') },
        { name: 'cp-3', facts: is('n', 'c') },
        { name: 'cp-7', failure },
        { name: 'cp-8', failure: { code: 'connect-timeout', node: 'cp-8', seconds: 1 } },
      ]),
    ).toEqual([
      'cp-3 and cp-2 have one machine-id (n) but were booted apart, so they are clones. Give one of them a machine-id of its own (systemd-machine-id-setup).',
      'cp-7 and cp-1 are one machine (machine-id m): take one of them off the list.',
    ]);
  });

  const address = { host: 'h', port: 22, user: 'root' };
  it('count as one while both are in the list', () => {
    const one = { name: 'cp-1', ...address };
    const seven = { name: 'cp-7', ...address, failure };
    expect(countedNodes({ nodes: [one, seven] })).toEqual([one]);
    expect(countedNodes({ nodes: [seven] })).toEqual([seven]);
  });
});
