import type { Result } from '../domain/failure.ts';
import { fail, ok } from '../domain/failure.ts';
import type { Answerer } from '../domain/ports.ts';
import { type Deadline, fired, startDeadline } from './deadline.ts';
import { dial, type Memory } from './dial.ts';
import { ended, type Link } from './link.ts';
import { createShared } from './shared.ts';
import type { HostConfig } from './ssh-config.ts';

/** A way to a node that is open as far as its last jump host; `leave` when the node's own link is gone. */
export type Way = { readonly via: Link | undefined; readonly leave: () => void };

/** Who is on the way where. */
export type Traveller = {
  readonly node: string;
  readonly deadline: Deadline;
  readonly deadlineMs: number;
  readonly ask: Answerer;
};

/** Jump hosts are connected to once, however many nodes lie behind them, and left when the last node is. */
export type Jumps = { readonly open: (hops: readonly HostConfig[], who: Traveller) => Promise<Result<Way>> };

/** Makes an empty registry of jump hosts. */
export function createJumps(memory: Memory): Jumps {
  const links = createShared<Result<Link>>((result) => result.ok && !result.value.lost());
  const users = new Map<string, number>();
  const standing = new Map<string, Link>();

  const leave = (keys: readonly string[]): void => {
    for (const key of keys.toReversed()) {
      const left = (users.get(key) ?? 1) - 1;
      users.set(key, left);
      if (left > 0) continue;
      users.delete(key);
      links.forget(key);
      void standing.get(key)?.close();
      standing.delete(key);
    }
  };

  const open = async (hops: readonly HostConfig[], who: Traveller): Promise<Result<Way>> => {
    const taken: string[] = [];
    let via: Link | undefined;
    for (const hop of hops) {
      const key = `${taken.at(-1) ?? ''} ${hop.user}@${hop.hostname}:${hop.port}`;
      taken.push(key);
      users.set(key, (users.get(key) ?? 0) + 1);
      const before = via;
      const link = links.get(key, who.deadline, async (aside) => {
        const deadline = startDeadline(who.deadlineMs);
        const ask: Answerer = (question) =>
          aside(async () => {
            deadline.pause();
            try {
              return await who.ask(question);
            } finally {
              deadline.resume();
            }
          });
        const seconds = Math.round(who.deadlineMs / 1000);
        const label = `jump host ${hop.alias}`;
        const call = { node: who.node, label, jump: true, config: hop, via: before, deadline, seconds, ask };
        const result = await dial(call, memory);
        deadline.cancel();
        if (!result.ok) return result;
        if (!users.has(key)) void result.value.close();
        standing.set(key, result.value);
        result.value.onLost(() => links.forget(key));
        return result;
      });
      const won = await Promise.race([link, fired(who.deadline.signal)]);
      if (won === 'fired' || !won.ok) {
        leave(taken);
        const seconds = Math.round(who.deadlineMs / 1000);
        return won === 'fired' ? fail(ended({ node: who.node, seconds, deadline: who.deadline })) : won;
      }
      via = won.value;
    }
    let left = false;
    const once = (): void => {
      if (!left) leave(taken);
      left = true;
    };
    return ok({ via, leave: once });
  };
  return { open };
}
