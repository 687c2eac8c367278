import type { Answer } from '../domain/answer.ts';
import type { Deed, DeedReport, Target } from '../domain/ports.ts';
import { type Question, questionKey } from '../domain/question.ts';
import { rancherSite } from '../domain/rancher.ts';
import { systemWords } from '../domain/system-error.ts';
import { startDeadline } from './deadline.ts';
import { answerPath } from './rancher-answers.ts';
import { changeThere, undoThere } from './rancher-change.ts';
import type { RancherKeeper } from './rancher-kept.ts';
import type { RancherServer } from './rancher-server.ts';
import { deedWords } from './target.ts';

/** What a Rancher server is as a target. */
export type RancherTarget = {
  readonly server: RancherServer;
  readonly readOnly: boolean;
  /** The operator agreed to a login attempt. */
  readonly mayTryLogin: boolean;
  /** Where the progress of changes and the way back are kept. */
  readonly keeper: RancherKeeper;
};

/** A Rancher server as a target: asked and changed through its API, one object at a time. */
export function createRancher(of: RancherTarget): Target {
  const { server, keeper } = of;
  const answer = async (question: Question, signal: AbortSignal | undefined): Promise<Answer> => {
    switch (question.kind) {
      case 'rancher':
        return answerPath(server, question.path, signal);
      case 'rancher-login':
        return of.mayTryLogin
          ? server.tryLogin(question.account, question.known, signal)
          : { kind: 'lost', reason: 'nobody agreed to a login attempt' };
      case 'change-state':
        return keeper.state(question.session, question.change);
      case 'lock':
        return keeper.holder();
      default:
        return { kind: 'failed', exit: 1, message: `a Rancher server is not asked for: ${question.kind}` };
    }
  };
  const perform = async (deed: Deed, onOutput: (line: string) => void): Promise<DeedReport> => {
    switch (deed.kind) {
      case 'change':
        return changeThere(deed.change, server, keeper, onOutput);
      case 'undo':
        return undoThere(deed.change, deed.force, server, keeper, onOutput);
      case 'lock':
        return keeper.lock(deed.holder, deed.take);
      case 'unlock':
        return keeper.unlock(deed.holder);
      case 'restart':
      case 'stop':
      case 'start':
      case 'make-cluster':
      case 'hold':
      case 'release': {
        const message = `A Rancher server is only changed through its API; ${deedWords(deed)} was not done.`;
        return { kind: 'refused', failure: { code: 'refused', message }, output: [] };
      }
    }
  };
  return {
    name: rancherSite,
    ask: async (questions, options) => {
      const limit = startDeadline(options.deadlineMs, options.signal);
      const distinct = new Map(questions.map((question) => [questionKey(question), question]));
      let done = 0;
      try {
        const answered = await Promise.all(
          [...distinct].map(async ([key, question]) => {
            const said = await answer(question, limit.signal);
            options.onAnswer?.(++done, distinct.size);
            return [key, said] as const;
          }),
        );
        return new Map(answered);
      } finally {
        limit.cancel();
      }
    },
    perform: async (deed, options): Promise<DeedReport> => {
      if (of.readOnly)
        return { kind: 'refused', failure: { code: 'read-only', what: deedWords(deed) }, output: [] };
      const onOutput = options.onOutput ?? (() => undefined);
      try {
        return await perform(deed, onOutput);
      } catch (error) {
        // How far it came stands beside the sessions, or could not be written there.
        const failure = {
          code: 'file-unwritable',
          path: 'The record of a change',
          message: systemWords(error),
        } as const;
        return { kind: 'unknown', failure, output: [] };
      }
    },
    onLost: () => undefined,
    close: async () => undefined,
  };
}
