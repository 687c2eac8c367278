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

const limit = 2000;

/**
 * Milliseconds of the processor: what the code costs, not what else the machine is doing. Three runs at most, because the
 * first ones also compile; none after one that is fast enough.
 */
function milliseconds(run: () => unknown, enough: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let runs = 0; runs < 3 && best >= enough; runs++) {
    const begin = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(begin);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
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
  const replaying = milliseconds(() => replay(scan(bytes).records), 0);

  it('are what this measures', () => {
    expect(records).toHaveLength(events.length);
    expect(Object.keys(session.findings)).toHaveLength(26_000);
  });

  it.each([...formats.map((f) => [f.id, f.render] as const), ...Object.entries(checks)])(
    'replay and render as %s within two seconds',
    (_, render) => {
      const input = { session, records, profile, chain: 'not ended' as const };
      const enough = limit - replaying;
      expect(milliseconds(() => render(input), enough)).toBeLessThan(enough);
    },
  );

  it('are redacted within two seconds, with secrets to look for', () => {
    const redactor = createRedactor();
    for (let i = 0; i < 10; i++) redactor.add(`A long secret number ${i} & more`);
    expect(milliseconds(() => events.map((event) => redactor.redact(event)), limit)).toBeLessThan(limit);
  });
});
