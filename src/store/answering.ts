import type { Answerer, ConnectQuestion } from '../domain/ports.ts';
import type { Desk } from './desk.ts';

/** Brings the questions of many connections before the operator one at a time, and remembers what worked, in memory only. */
export type Answering = {
  readonly forNode: (node: string) => Answerer;
  /** The node's connection ended; what it was told is kept for the next node with the same user when it worked. */
  readonly settled: (node: string, worked: boolean) => void;
  readonly answer: (text: string | undefined) => void;
};

/** One answering for a run; secrets live in its closure and nowhere else. */
export function createAnswering(desk: Desk): Answering {
  const worked = new Map<string, string>();
  const tried = new Map<string, Map<string, string>>();
  const queue: { node: string; run: () => void }[] = [];
  let busyWith: string | undefined;
  let resolveAsked: ((text: string | undefined) => void) | undefined;

  const turn = (node: string): Promise<void> =>
    new Promise((resolve) => {
      queue.push({ node, run: resolve });
      advance();
    });
  const advance = (): void => {
    if (busyWith !== undefined) {
      const own = queue.findIndex((q) => q.node === busyWith);
      if (own >= 0 && resolveAsked === undefined) queue.splice(own, 1)[0]?.run();
      return;
    }
    const next = queue.shift();
    if (!next) return;
    busyWith = next.node;
    next.run();
  };
  const show = (question: ConnectQuestion): Promise<string | undefined> =>
    new Promise((resolve) => {
      resolveAsked = resolve;
      desk.patch({ asked: question });
      desk.store.dispatchView({ kind: 'open', overlay: { kind: 'asked' }, now: desk.services.now() });
    });

  return {
    forNode: (node) => async (question) => {
      await turn(node);
      const key = memoryKey(question);
      const remembered = key === undefined ? undefined : worked.get(key);
      const said = remembered ?? (await show(question));
      if (key !== undefined && said !== undefined) {
        desk.services.addSecret(said);
        worked.delete(key);
        const mine = tried.get(node) ?? new Map<string, string>();
        tried.set(node, mine.set(key, said));
      }
      if (question.kind === 'prompt' && !question.echo && said) desk.services.addSecret(said);
      return said;
    },
    settled: (node, ok) => {
      if (ok) for (const [key, text] of tried.get(node) ?? []) worked.set(key, text);
      tried.delete(node);
      if (busyWith === node) busyWith = undefined;
      advance();
    },
    answer: (text) => {
      const resolve = resolveAsked;
      resolveAsked = undefined;
      desk.store.setState((state) => {
        const { asked: _, ...rest } = state;
        return rest;
      }, true);
      desk.store.dispatchView({ kind: 'close', now: desk.services.now() });
      resolve?.(text);
    },
  };
}

/** What a secret is good for; host keys and one-time prompts are asked every time. */
function memoryKey(question: ConnectQuestion): string | undefined {
  switch (question.kind) {
    case 'passphrase':
      return `passphrase ${question.keyPath}`;
    case 'password':
    case 'sudo-password':
      return `${question.kind} ${question.user}`;
    case 'host-key':
    case 'prompt':
    case 'rancher-token':
      return undefined;
  }
}
