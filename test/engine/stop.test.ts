import { expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import { fail, ok, type Result } from '../../src/domain/failure.ts';
import type { Target } from '../../src/domain/ports.ts';
import { questionKey } from '../../src/domain/question.ts';
import { stopNode } from '../../src/engine/restart.ts';
import { placeFor } from '../resources/place.ts';

/** Stops a node whose looks are answered so, one after the other; a look that is `lost` uses up all the time it was given. */
async function stopped(answer: (look: number) => string | undefined, recorded: Result<void> = ok(undefined)) {
  let now = 1_000_000;
  let looks = 0;
  const begun = now;
  const sent: string[] = [];
  const target: Target = {
    name: 'cp-1',
    ask: async (questions, { deadlineMs }) => {
      const state = answer(looks++);
      if (state === undefined) now += deadlineMs;
      return new Map(
        questions.map((q): [string, Answer] => [
          questionKey(q),
          state === undefined
            ? { kind: 'lost', reason: 'the deadline passed' }
            : { kind: 'said', text: `ActiveState=${state}\n` },
        ]),
      );
    },
    perform: async (deed) => {
      sent.push(deed.kind);
      return { kind: 'done', output: [] };
    },
    onLost: () => {},
    close: async () => {},
  };
  const trouble = await stopNode({
    target,
    place: placeFor({}),
    recorder: { record: async () => recorded },
    clock: {
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
    },
    onOutput: () => {},
  });
  return { trouble, seconds: (now - begun) / 1000, looks, sent };
}

it('a node that never answers is given up after three minutes, the time its looks took counted in', async () => {
  const { trouble, seconds } = await stopped(() => undefined);
  expect(trouble).toBe('rke2-server on cp-1 did not stop.');
  expect(seconds).toBeGreaterThanOrEqual(180);
  expect(seconds).toBeLessThanOrEqual(181);
});

it('one that answers and goes on running is looked at for as long', async () => {
  const { trouble, seconds, looks } = await stopped(() => 'deactivating');
  expect(trouble).toContain('did not stop');
  expect({ seconds, looks }).toEqual({ seconds: 180, looks: 180 });
});

it.each(['inactive', 'failed'])('a unit that is %s has stopped', async (state) => {
  const { trouble, looks } = await stopped((look) => (look === 0 ? 'deactivating' : state));
  expect({ trouble, looks }).toEqual({ trouble: undefined, looks: 2 });
});

it('nothing is stopped that is not in the record', async () => {
  const { trouble, sent } = await stopped(
    () => 'inactive',
    fail({ code: 'journal-unwritable', path: '/full', message: 'no space' }),
  );
  expect(trouble).toContain('/full');
  expect(sent).toEqual([]);
});
