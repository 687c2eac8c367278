import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import type { Leaving } from '../../src/domain/control.ts';
import { kubectlAt } from '../../src/domain/distribution.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import { leavingQuestions, takingBack } from '../../src/engine/leaves.ts';
import { planControl } from '../../src/engine/plan.ts';
import { questionsOf } from '../../src/engine/probe.ts';
import { placeFor } from '../resources/place.ts';
import { control } from '../ui/fixture.ts';

const place = placeFor();
const kubectl = kubectlAt(place);
const policies: Leaving = { list: ['networkpolicies', '-A'], namespace: 'kube-system', name: 'guard' };
const accounts: Leaving = {
  list: ['serviceaccounts', '-A'],
  namespace: 'shop',
  name: 'default',
  at: ['token'],
};
const said = (value: unknown): Answer => ({ kind: 'said', text: JSON.stringify(value) });
const item = (namespace: string, name: string, more: object = {}) => ({
  metadata: { namespace, name },
  ...more,
});
const none = said({ items: [] });

/** Answers to the lists, by the first word of each. */
function listed(by: Readonly<Record<string, Answer>>) {
  const questions = [policies, accounts].map((l): Question => ({ kind: 'object', kubectl, get: l.list }));
  return new Map(
    questions.flatMap((q): [string, Answer][] => {
      const answer = q.kind === 'object' ? by[q.get[0] ?? ''] : undefined;
      return answer ? [[questionKey(q), answer]] : [];
    }),
  );
}

const unread: readonly Answer[] = [
  { kind: 'lost', reason: 'the link broke' },
  { kind: 'denied', message: 'no' },
  { kind: 'failed', exit: 1, message: 'refused' },
  { kind: 'said', text: '' },
  { kind: 'said', text: 'not JSON' },
];

describe('what takes back what a change leaves in the cluster', () => {
  it('deletes what was not there, and what was there it lays down again', () => {
    expect(takingBack([policies], place, listed({ networkpolicies: none }))).toEqual({
      known: true,
      value: [[...kubectl, 'delete', 'networkpolicies', 'guard', '-n', 'kube-system', '--ignore-not-found']],
    });
    const theirs = said({ items: [item('kube-system', 'guard', { spec: { a: 1 } })] });
    const back = takingBack([policies], place, listed({ networkpolicies: theirs }));
    expect(JSON.stringify(back)).toContain('apply');
    expect(back.known && back.value[0]?.[4]).toBe(
      '{"metadata":{"namespace":"kube-system","name":"guard"},"spec":{"a":1}}',
    );
  });

  it('sets a value back, and knows an object of that name in another namespace for another', () => {
    const items = [item('other', 'default', { token: 'no' }), item('shop', 'default', { token: 'was' })];
    const back = takingBack([accounts], place, listed({ serviceaccounts: said({ items }) }));
    expect(back.known && back.value[0]?.at(-1)).toBe('{"token":"was"}');
    const elsewhere = said({ items: items.slice(0, 1) });
    expect(takingBack([accounts], place, listed({ serviceaccounts: elsewhere }))).toEqual({
      known: true,
      value: [],
    });
  });

  it.each(unread)('is not known when a list did not arrive, whichever it is: %j', (answer) => {
    const lists = [
      { networkpolicies: answer, serviceaccounts: none },
      { networkpolicies: none, serviceaccounts: answer },
    ];
    for (const by of lists) expect(takingBack([policies, accounts], place, listed(by)).known).toBe(false);
  });

  it('is not known when a list was not asked for', () => {
    expect(takingBack([policies], place, new Map()).known).toBe(false);
  });
});

describe('the plan of a control that leaves something', () => {
  const leaving = control(0, {
    target: 'node',
    roles: ['server'],
    wants: [{ type: 'file', spec: { path: '/etc/x', mode: '0600' } }],
    first: [{ words: ['snapshot'], roles: ['server'], why: 'first', leaves: [policies, accounts] }],
  });
  const wrong: Answer = { kind: 'said', text: '644|root|root|0|0|1|1|1|1|regular file' };
  const plan = (by: Readonly<Record<string, Answer>>) => {
    const wants = questionsOf([leaving], place).map((q): [string, Answer] => [questionKey(q), wrong]);
    return planControl(leaving, place, new Map([...wants, ...listed(by)]));
  };

  it('asks for every list once, and carries what takes it back', () => {
    expect(leavingQuestions(leaving, place).map((q) => q.kind === 'object' && q.get)).toEqual([
      policies.list,
      accounts.list,
    ]);
    expect(plan({ networkpolicies: none, serviceaccounts: none })).toMatchObject({
      kind: 'steps',
      steps: [
        { kind: 'run', words: ['snapshot'], undo: [expect.arrayContaining(['delete'])] },
        { kind: 'set-mode' },
      ],
    });
  });

  it.each(unread)('is refused when undo would not be whole: %j', (answer) => {
    expect(plan({ networkpolicies: none, serviceaccounts: answer })).toMatchObject({
      kind: 'refused',
      instead: expect.stringContaining('Undo would not be whole'),
    });
  });
});
