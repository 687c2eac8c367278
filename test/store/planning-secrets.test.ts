import { expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import type { Event } from '../../src/domain/event.ts';
import { ok } from '../../src/domain/failure.ts';
import type { Target } from '../../src/domain/ports.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import { findingKey, noSession } from '../../src/domain/session.ts';
import { createRedactor } from '../../src/journal/redactor.ts';
import { controlActions } from '../../src/store/control-actions.ts';
import type { Desk } from '../../src/store/desk.ts';
import { createAppStore } from '../../src/store/store.ts';
import { placeFor } from '../resources/place.ts';
import { control, profileOf } from '../ui/fixture.ts';

const secret = 'Kv8mQ2xWq0Zr7TnB';
const path = '/etc/t.yaml';
// The name of the first line tells what it is; nothing but knowing it tells that the comment holds the same.
const now = `token: ${secret}\n# ${secret} is the one of last week\nmode: loose\n`;

/** Plans and applies a control whose file held no secret when it was probed, and gives back what was journalled and shown. */
async function planned(learns: boolean) {
  const redactor = createRedactor();
  const journal: string[] = [];
  const answer = (question: Question): Answer => {
    if (question.kind === 'file') return { kind: 'said', text: now };
    if (question.kind === 'stat') return { kind: 'said', text: '0640|me|us|1|1|9|1|1|regular file\n' };
    return { kind: 'absent' };
  };
  const target: Target = {
    name: 'cp-1',
    ask: async (questions) => new Map(questions.map((q) => [questionKey(q), answer(q)])),
    perform: async (deed) => ({ kind: 'done', output: deed.kind === 'change' ? [`wrote ${secret}`] : [] }),
    onLost: () => {},
    close: async () => {},
  };
  const of = {
    ...control(0),
    id: 'strict',
    roles: ['server' as const],
    wants: [{ type: 'yaml', spec: { path, at: 'mode', equals: 'strict' } }],
  };
  const profile = profileOf([of]);
  const store = createAppStore(0);
  const verdict = { kind: 'fail', found: 'loose', wanted: 'strict' } as const;
  const key = findingKey(of.id, 'cp-1');
  store.setState({
    profiles: [profile],
    session: {
      ...noSession,
      id: 's',
      distribution: profile.distribution.id,
      benchmark: profile.benchmarks[0]?.id ?? '',
      findings: { [key]: { control: of.id, place: 'cp-1', verdict } },
    },
  });
  const running: Promise<void>[] = [];
  const desk = {
    get: store.getState,
    patch: store.setState,
    links: new Map([['cp-1', { target, place: { ...placeFor({}), node: 'cp-1' } }]]),
    recorder: {
      record: async (event: Event) => {
        journal.push(JSON.stringify(redactor.redact(event)));
        return ok(undefined);
      },
    },
    services: {
      forks: 1,
      redact: (t: string) => redactor.redact(t),
      addSecret: learns ? redactor.add : () => {},
    },
    holder: () => 'me',
    notice: () => {},
    report: () => {},
    output: () => {},
    work: (_label: string, _changing: boolean, f: (step: () => void) => Promise<void>) => {
      running.push(f(() => {}));
    },
  } as unknown as Desk;
  const { planOne, apply } = controlActions(desk, async () => {});
  await planOne(of, 'cp-1');
  const plan = store.getState().plans[key];
  apply(of.id, ['cp-1']);
  await Promise.all(running);
  return { plan, journal };
}

it('a secret that only comes up while planning reaches neither the journal nor the screen', async () => {
  const { plan, journal } = await planned(true);
  if (plan?.kind !== 'ready') throw new Error(JSON.stringify(plan));
  const kinds = journal.map((line) => JSON.parse(line).kind);
  expect(kinds).toEqual(expect.arrayContaining(['found', 'change-intended', 'change-ended']));
  expect(journal.join('\n')).not.toContain(secret);
  expect(JSON.stringify([plan.commands, plan.undo, plan.diffs])).not.toContain(secret);
  // What is sent to the node is whole all the same.
  expect(JSON.stringify(plan.change.steps)).toContain(secret);
});

it('and it is the planning that keeps it out', async () => {
  expect((await planned(false)).journal.join('\n')).toContain(secret);
});
