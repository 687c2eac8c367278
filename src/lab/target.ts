import type { Answer } from '../domain/answer.ts';
import type { DeedReport, Target } from '../domain/ports.ts';
import { questionKey } from '../domain/question.ts';
import type { LabStore } from './store.ts';

/** A node of a lab store as a target in memory, without SSH: for tests, and as fast as they. */
export function createLabTarget(store: LabStore, nodeName: string): Target {
  return {
    name: nodeName,
    ask: async (questions, options) => {
      const answers = new Map<string, Answer>();
      for (const question of questions) {
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
