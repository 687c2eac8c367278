import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import type { AnyResource } from '../../src/domain/resource.ts';
import { unknown, type Verdict } from '../../src/domain/verdict.ts';
import { resources } from '../../src/resources/index.ts';
import { applied } from './apply.ts';
import { answersOf, type Case, casesOf } from './cases.ts';
import { placeFor } from './place.ts';
import { isNamed, silentIsAnswer, unneeded } from './unneeded.ts';

const causes: readonly Answer[] = [
  { kind: 'denied', message: 'Permission denied' },
  { kind: 'no-tool', tool: 'stat' },
  { kind: 'failed', exit: 1, message: 'no luck' },
  { kind: 'too-large', cap: 1_048_576 },
  { kind: 'lost', reason: 'the link broke' },
];

/** Types whose verdict hangs on when a unit started. */
const byAge = [
  'setting',
  'yaml',
  'admission-plugin',
  'audit-policy',
  'encryption-provider',
  'resolver',
  'configured-argument',
];

/** Kinds that may stay unanswered where something else was answered: they only sharpen words or a later edit. */
const side = ['machine', 'unit'];

function entryOf(type: string): AnyResource {
  const resource = resources.get(type);
  if (!resource) throw new Error(`no type ${type}`);
  return resource;
}

function outcome(one: Case, answers: ReadonlyMap<string, Answer>): { verdict: Verdict; plan: unknown } {
  const resource = entryOf(one.type);
  const place = placeFor(one.place);
  const wanted = resource.schema.parse(one.wanted);
  const read = resource.read(wanted, answers, place);
  if (!read.known) return { verdict: unknown(read.reason), plan: undefined };
  return {
    verdict: resource.judge(wanted, read.value, place),
    plan: resource.change(wanted, read.value, place),
  };
}

/** Whether a verdict hangs on a question that elsewhere only sharpens words or a later edit. */
function isTelling(type: string, { kind }: Question): boolean {
  return (
    type === 'unit' ||
    // How old an event is, only the clock tells.
    (type === 'object' && kind === 'machine') ||
    (byAge.includes(type) && kind === 'unit')
  );
}

