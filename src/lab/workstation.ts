import type { Answer } from '../domain/answer.ts';
import type { Target } from '../domain/ports.ts';
import { questionKey } from '../domain/question.ts';
import { deedWords } from '../transport/target.ts';

const lost: Answer = { kind: 'lost', reason: 'in practice nothing on this machine is looked at' };

/** What stands for the operator's machine in the lab: nothing of the real one is asked, run or written. */
export function createLabWorkstation(): Target {
  return {
    name: 'workstation',
    ask: async (questions, options) => {
      const answers = new Map(questions.map((question) => [questionKey(question), lost]));
      options.onAnswer?.(answers.size, questions.length);
      return answers;
    },
    perform: async (deed) => ({
      kind: 'refused',
      failure: { code: 'lab-cannot', what: `${deedWords(deed)} on this machine` },
      output: [],
    }),
    onLost: () => undefined,
    close: async () => undefined,
  };
}
