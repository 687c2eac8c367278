import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { replay } from '../../src/domain/replay.ts';
import type { VerdictKind } from '../../src/domain/verdict.ts';
import { canonical } from '../../src/journal/canonical.ts';
import { genesis, sealLine } from '../../src/journal/line.ts';
import { createRedactor } from '../../src/journal/redactor.ts';
import { scan } from '../../src/journal/scan.ts';
import { checks, formats } from '../../src/report/index.ts';
import { control, facts, profileOf, verdict } from './fixture.ts';

const nodes = Array.from({ length: 200 }, (_, i) => ({
  name: `node-${i}`,
  host: `10.0.0.${i}`,
  port: 22,
  user: 'ops',
}));
const controls = Array.from({ length: 130 }, (_, i) => control(`control-${i}`, `Control number ${i}`));
const profile = profileOf(controls);
const kinds: readonly VerdictKind[] = ['pass', 'pass', 'fail', 'manual', 'unknown'];

const events: readonly Event[] = [
  { kind: 'session-started', id: 's1', program: 'p', operator: 'o', readOnly: false, lab: false },
  { kind: 'distribution-chosen', distribution: 'rke2' },
  { kind: 'benchmark-chosen', benchmark: 'cis-1.12', level: 1 },
  { kind: 'nodes-set', cluster: 'big', nodes },
  ...nodes.flatMap((node, n): Event[] => [
    { kind: 'node-connected', node: node.name, facts: facts(node.name, 'server') },
    {
      kind: 'found',
      findings: controls.map((c, i) => ({
        control: c.id,
        place: node.name,
        verdict: verdict(
          kinds[(n + i) % kinds.length] ?? 'pass',
          `the file /etc/rancher/rke2/config-${n}.yaml has mode 0644`,
          'mode 0600 or stricter',
          n % 3 === 0 ? 'it is readable by everybody on the node' : undefined,
        ),
      })),
    },
  ]),
  { kind: 'probe-ended', missing: [] },
];

/** The best of three runs in time of the processor: what the code costs, not what else the machine is doing. */
function milliseconds(run: () => unknown): number {
  const times = Array.from({ length: 3 }, () => {
    const begin = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

describe('200 nodes and 130 controls', () => {
  let prev = genesis;
  const lines = events.map((event, i) => {
    const { text, hash } = sealLine({ seq: i + 1, prev }, '2030-01-02T03:04:05.000Z', canonical(event));
    prev = hash;
    return `${text}\n`;
  });
  const bytes = Buffer.from(lines.join(''));
  const { records } = scan(bytes);
  const session = replay(records);
  const replaying = milliseconds(() => replay(scan(bytes).records));

  it('are what this measures', () => {
    expect(records).toHaveLength(events.length);
    expect(Object.keys(session.findings)).toHaveLength(26_000);
  });

  it.each([...formats.map((f) => [f.id, f.render] as const), ...Object.entries(checks)])(
    'replay and render as %s within two seconds',
    (_, render) => {
      const input = { session, records, profile, chain: 'not ended' as const };
      expect(replaying + milliseconds(() => render(input))).toBeLessThan(2000);
    },
  );

  it('are redacted within two seconds, with secrets to look for', () => {
    const redactor = createRedactor();
    for (let i = 0; i < 10; i++) redactor.add(`A long secret number ${i} & more`);
    expect(milliseconds(() => events.map((event) => redactor.redact(event)))).toBeLessThan(2000);
  });
});
