import { expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import { type Place, resolveWords } from '../../src/domain/distribution.ts';
import type { Target } from '../../src/domain/ports.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import { profileObstacle } from '../../src/engine/profile-guard.ts';
import { placeFor } from '../resources/place.ts';

const said = (text: string): Answer => ({ kind: 'said', text });
const ready = { metadata: { name: 'cp-1' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } };

/** A whole cluster on whose node etcd's account passes through every folder but one. */
function target(closed: string, tried: string[]): Target {
  const answer = (q: Question): Answer => {
    if (q.kind === 'object') return said(JSON.stringify({ items: q.get[0] === 'nodes' ? [ready] : [] }));
    if (q.kind !== 'access') return said('[+]ping ok\n');
    tried.push(q.path);
    return said(q.path === closed ? 'no' : 'yes');
  };
  return {
    name: 'cp-1',
    ask: async (questions) => new Map(questions.map((q) => [questionKey(q), answer(q)])),
    perform: async () => ({ kind: 'done', output: [] }),
    onLost: () => undefined,
    close: async () => undefined,
  };
}

function moved(place: Place = placeFor()): Place {
  return { ...place, words: resolveWords(place.distribution, place.version, { 'data-dir': '/data/rke2' }) };
}

async function obstacle(place: Place, closed = '') {
  const tried: string[] = [];
  const node = target(closed, tried);
  return { said: await profileObstacle(node, place, { target: node, place }, 'cp-1'), tried };
}

it('a moved data folder must let etcd’s own account through to its data, where the distribution says that is', async () => {
  const whole = ['/data', '/data/rke2', '/data/rke2/server', '/data/rke2/server/db'];
  expect(await obstacle(moved())).toEqual({ said: undefined, tried: whole });
  expect((await obstacle(moved(), '/data/rke2/server')).said).toMatch(
    /etcd may not pass through \/data\/rke2\/server;/,
  );
});

it('where the distribution does not say it, the way to the data folder is tried', async () => {
  const { distribution } = moved();
  const { etcd: _, ...without } = distribution;
  expect((await obstacle({ ...moved(), distribution: without }, '/data')).said).toMatch(
    /pass through \/data;/,
  );
});

it('nothing is tried while the data folder is where it always is', async () => {
  expect(await obstacle(placeFor())).toEqual({ said: undefined, tried: [] });
});
