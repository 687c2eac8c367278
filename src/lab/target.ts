import type { Answer } from '../domain/answer.ts';
import { withNewKey } from '../domain/new-key.ts';
import type { DeedReport, Target } from '../domain/ports.ts';
import { questionKey } from '../domain/question.ts';
import { partQuestions } from '../domain/read-only.ts';
import { sha256 } from './fingerprint.ts';
import type { LabStore } from './store.ts';

/** A node of a lab store as a target in memory, without SSH: for tests, and as fast as they. */
export function createLabTarget(store: LabStore, nodeName: string): Target {
  return {
    name: nodeName,
    ask: async (questions, options) => {
      const { sent, refused } = partQuestions(questions);
      const answers = new Map<string, Answer>(refused);
      for (const question of sent) {
        answers.set(questionKey(question), store.ask(nodeName, question));
        options.onAnswer?.(answers.size, questions.length);
      }
      return answers;
    },
    perform: async (deed, options): Promise<DeedReport> => {
      const report = store.perform(nodeName, withNewKey(deed, practiceKey));
      for (const line of report.output) options.onOutput?.(line);
      return report;
    },
    onLost: () => undefined,
    close: async () => undefined,
  };
}

/** A key that opens nothing, for what has no random numbers of its own. */
function practiceKey(session: string): string {
  return Buffer.from(sha256(`practice ${session}`), 'hex').toString('base64');
}
