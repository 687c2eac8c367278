import { expect, it } from 'vitest';
import type { Target } from '../../src/domain/ports.ts';
import { questionKey } from '../../src/domain/question.ts';
import { readiness, restartGate } from '../../src/engine/health.ts';
import { takingBack } from '../../src/engine/leaves.ts';
import { placeFor } from '../resources/place.ts';

const here = placeFor();

function apiSaying(text: string) {
  const ask: Target['ask'] = async (questions) =>
    new Map(questions.map((q) => [questionKey(q), { kind: 'said', text } as const]));
  return { target: { name: 'cp-1', ask } as unknown as Target, place: here };
}

it.each([
  '{"items":[{}]}',
  '{"items":[null]}',
  '{"items":7}',
  'null',
  '[]',
  '7',
  '{"items":[{"metadata":null}]}',
])('odd words of kubectl are a reason, never a crash and never healthy: %s', async (text) => {
  const api = apiSaying(text);
  expect(await restartGate(api, 'cp-1')).toEqual(expect.any(String));
  expect(await readiness({ api, nodeName: 'cp-1' })).toEqual(expect.any(String));
});

it('an odd list leaves unknown what a change will leave behind', () => {
  const leaving = { list: ['networkpolicies', '-A'], name: 'x' };
  for (const text of ['{"items":[null]}', '{"items":7}', '{"items":[{}]}']) {
    const answers = { get: () => ({ kind: 'said', text }) } as unknown as Parameters<typeof takingBack>[2];
    expect(takingBack([leaving], here, answers).known).toBe(false);
  }
});
