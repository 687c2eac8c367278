import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import type { AnyResource } from '../../src/domain/resource.ts';
import { unknown, type Verdict } from '../../src/domain/verdict.ts';
import { resources } from '../../src/resources/index.ts';
import { applied } from './apply.ts';
import { answersOf, type Case, casesOf, label } from './cases.ts';
import { placeFor } from './place.ts';

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

/** Whether the folder of drop-ins is there: only then is a listing of it missed. */
function folderThere(answers: ReadonlyMap<string, Answer>): boolean {
  return [...answers].some(([key, answer]) => {
    const question = JSON.parse(key) as Question;
    return question.kind === 'stat' && question.path.endsWith('.d') && answer.kind !== 'absent';
  });
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
          const what = `${label(question)} ${cause.kind}: ${JSON.stringify(verdict)}`;
          // Where there is no folder, there is nothing to list.
          if (question.kind === 'command' && !folderThere(answers)) continue;
          const telling =
            type === 'unit' ||
            // How old an event is, only the clock tells.
            (type === 'object' && question.kind === 'machine') ||
            (byAge.includes(type) && question.kind === 'unit');
          if (side.includes(question.kind) && !telling) {
            if (type !== 'attested') expect(verdict.kind === 'pass', what).toBe(one.verdict === 'pass');
          } else {
            expect(['unknown', 'fail', 'not-applicable'], what).toContain(verdict.kind);
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
    for (const key of answers.keys()) {
      const { kind } = JSON.parse(key) as Question;
      // An empty listing is an answer; an empty file is one too, and is judged below.
      if (['strays', 'folder', 'sysctl-files', 'file', 'command', ...side].includes(kind) && type !== 'unit')
        continue;
      const { verdict } = outcome(one, new Map([...answers, [key, { kind: 'said', text: '' }]]));
      expect(['pass', 'manual'], `${key}: ${JSON.stringify(verdict)}`).not.toContain(verdict.kind);
    }
  });
});

it('has a folder of cases for every type and for nothing else', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((e) => e.isDirectory());
  expect(folders.map((f) => f.name).sort()).toEqual([...resources.keys()].sort());
});