describe.each([...resources.keys()])('%s', (type) => {
  const cases = casesOf(type);

  it('has a case that passes or cannot, one that does not, and a name for each of them', () => {
    const verdicts = cases.map((c) => c.verdict ?? 'unknown');
    expect(new Set(verdicts).size).toBeGreaterThan(1);
    // Whether what we did ourselves is to blame is for a person to judge.
    if (type === 'our-changes') expect(verdicts).toEqual(expect.arrayContaining(['pass', 'manual']));
    else if (!['attested', 'rollout'].includes(type))
      expect(verdicts).toEqual(expect.arrayContaining(['pass', 'fail']));
  });

  it.each(cases.map((c) => [c.name, c] as const))('%s', (_, one) => {
    const answers = answersOf(one, entryOf(type));
    const { verdict, plan } = outcome(one, answers);
    expect(verdict.kind, JSON.stringify(verdict)).toBe(one.unknown === undefined ? one.verdict : 'unknown');
    if (one.unknown !== undefined) expect(verdict.reason).toContain(one.unknown);
    if (one.found !== undefined) expect(verdict.found).toContain(one.found);
    if (one.reason !== undefined) expect(verdict.reason).toContain(one.reason);
    expect(verdict.found || verdict.reason).toBeTruthy();
    if (!['pass', 'fail'].includes(verdict.kind)) expect(verdict.reason).toBeTruthy();
    if (verdict.kind === 'pass') expect(plan).toEqual({ kind: 'nothing' });
    if (one.plan === undefined) return;
    if (one.plan === 'nothing') expect(plan).toEqual({ kind: 'nothing' });
    else if ('refused' in one.plan) {
      expect(plan).toMatchObject({
        kind: 'refused',
        reason: expect.stringContaining(one.plan.refused as string),
      });
    } else {
      expect(plan).toMatchObject({ kind: 'steps', steps: one.plan, restarts: one.restarts ?? false });
    }
  });

  it.each(cases.filter((c) => Array.isArray(c.plan)).map((c) => [c.name, c] as const))(
    '%s: the plan is the same twice, leads where it should, and leaves nothing to do',
    (_, one) => {
      const answers = answersOf(one, entryOf(type));
      const first = outcome(one, answers).plan as { steps: Parameters<typeof applied>[1][] };
      expect(JSON.stringify(outcome(one, answers).plan)).toBe(JSON.stringify(first));
      const then = outcome(one, first.steps.reduce(applied, answers));
      expect(then.verdict.kind, JSON.stringify(then.verdict)).toBe(one.after ?? 'pass');
      expect(then.plan).toEqual({ kind: 'nothing' });
    },
  );

  it.each(cases.map((c) => [c.name, c] as const))(
    '%s: an answer that did not arrive is never a pass',
    (_, one) => {
      const answers = answersOf(one, entryOf(type));
      const questions = [...answers.keys()].map((key) => JSON.parse(key) as Question);
      for (const question of questions) {
        for (const cause of causes) {
          const { verdict } = outcome(one, new Map([...answers, [questionKey(question), cause]]));
          const what = `${questionKey(question)} ${cause.kind}: ${JSON.stringify(verdict)}`;
          if (isNamed(unneeded, one, question)) {
            // Else the row would hide a case that holds by itself.
            expect(['unknown', 'fail', 'not-applicable']).not.toContain(one.verdict);
            expect(verdict.kind, what).toBe(one.verdict);
          } else if (side.includes(question.kind) && !isTelling(type, question)) {
            if (type !== 'attested') expect(verdict.kind === 'pass', what).toBe(one.verdict === 'pass');
          } else {
            // What waits for a restart already does so, too, where an answer of no weight is lacking.
            const waits = one.verdict === 'pending-restart' ? ['pending-restart'] : [];
            expect(['unknown', 'fail', 'not-applicable', ...waits], what).toContain(verdict.kind);
          }
          if (verdict.kind === 'unknown') expect(verdict.reason).toBeTruthy();
        }
      }
      const none = outcome(one, new Map());
      if (questions.length > 0) expect(none.verdict.kind).toBe('unknown');
    },
  );

  it.each(cases.map((c) => [c.name, c] as const))('%s: an empty answer is never a pass', (_, one) => {
    const answers = answersOf(one, entryOf(type));
    const kindWith = (key: string, answer: Answer) =>
      outcome(one, new Map([...answers, [key, answer]])).verdict.kind;
    for (const key of answers.keys()) {
      const question = JSON.parse(key) as Question;
      // That there is no stray is what is hoped for; a list that was not whole is held above.
      if (question.kind === 'strays') continue;
      if (isNamed(unneeded, one, question) || isNamed(silentIsAnswer, one, question)) continue;
      const kind = kindWith(key, { kind: 'said', text: '' });
      if (['file', 'folder', 'sysctl-files'].includes(question.kind)) {
        // A file or folder may be empty; then it is worth no more than one that is not there.
        if (kind === 'pass')
          expect(['pass', 'not-applicable'], key).toContain(kindWith(key, { kind: 'absent' }));
      } else if (side.includes(question.kind) && !isTelling(type, question)) {
        expect(kind === 'pass', key).toBe(one.verdict === 'pass');
      } else {
        expect(['pass', 'manual'], key).not.toContain(kind);
      }
    }
  });
});

it.each(Object.entries({ ...unneeded, ...silentIsAnswer }))('names what is asked: %s', (name, rows) => {
  const [type = '', only] = name.split('/');
  const asked = casesOf(type)
    .filter((one) => only === undefined || one.name === only)
    .flatMap((one) => [...answersOf(one, entryOf(type)).keys()].map((key) => JSON.parse(key) as Question));
  for (const { word } of rows)
    expect(
      asked.some((q) => q.kind === 'command' && q.words.includes(word)),
      word,
    ).toBe(true);
});

it('has a folder of cases for every type and for nothing else', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((e) => e.isDirectory());
  expect(folders.map((f) => f.name).sort()).toEqual([...resources.keys()].sort());
});
