import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import type { Benchmark } from '../../src/domain/control.ts';
import type { Event, Finding, WizardStep } from '../../src/domain/event.ts';
import { replay } from '../../src/domain/replay.ts';
import { type Tally, tallyWords } from '../../src/domain/tally.ts';
import type { VerdictKind } from '../../src/domain/verdict.ts';
import { checkText } from '../../src/report/check.ts';
import { exitCode } from '../../src/report/exit-code.ts';
import { json } from '../../src/report/json.ts';
import { summaryText } from '../../src/report/summary-text.ts';
import { transcript } from '../../src/report/transcript.ts';
import { Frame } from '../../src/ui/components/Frame.tsx';
import { lookOf } from '../../src/ui/look.ts';
import { random } from '../journal/random.ts';
import { control, facts, intended, profileOf, recorded, verdict } from '../report/fixture.ts';
import { stateOf } from './fixture.ts';

const kinds: readonly VerdictKind[] = [
  'pass',
  'fail',
  'configured-not-active',
  'pending-restart',
  'manual',
  'unknown',
  'not-applicable',
];

/** A session that began with a benchmark of other controls, and what every screen and report says of it. */
function said(seed: number) {
  const { below, pick } = random(seed);
  const all = Array.from({ length: 3 + below(6) }, (_, i) =>
    control(`c${i}`, `title ${i}`, pick(['node', 'node', 'cluster'])),
  );
  const whole = profileOf(all);
  const [right] = whole.benchmarks as [Benchmark];
  const half = { ...right, items: right.items.filter((_, i) => i % 2 === 0) };
  const profile = { ...whole, benchmarks: [half, { ...right, id: 'mistaken', title: 'Mistaken' }] };
  const nodes = Array.from({ length: 1 + below(4) }, (_, i) => ({
    name: `n${i}`,
    host: 'h',
    port: 22,
    user: 'u',
  }));
  const pairs = all.flatMap((c) =>
    (c.target === 'node' ? nodes.map((n) => n.name) : [c.target]).map((place) => ({ control: c.id, place })),
  );
  const found = (): Event => ({
    kind: 'found',
    findings: pairs
      .filter(() => below(4) > 0)
      .map((p): Finding => ({ ...p, verdict: verdict(pick(kinds), 'x', 'y', 'why') })),
  });
  const events: Event[] = [
    { kind: 'session-started', id: 's1', program: 'p', operator: 'o', readOnly: false, lab: false },
    { kind: 'distribution-chosen', distribution: 'rke2' },
    { kind: 'benchmark-chosen', benchmark: 'mistaken', level: 1 },
    { kind: 'nodes-set', cluster: 'c', nodes },
    ...nodes.map((n): Event => ({ kind: 'node-connected', node: n.name, facts: facts(n.name, 'server') })),
    found(),
    { kind: 'probe-ended', missing: [] },
    { kind: 'benchmark-chosen', benchmark: half.id, level: 1 },
    found(),
    ...pairs.filter(() => below(4) === 0).map((p): Event => ({ kind: 'skipped', ...p, reason: 'r' })),
    ...pairs
      .filter(() => below(4) === 0)
      .map((p): Event => ({ kind: 'attested', ...p, pass: below(2) === 0, statement: 's' })),
    ...pairs
      .filter(() => below(4) === 0)
      .flatMap(({ control: id, place }): Event[] => [
        intended(`${id}-${place}`, id, place, { kind: 'set-mode', path: '/a', mode: '0600', before: '0644' }),
        { kind: 'change-ended', change: `${id}-${place}`, outcome: { kind: 'done' }, output: [] },
      ]),
    { kind: 'probe-ended', missing: [] },
  ];
  const records = recorded(events);
  const session = replay(records);
  const input = { session, records, profile, chain: 'not ended' as const };
  const screen = (step: WizardStep): string => {
    const view = { columns: 120, rows: 60 };
    const state = stateOf({ ...session, step }, view, { profiles: [profile], progress: {} });
    const look = lookOf(state.view, { ascii: false, color: false, plain: false });
    return renderToString(<Frame state={state} look={look} mark="" />, { columns: 120 });
  };
  return { input, document: JSON.parse(json(input)), screen, half };
}

describe('the numbers', () => {
  it('are the same on every screen and in every report, whatever was chosen first', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { input, document, screen, half } = said(seed);
      const { controls, answers } = document.totals as { controls: Tally; answers: Tally };
      const ofControls = `Controls: ${tallyWords(controls)}.`;
      const ofAnswers = `Answers: ${tallyWords(answers)}.`;
      expect(screen('controls')).toContain(
        ` ${controls.total} control${controls.total === 1 ? '' : 's'}: ${tallyWords(controls)}`,
      );
      expect(screen('probe')).toContain(ofControls);
      for (const text of [screen('summary'), summaryText(input.session, input.profile), checkText(input)]) {
        expect(text).toContain(ofControls);
        expect(text).toMatch(new RegExp(`${ofAnswers.slice(0, -1).replaceAll(/[()]/g, '\\$&')}[.;]`));
      }
      expect(transcript(input)).toContain(ofControls);
      // Only the selection that stands counts, each of its controls once, and every number is the sum of its parts.
      expect(document.controls.map((c: { id: string }) => c.id)).toEqual(half.items.map((i) => i.control));
      expect(controls.total).toBe(half.items.length);
      expect(answers.total).toBe(document.coverage.expected);
      for (const t of [controls, answers, ...document.places.map((p: { tally: Tally }) => p.tally)]) {
        expect(t.open + t.pass + t.notApplicable).toBe(t.total);
        expect(t.skipped).toBeLessThanOrEqual(t.open);
        expect(t.fixed).toBeLessThanOrEqual(t.pass);
      }
      expect(answers.open).toBe(document.totals.open);
      expect(answers.pass).toBe(document.totals.after.pass);
      expect(answers.skipped).toBe(document.totals.skipped);
      expect(exitCode(input.session, input.profile) === 0).toBe(
        answers.open === 0 && input.session.restartsDue.length === 0,
      );
    }
  });

  it('leave out what only a mistaken selection asked for, and the transcript says so', () => {
    const { input } = said(3);
    expect(transcript(input)).toMatch(
      /\d+ controls? that only another selection asked for (is|are) in none of these/,
    );
  });
});
