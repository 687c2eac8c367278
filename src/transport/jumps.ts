import { type Failure, ok, type Result } from '../domain/failure.ts';
import type { Answerer } from '../domain/ports.ts';
import { startDeadline } from './deadline.ts';
import { dial, type Memory } from './dial.ts';
import type { Link } from './link.ts';
import { createShared, type Holdable, holding } from './shared.ts';
import type { HostConfig } from './ssh-config.ts';

/** The last jump host on the way to a node; `leave` when the node's own link is gone. */
type Way = { readonly via: Link; readonly leave: () => void };

/** Who is on the way. */
type Traveller = {
  readonly node: string;
  readonly clock: Holdable;
  readonly deadlineMs: number;
  readonly ask: Answerer;
};

/** Jump hosts are connected to once, however many nodes lie behind them, and left when the last node is. */
export type Jumps = { readonly open: (hops: readonly HostConfig[], who: Traveller) => Promise<Result<Way>> };

/** Makes an empty registry of jump hosts. */
export function createJumps(memory: Memory): Jumps {
  const ways = createShared<Result<Way>>((way) => way.ok && !way.value.via.lost());
  const users = new Map<string, number>();

  /**
   * The whole chain is shared before its parts are, so that the node that makes a hop makes all hops after it: questions come
   * one node at a time, and a node that was asked must never wait for one that was not.
   */
  const open = async (hops: readonly HostConfig[], who: Traveller): Promise<Result<Way>> => {
    const key = hops.map((hop) => `${hop.user}@${hop.hostname}:${hop.port}`).join(' ');
    users.set(key, (users.get(key) ?? 0) + 1);
    const way = await ways.get(key, who.clock, (waiting) => make(hops, { ...who, clock: waiting }, key));
    let left = false;
    const leave = (): void => {
      if (left) return;
      left = true;
      const others = (users.get(key) ?? 1) - 1;
      if (others > 0) return void users.set(key, others);
      users.delete(key);
      ways.forget(key);
      if (way.ok) way.value.leave();
    };
    if (way.ok) return ok({ via: way.value.via, leave });
    leave();
    return way;
  };

  const make = async (hops: readonly HostConfig[], who: Traveller, key: string): Promise<Result<Way>> => {
    const hop = hops.at(-1);
    if (!hop) throw new Error('a way needs a host');
    let before: Way | undefined;
    if (hops.length > 1) {
      const opened = await open(hops.slice(0, -1), who);
      if (!opened.ok) return opened;
      before = opened.value;
    }
    const deadline = startDeadline(who.deadlineMs);
    const result = await dial(
      {
        node: who.node,
        label: `jump host ${hop.alias}`,
        jump: true,
        config: hop,
        via: before?.via,
        deadline,
        seconds: Math.round(who.deadlineMs / 1000),
        ask: holding(deadline, holding(who.clock, who.ask)),
      },
      memory,
    );
    deadline.cancel();
    if (!result.ok) {
      before?.leave();
      return result;
    }
    const link = result.value;
    const gone = (_: Failure): void => {
      ways.forget(key);
      before?.leave();
    };
    link.onLost(gone);
    const leave = (): void => {
      void link.close().then(() => before?.leave());
    };
    return ok({ via: link, leave });
  };

  return { open };
}
