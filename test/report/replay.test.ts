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
        place: pick(['cp-1', 'cp-2', 'cluster', 'rancher']),
        verdict: verdict(pick(['pass', 'fail', 'unknown']), `answer ${i}`),
      })),
    }));
    const at = (host: string) => ({ name: 'cp-1', host, port: 22, user: 'ops' });
    // A node under another address and another Rancher server: what was found on those before says nothing of them.
    const others: readonly Event[] = [
      { kind: 'nodes-set', cluster: 'prod-east', nodes: [at('10.0.0.1')] },
      { kind: 'nodes-set', cluster: 'prod-east', nodes: [at('10.0.0.7')] },
      { kind: 'rancher-named', url: 'https://rancher.test' },
      { kind: 'rancher-named', url: 'https://other.test' },
    ];
    for (let round = 0; round < 200; round++) {
      const records = recorded(Array.from({ length: 25 }, () => pick([...smallSession, ...more, ...others])));
      expect(replay(records)).toEqual(records.reduce(reduce, noSession));
    }
  });
});
