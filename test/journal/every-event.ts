import type { Event } from '../../src/domain/event.ts';
import type { Step } from '../../src/domain/step.ts';

/** Every kind of event with a text in every field that can hold one. */
export function everyEvent(x: string): readonly Event[] {
  const failure = { code: 'change-failed', node: x, message: x } as const;
  const steps: readonly Step[] = [
    {
      kind: 'write-file',
      path: x,
      content: x,
      mode: '0600',
      owner: x,
      group: x,
      before: { kind: 'absent' },
      textBefore: x,
    },
    { kind: 'set-kernel', key: x, value: x, before: x },
    { kind: 'patch-object', kubectl: [x], object: [x, x], patch: x, back: x },
    { kind: 'create-object', kubectl: [x], object: [x], manifest: x },
    { kind: 'rancher-object', path: x, title: x, does: 'set', before: x, after: x },
    { kind: 'run', words: [x, x], why: x },
  ];
  const verdict = { kind: 'fail', found: x, wanted: x, reason: x } as const;
  return [
    { kind: 'session-started', id: x, program: x, operator: x, readOnly: false, lab: false },
    { kind: 'session-resumed', operator: x },
    { kind: 'went-to', step: 'probe' },
    { kind: 'distribution-chosen', distribution: x },
    { kind: 'benchmark-chosen', benchmark: x, level: 1 },
    { kind: 'nodes-set', cluster: x, nodes: [{ name: x, host: x, port: 22, user: x }] },
    { kind: 'rancher-named', url: x },
    { kind: 'host-key-accepted', node: x, fingerprint: x, keyType: x },
    {
      kind: 'node-connected',
      node: x,
      facts: {
        hostname: x,
        machineId: x,
        bootId: x,
        os: x,
        user: x,
        sudo: 'root',
        distribution: x,
        version: x,
        roles: [],
        dataDir: x,
        nodeName: x,
        managedBy: { who: x, instead: x },
      },
    },
    { kind: 'node-failed', node: x, failure },
    { kind: 'probe-started', places: [x], controls: 1 },
    { kind: 'found', findings: [{ control: x, place: x, verdict }] },
    { kind: 'probe-ended', missing: [x] },
    { kind: 'skipped', control: x, place: x, reason: x },
    { kind: 'unskipped', control: x, place: 'elsewhere' },
    { kind: 'attested', control: x, place: x, pass: true, statement: x },
    { kind: 'acknowledged', control: x, text: x },
    {
      kind: 'change-intended',
      change: { id: 'c1', session: 's1', control: x, node: x, via: x, steps },
      commands: [x, ...x.split('\n')],
      restarts: true,
    },
    { kind: 'change-ended', change: 'c1', outcome: { kind: 'put-back', failure }, output: x.split('\n') },
    { kind: 'undo-intended', change: 'c1', commands: [x], force: false },
    { kind: 'undo-ended', change: 'c1', outcome: { kind: 'unknown', failure }, output: [x, x] },
    { kind: 'restart-intended', node: x, unit: x },
    { kind: 'stop-intended', node: x, unit: x },
    { kind: 'restart-ended', node: x, unit: x, outcome: { kind: 'crash-looping', line: x } },
    { kind: 'restart-set-aside', node: x, reason: x },
    { kind: 'lock-taken', node: x, holder: x, from: x },
    { kind: 'noted', text: x },
    { kind: 'session-ended', why: 'left' },
  ];
}
