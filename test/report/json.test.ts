import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Event, Finding } from '../../src/domain/event.ts';
import type { VerdictKind } from '../../src/domain/verdict.ts';
import type { ReportInput } from '../../src/report/input.ts';
import { json } from '../../src/report/json.ts';
import { random } from '../journal/random.ts';
import { control, facts, inputOf, profileOf, smallProfile, smallSession, verdict } from './fixture.ts';

const schemaFile = new URL('../../docs/transcript.schema.json', import.meta.url);
const schema = z.fromJSONSchema(JSON.parse(readFileSync(schemaFile, 'utf8')));

type Counts = Record<string, number>;

function valid(input: ReportInput) {
  const document = JSON.parse(json(input));
  const checked = schema.safeParse(document);
  if (!checked.success) throw new Error(z.prettifyError(checked.error));
  return document;
}

describe('the transcript for programs', () => {
  it('follows its published schema', () => {
    const document = valid({ ...inputOf(smallSession, smallProfile), head: 'ab' });
    expect(document).toMatchObject({
      form: 'k8s-harden/transcript/1',
      exitCode: 3,
      session: { id: 's1', ended: 'left', level: 1 },
      record: { chain: 'whole', entries: smallSession.length, head: 'ab' },
      coverage: { controls: 3, nodes: 3, expected: 7, answered: 4, unknown: 1, missing: 2 },
      totals: { fixed: 1, worse: 0, open: 5, skipped: 1 },
      undoable: ['c1'],
      restartsDue: ['cp-1'],
    });
    expect(document.changes[1].undos).toEqual([
      expect.objectContaining({ outcome: { kind: 'done', failure: null }, output: ['put back'] }),
    ]);
    valid(inputOf(smallSession, undefined, 'damaged at line 3'));
    valid(inputOf([], undefined, 'not ended'));
  });

  it('would notice a document that does not', () => {
    const document = valid(inputOf(smallSession, smallProfile));
    const broken = [
      { ...document, more: 1 },
      { ...document, form: 'k8s-harden/transcript/2' },
      { ...document, record: { ...document.record, chain: 'damaged' } },
      { ...document, coverage: { ...document.coverage, missing: -1 } },
      { ...document, notes: [{ at: 1, text: '' }] },
      { ...document, totals: { ...document.totals, after: {} } },
      Object.fromEntries(Object.entries(document).filter(([key]) => key !== 'log')),
    ];
    for (const wrong of broken) expect(schema.safeParse(wrong).success).toBe(false);
  });

  it('describes every ending of a change and of a restart', () => {
    const failure = { code: 'link-lost', node: 'cp-1', message: 'reset' } as const;
    const endings: readonly Event[] = [
      { kind: 'change-ended', change: 'c1', outcome: { kind: 'unknown', failure }, output: [] },
      { kind: 'undo-ended', change: 'c1', outcome: { kind: 'put-back', failure }, output: [] },
      { kind: 'undo-intended', change: 'c1', commands: [], force: true },
      { kind: 'restart-intended', node: 'cp-2', unit: 'u' },
      { kind: 'restart-ended', node: 'cp-2', unit: 'u', outcome: { kind: 'unknown', failure } },
      { kind: 'restart-intended', node: 'cp-2', unit: 'u' },
      { kind: 'restart-ended', node: 'cp-2', unit: 'u', outcome: { kind: 'healthy', seconds: 1.5 } },
      { kind: 'restart-intended', node: 'cp-2', unit: 'u' },
      { kind: 'acknowledged', control: 'kernel-values', text: 'read it' },
      { kind: 'attested', control: 'kernel-values', place: 'cp-1', pass: true, statement: 'seen' },
    ];
    const document = valid(inputOf([...smallSession, ...endings], smallProfile));
    expect(document.changes[0].undos).toHaveLength(2);
    expect(document.unfinished).toEqual(['c1']);
    expect(document.restarts.at(-1).outcome).toBeNull();
  });

  it('holds nothing that a terminal would act on', () => {
    const text = json(inputOf([{ kind: 'noted', text: '\u001b[2J\u009b2J\u202e\u200b\u007f' }], undefined));
    expect(text).not.toMatch(/[^\n\x20-\x7e]/);
    expect(JSON.parse(text).notes[0].text).toBe('\u001b[2J\u009b2J\u202e\u200b\u007f');
  });

  it('has totals that are the sums of their parts, whatever happened', () => {
    const { below, pick } = random(3);
    const kinds: readonly VerdictKind[] = [
      'pass',
      'fail',
      'configured-not-active',
      'pending-restart',
      'manual',
      'unknown',
      'not-applicable',
    ];
    for (let round = 0; round < 60; round++) {
      const controls = Array.from({ length: 1 + below(8) }, (_, i) =>
        control(`c${i}`, `t${i}`, pick(['node', 'node', 'cluster', 'workstation'])),
      );
      const nodes = Array.from({ length: 1 + below(5) }, (_, i) => ({
        name: `n${i}`,
        host: 'h',
        port: 22,
        user: 'u',
      }));
      const placesOf = (target: string) => (target === 'node' ? nodes.map((n) => n.name) : [target]);
      const pairs = controls.flatMap((c) => placesOf(c.target).map((place) => ({ control: c.id, place })));
      const some = (): Finding[] =>
        pairs.filter(() => below(3) > 0).map((p) => ({ ...p, verdict: verdict(pick(kinds)) }));
      const events: Event[] = [
        { kind: 'benchmark-chosen', benchmark: 'cis-1.12', level: 1 },
        { kind: 'nodes-set', cluster: 'c', nodes },
        ...nodes
          .filter(() => below(4) > 0)
          .map((n): Event => ({ kind: 'node-connected', node: n.name, facts: facts(n.name, 'server') })),
        { kind: 'found', findings: some() },
        { kind: 'found', findings: some() },
        ...pairs.filter(() => below(5) === 0).map((p): Event => ({ kind: 'skipped', ...p, reason: 'r' })),
        ...pairs
          .filter(() => below(5) === 0)
          .map((p): Event => ({ kind: 'attested', ...p, pass: below(2) === 0, statement: 's' })),
        { kind: 'probe-ended', missing: [] },
      ];
      const document = valid(inputOf(events, profileOf(controls)));
      const { totals, places, coverage } = document;
      for (const side of ['before', 'after']) {
        for (const standing of Object.keys(totals[side])) {
          const parts = places.map((p: Record<string, Counts>) => p[side]?.[standing] ?? 0);
          expect(totals[side][standing]).toBe(parts.reduce((a: number, b: number) => a + b, 0));
        }
        expect(sum(totals[side])).toBe(coverage.expected);
      }
      const cells = document.controls.flatMap((c: { places: unknown[] }) => c.places);
      expect(cells).toHaveLength(coverage.expected);
      expect(coverage.expected).toBe(pairs.length);
      expect(coverage.answered + coverage.unknown + coverage.missing).toBe(coverage.expected);
      const open = cells.filter((c: { open: boolean }) => c.open).length;
      expect(totals.open).toBe(open);
      expect(open).toBe(coverage.expected - totals.after.pass - totals.after['not-applicable']);
      expect(places.reduce((a: number, p: { open: number }) => a + p.open, 0)).toBe(open);
      if (open > 0) expect(document.exitCode).toBeGreaterThanOrEqual(3);
    }
  });
});

function sum(counts: Counts): number {
  return Object.values(counts).reduce((a, b) => a + b, 0);
}
