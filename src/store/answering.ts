import type { Answerer, ConnectQuestion } from '../domain/ports.ts';
import type { Desk } from './desk.ts';

/** Brings the questions of many connections before the operator one at a time, and remembers what worked, in memory only. */
export type Answering = {
  readonly forNode: (node: string) => Answerer;
  /**
   * The node's connection was made or has ended; what it was told is kept for the next node with the same user when it worked.
   * What it still asks is asked no more, and answered with nothing.
   */
  readonly settled: (node: string, worked: boolean) => void;
  /** The session has ended: nothing that was told in it may reach a node of another. */
  readonly forget: () => void;
  readonly answer: (text: string | undefined) => void;
};

/** One answering for a run; secrets live in its closure and nowhere else, until their session ends. */
export function createAnswering(desk: Desk): Answering {
  const worked = new Map<string, string>();
  const tried = new Map<string, Map<string, string>>();
  const queue: { node: string; run: (stillAsked: boolean) => void }[] = [];
  let busyWith: string | undefined;
  let resolveAsked: ((text: string | undefined) => void) | undefined;

  const turn = (node: string): Promise<boolean> =>
    new Promise((resolve) => {
      queue.push({ node, run: resolve });
      advance();
    });
  const advance = (): void => {
    if (busyWith !== undefined) {
      const own = queue.findIndex((q) => q.node === busyWith);
      if (own >= 0 && resolveAsked === undefined) queue.splice(own, 1)[0]?.run(true);
      return;
    }
    const next = queue.shift();
    if (!next) return;
    busyWith = next.node;
    next.run(true);
  };
  const show = (question: ConnectQuestion): Promise<string | undefined> =>
    new Promise((resolve) => {
      resolveAsked = resolve;
      desk.patch({ asked: question });
      desk.store.dispatchView({ kind: 'open', overlay: { kind: 'asked' }, now: desk.services.now() });
    });

  const finish = (text: string | undefined): void => {
    const resolve = resolveAsked;
    resolveAsked = undefined;
    desk.store.setState((state) => {
      const { asked: _, ...rest } = state;
      return rest;
    }, true);
    // Help, or the question whether to leave, may lie over it; that stays.
    if (desk.get().view.overlay?.kind === 'asked')
      desk.store.dispatchView({ kind: 'close', now: desk.services.now() });
    resolve?.(text);
  };

  return {
    forNode: (node) => async (question) => {
      if (!(await turn(node))) return undefined;
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
      for (const gone of queue.filter((q) => q.node === node)) {
        queue.splice(queue.indexOf(gone), 1);
        gone.run(false);
      }
      if (busyWith === node) {
        busyWith = undefined;
        if (resolveAsked) {
          finish(undefined);
          desk.notice(`The connection to ${node} ended before its question was answered.`, 'bad');
        }
      }
      advance();
    },
    forget: () => {
      worked.clear();
      tried.clear();
    },
    answer: finish,
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
