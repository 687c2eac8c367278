import type { Answer } from '../domain/answer.ts';
import type { Deed, DeedReport, Target } from '../domain/ports.ts';
import { questionKey } from '../domain/question.ts';
import type { Change } from '../domain/step.ts';
import { deedWords } from './target.ts';
import { answerHere } from './workstation-answers.ts';
import { changeHere, undoHere } from './workstation-change.ts';
import { type Mask, makeClusterHere } from './workstation-cluster.ts';
import { noteLeft } from './workstation-left.ts';
import { lockHere, unlockHere } from './workstation-lock.ts';

/** How the operator's machine is used: whether it may be changed, which kubeconfig is the cluster's, and what may be kept of what rke says. */
export type Workstation = { readonly readOnly: boolean; readonly kubeconfig?: string; readonly mask?: Mask };

/** The kubeconfig of an administrator that rke leaves beside a cluster.yml. */
export function kubeconfigBeside(clusterFile: string): string {
  const name = clusterFile.slice(clusterFile.lastIndexOf('/') + 1);
  return `${clusterFile.slice(0, clusterFile.length - name.length)}kube_config_${name}`;
}

/** Remembers how the files were left that something was done to, so that nobody else's work on them goes unseen into the cluster. */
async function left(change: Change, report: DeedReport): Promise<DeedReport> {
  if (report.kind === 'done')
    for (const step of change.steps)
      if (step.kind === 'write-file') await noteLeft(step.path).catch(() => undefined);
  return report;
}

/** The operator's own machine as a target: files beside the cluster (cluster.yml, say), asked and changed without a shell. */
export function createWorkstation({ readOnly, kubeconfig, mask }: Workstation): Target {
  const perform = async (deed: Deed, onOutput: (line: string) => void): Promise<DeedReport> => {
    switch (deed.kind) {
      case 'change':
        return left(deed.change, await changeHere(deed.change));
      case 'undo':
        return left(deed.change, await undoHere(deed.change, deed.force));
      case 'make-cluster':
        return makeClusterHere(deed.words, onOutput, mask);
      case 'lock':
        return lockHere(deed.holder, deed.take);
      case 'unlock':
        return unlockHere(deed.holder);
      case 'restart':
      case 'stop':
      case 'start':
      case 'hold':
      case 'release': {
        const message = `On the workstation only files are changed; ${deedWords(deed)} was not done.`;
        return { kind: 'refused', failure: { code: 'refused', message }, output: [] };
      }
    }
  };
  return {
    name: 'workstation',
    ask: async (questions, options) => {
      const answers = new Map<string, Answer>();
      for (const question of questions) {
        const key = questionKey(question);
        if (answers.has(key)) continue;
        answers.set(
          key,
          options.signal?.aborted
            ? { kind: 'lost', reason: 'it was called off' }
            : await answerHere(question, kubeconfig),
        );
        options.onAnswer?.(answers.size, questions.length);
      }
      return answers;
    },
    perform: async (deed, options) => {
      if (readOnly)
        return { kind: 'refused', failure: { code: 'read-only', what: deedWords(deed) }, output: [] };
      const report = await perform(deed, options.onOutput ?? (() => undefined));
      // What makes a cluster says its lines as they come.
      if (deed.kind !== 'make-cluster') for (const line of report.output) options.onOutput?.(line);
      return report;
    },
    onLost: () => undefined,
    close: async () => undefined,
  };
}
