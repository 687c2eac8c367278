import type { Answer } from '../domain/answer.ts';
import type { DeedReport, Target } from '../domain/ports.ts';
import { questionKey } from '../domain/question.ts';
import { partQuestions } from '../domain/read-only.ts';
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
      const report = store.perform(nodeName, deed);
      for (const line of report.output) options.onOutput?.(line);
      return report;
    },
    onLost: () => undefined,
    close: async () => undefined,
  };
}
