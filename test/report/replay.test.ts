import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { reduce } from '../../src/domain/reduce.ts';
import { replay } from '../../src/domain/replay.ts';
import { noSession } from '../../src/domain/session.ts';
import { random } from '../journal/random.ts';
import { recorded, smallSession, verdict } from './fixture.ts';

describe('a replay', () => {
  it('is the same as reducing one by one, at every point of a session', () => {
    const records = recorded([...smallSession, ...smallSession]);
    for (let length = 0; length <= records.length; length++)
      expect(replay(records.slice(0, length))).toEqual(records.slice(0, length).reduce(reduce, noSession));
  });

  it('is the same for events in any order', () => {
    const { below, pick } = random(5);
    const more: readonly Event[] = Array.from({ length: 12 }, (_, i) => ({
      kind: 'found',
      findings: Array.from({ length: 1 + below(3) }, () => ({
        control: pick(['kernel-values', 'etcd-account', '__proto__', 'constructor']),
        place: pick(['cp-1', 'cp-2', 'cluster']),
        verdict: verdict(pick(['pass', 'fail', 'unknown']), `answer ${i}`),
      })),
    }));
    for (let round = 0; round < 200; round++) {
      const records = recorded(Array.from({ length: 25 }, () => pick([...smallSession, ...more])));
      expect(replay(records)).toEqual(records.reduce(reduce, noSession));
    }
  });
});
