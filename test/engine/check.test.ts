import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { fail } from '../../src/domain/failure.ts';
import { check } from '../../src/engine/check.ts';
import { connectEarly } from '../../src/run/early.ts';
import { createWorkstation } from '../../src/transport/workstation.ts';
import { smallProfile } from '../report/fixture.ts';

it('a bug at one node loses no other node', async () => {
  const nodes = ['a', 'b', 'c'].map((name) => ({ name, host: name, port: 0, user: '' }));
  const [benchmark] = smallProfile.benchmarks;
  if (!benchmark) throw new Error('the profile has no benchmark');
  const events: Event[] = [];
  const how = { readOnly: true, deadlineMs: 1000, answerer: async () => undefined };
  const connector = {
    connect: async ({ name }: { readonly name: string }) => {
      if (name === 'a') throw new TypeError('The argument must be a string without null bytes');
      return fail({ code: 'connect-timeout', node: name, seconds: 1 });
    },
  };
  const early = connectEarly(connector, nodes[0], how);
  // The first node has failed before anybody waits for it.
  await new Promise((resolve) => setImmediate(resolve));
  await check({
    profile: smallProfile,
    benchmark,
    level: 1,
    nodes,
    connector: early.connector,
    workstation: createWorkstation({ readOnly: true }),
    forks: 1,
    answerer: how.answerer,
    record: async (event) => void events.push(event),
  });
  expect(events.filter((e) => e.kind === 'node-failed').map((e) => [e.node, e.failure.code])).toEqual([
    ['a', 'bug'],
    ['b', 'connect-timeout'],
    ['c', 'connect-timeout'],
  ]);
  expect(events.at(-1)).toMatchObject({ kind: 'probe-ended', missing: ['a', 'b', 'c'] });
});

describe('more nodes than are asked from the start', () => {
  const nodes = Array.from({ length: 8 }, (_, n) => ({ name: `n${n}`, host: `n${n}`, port: 0, user: '' }));
  const gone = (node: string) => fail({ code: 'connect-timeout', node, seconds: 1 } as const);
  const checkWith = async (connect: (name: string, begun: readonly string[]) => Promise<void>) => {
    const [benchmark] = smallProfile.benchmarks;
    if (!benchmark) throw new Error('the profile has no benchmark');
    const begun: string[] = [];
    await check({
      profile: smallProfile,
      benchmark,
      level: 1,
      nodes,
      connector: {
        connect: async ({ name }: { readonly name: string }) => {
          begun.push(name);
          await connect(name, begun);
          return gone(name);
        },
      },
      workstation: createWorkstation({ readOnly: true }),
      forks: 50,
      answerer: async () => undefined,
      record: async () => undefined,
    });
    return begun;
  };

  it('follow when one of the first has answered', async () => {
    let before: number | undefined;
    const begun = await checkWith(async (_, names) => {
      await new Promise((resolve) => setImmediate(resolve));
      before ??= names.length;
    });
    expect(before).toBe(5);
    expect(begun.toSorted()).toEqual(nodes.map((node) => node.name));
  });

  it('follow a moment later when none of the first answers', async () => {
    let free = (): void => undefined;
    const stuck = new Promise<void>((resolve) => {
      free = resolve;
    });
    const begun = await checkWith(async (_, names) => {
      if (names.length === nodes.length) free();
      await stuck;
    });
    expect(begun).toHaveLength(8);
  });
});
