import { expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import { ok } from '../../src/domain/failure.ts';
import type { Target } from '../../src/domain/ports.ts';
import { questionKey } from '../../src/domain/question.ts';
import { restartNode } from '../../src/engine/restart.ts';
import { placeFor } from '../resources/place.ts';

/** A server that comes back at once, of which so many looks in a row get no answer right after the restart. */
async function restarted(lost: number) {
  let looks = 0;
  let now = 0;
  const target: Target = {
    name: 'cp-1',
    ask: async (questions) => {
      const silent = looks >= 1 && looks <= lost;
      looks++;
      return new Map(
        questions.map((question): [string, Answer] => {
          if (silent) return [questionKey(question), { kind: 'lost', reason: 'the link broke' }];
          if (question.kind === 'machine') return [questionKey(question), { kind: 'said', text: 'now=100' }];
          if (question.kind !== 'unit') return [questionKey(question), { kind: 'absent' }];
          const text = `ActiveState=active\nSubState=running\nNRestarts=0\nMainPID=${looks}`;
          return [questionKey(question), { kind: 'said', text }];
        }),
      );
    },
    perform: async () => ({ kind: 'done', output: [] }),
    onLost: () => {},
    close: async () => {},
  };
  const result = await restartNode({
    target,
    place: { ...placeFor({}), roles: ['agent'] },
    api: undefined,
    nodeName: 'cp-1',
    hardened: false,
    settle: 0,
    recorder: { record: async () => ok(undefined) },
    clock: {
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
    },
    onOutput: () => {},
  });
  return result.ok ? result.value : result.failure;
}

it('a link that stutters while a server restarts does not end the watch', async () => {
  expect(await restarted(5)).toMatchObject({ kind: expect.not.stringMatching('unknown') });
});

it('six looks in a row without an answer end it as unknown', async () => {
  expect(await restarted(6)).toMatchObject({ kind: 'unknown', failure: { code: 'link-lost' } });
});
