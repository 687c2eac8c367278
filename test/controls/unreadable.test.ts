import { describe, expect, test } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import type { Control, Profile } from '../../src/domain/control.ts';
import type { Place } from '../../src/domain/distribution.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import { inRange } from '../../src/domain/version.ts';
import { placeOf } from '../../src/engine/place.ts';
import { judge, questionsOf } from '../../src/engine/probe.ts';
import { facts } from '../report/fixture.ts';
import { shippedProfiles } from './practice.ts';

const profiles = await shippedProfiles();
const all = profiles.flatMap((profile) => profile.controls.map((control) => ({ profile, control })));

/** Why an answer may not have come, or says nothing. */
const causes: Readonly<Record<string, Answer>> = {
  denied: { kind: 'denied', message: 'Permission denied' },
  'no tool': { kind: 'no-tool', tool: 'stat' },
  'no time left': { kind: 'lost', reason: 'the time was up' },
  failed: { kind: 'failed', exit: 2, message: 'no luck' },
  'too large': { kind: 'too-large', cap: 1_048_576 },
  empty: { kind: 'said', text: '' },
};

/** A node that has every role, of a version the control is for. */
function placeFor(profile: Profile, { versions }: Control): Place {
  const version = ['1.34.2', '1.28.15', '1.23.17', '1.11.6'].find((v) => {
    const [major, minor, patch] = v.split('.').map(Number);
    return versions === undefined || inRange([major ?? 0, minor ?? 0, patch ?? 0], versions);
  });
  if (version === undefined) throw new Error(`no version for ${versions}`);
  const every = { ...facts('cp-1', 'server'), roles: ['server', 'agent', 'etcd'] as const };
  return placeOf(profile.distribution, 'cp-1', { ...every, version: `v${version}` });
}

function judged(profile: Profile, control: Control, answer: (question: Question) => Answer) {
  const place = placeFor(profile, control);
  const questions = questionsOf([control], place);
  return judge(control, place, new Map(questions.map((q) => [questionKey(q), answer(q)])));
}

const asks = ({ profile, control }: (typeof all)[number]): boolean =>
  questionsOf([control], placeFor(profile, control)).length > 0;

const checks = profiles.flatMap((profile) => (profile.checks ?? []).map((control) => ({ profile, control })));
const asking = all.filter(asks);
const askingChecks = checks.filter(asks);

test('only what asks nothing of a node is left out', () => {
  const silent = [...all, ...checks].filter((one) => !asks(one)).map(({ control }) => control);
  for (const { id, notApplicable, target, wants } of silent) {
    const elsewhere = notApplicable !== undefined || target === 'rancher';
    expect(elsewhere || wants.every((w) => w.type === 'attested'), id).toBe(true);
  }
});

describe.each(Object.entries(causes))('an answer that is %s', (_, answer) => {
  test.each(
    [...asking, ...askingChecks].map(({ profile, control }) => [control.id, profile, control] as const),
  )('leaves %s unknown, and says why', (_id, profile, control) => {
    const verdict = judged(profile, control, () => answer);
    expect(['unknown', 'not-applicable'], JSON.stringify(verdict)).toContain(verdict.kind);
    expect(verdict.reason).toBeTruthy();
  });
});

/** That nothing is there is all that such a control wants. */
const wantsNothing = ({ wants }: Control): boolean =>
  wants.every(({ type, spec }) => type === 'file' && (spec as { readonly absent?: true }).absent === true);

test.each(
  asking
    .filter(({ control }) => !wantsNothing(control))
    .map(({ profile, control }) => [control.id, profile, control] as const),
)('nothing that is there makes %s no pass', (_, profile, control) => {
  const verdict = judged(profile, control, () => ({ kind: 'absent' }));
  expect(verdict.kind, JSON.stringify(verdict)).not.toBe('pass');
});

test.each(
  all.filter(({ control }) => control.notApplicable !== undefined).map((o) => [o.control.id, o] as const),
)('%s is not applicable for its own reason', (_, { profile, control }) => {
  expect(judged(profile, control, () => ({ kind: 'absent' }))).toMatchObject({
    kind: 'not-applicable',
    reason: control.notApplicable,
  });
});
