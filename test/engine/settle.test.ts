import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import type { Event } from '../../src/domain/event.ts';
import { ok } from '../../src/domain/failure.ts';
import type { Target } from '../../src/domain/ports.ts';
import { questionKey } from '../../src/domain/question.ts';
import type { ChangeState } from '../../src/domain/session.ts';
import { settleChange } from '../../src/engine/settle.ts';

const change = { id: 'c1', session: 's', control: 'k', node: 'cp-1', via: 'cp-1', steps: [] };
const open: ChangeState = { change, commands: [], restarts: false, at: '', output: [] };

/** What is made of a node's answer about a change, or its undo, whose end is not known; and what is recorded. */
async function settled(answer: Answer | string, undo = false, of: ChangeState = open) {
  const events: Event[] = [];
  const given: Answer = typeof answer === 'string' ? { kind: 'said', text: `${answer}\n` } : answer;
  const target: Target = {
    name: 'cp-1',
    ask: async (questions) => new Map(questions.map((q) => [questionKey(q), given])),
    perform: async () => {
      throw new Error('settling never runs anything');
    },
    onLost: () => {},
    close: async () => {},
  };
  const record = async (event: Event) => {
    events.push(event);
    return ok(undefined);
  };
  const outcome = await settleChange(target, undo ? { ...of, undo: { at: '' } } : of, { record });
  return { kind: outcome?.kind, outcome, recorded: events.map((e) => e.kind) };
}

const nothing = { kind: undefined, recorded: [] };

describe('a change whose end is not known', () => {
  it.each([
    ['begun 0\nbegun 1\nended done', 'done'],
    ['begun 0\nended put-back', 'put-back'],
    ['begun 0\nended done\nundone 0\nended undone', 'put-back'],
    ['ended refused', 'refused'],
    ['', 'refused'],
  ])('%j is settled as %s', async (text, kind) => {
    expect(await settled(text)).toMatchObject({ kind, recorded: ['change-ended'] });
  });

  it('never began where the node has nothing of it', async () => {
    expect(await settled({ kind: 'absent' })).toMatchObject({ kind: 'refused', recorded: ['change-ended'] });
  });

  it('stays open when it began and did not end', async () => {
    expect(await settled('begun 0')).toEqual(nothing);
  });

  it('that the node put back says what its commands did for good', async () => {
    const run = (name: string) => ({ kind: 'run', words: ['touch', name], why: 'it stays' }) as const;
    const ran = { ...open, change: { ...change, steps: [run('a'), run('b')] } };
    const outcome = async (answer: string) => (await settled(answer, false, ran)).outcome;
    expect(await outcome('begun 0\nbegun 1\ndone 0\nended put-back')).toMatchObject({
      kind: 'put-back',
      failure: { code: 'change-failed', stays: 'touch a' },
    });
    expect(await outcome('begun 0\nended put-back')).toMatchObject({ failure: { code: 'refused' } });
  });

  it.each(['running 4711', 'begun 0\nended done\nrunning 4711', 'running 4711\nended put-back'])(
    'stays open while the node still works at it: %j',
    async (text) => {
      expect(await settled(text)).toEqual(nothing);
      expect(await settled(text, true)).toEqual(nothing);
    },
  );

  it.each<Answer>([
    { kind: 'lost', reason: 'the link broke' },
    { kind: 'denied', message: 'no' },
    { kind: 'failed', exit: 1, message: 'no' },
  ])('stays open when the node does not say: $kind', async (answer) => {
    expect(await settled(answer)).toEqual(nothing);
    expect(await settled(answer, true)).toEqual(nothing);
  });
});

describe('an undo whose end is not known', () => {
  const made: ChangeState = { ...open, outcome: { kind: 'done' } };

  it.each([
    ['begun 0\nended undone', 'done'],
    ['begun 0\nended done', 'refused'],
    ['', 'refused'],
  ])('%j is settled as %s', async (text, kind) => {
    expect(await settled(text, true, made)).toMatchObject({ kind, recorded: ['undo-ended'] });
  });

  it('stays open when it began and did not end', async () => {
    expect(await settled('begun 0\nended done\nundone 0', true)).toEqual(nothing);
  });

  it('and never began leaves a change of unknown end to be settled by itself', async () => {
    const both = ['undo-ended', 'change-ended'];
    expect(await settled('begun 0', true)).toEqual({
      kind: undefined,
      outcome: undefined,
      recorded: ['undo-ended'],
    });
    expect(await settled('begun 0\nended done', true)).toMatchObject({ kind: 'done', recorded: both });
    expect(await settled('begun 0\nended put-back', true)).toMatchObject({
      kind: 'put-back',
      recorded: both,
    });
    expect(await settled({ kind: 'absent' }, true)).toMatchObject({ kind: 'refused', recorded: both });
  });

  it('is not asked for where it was refused: then the change is', async () => {
    const failure = { code: 'refused', message: 'x' } as const;
    const refused = { ...open, undo: { at: '', outcome: { kind: 'refused', failure } } } as const;
    expect(await settled('begun 0\nended done', false, refused)).toMatchObject({
      recorded: ['change-ended'],
    });
  });
});
