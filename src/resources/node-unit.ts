import { type Place, unitAt } from '../domain/distribution.ts';
import type { Question } from '../domain/question.ts';

/** What must be asked to tell since when the node agent runs. */
export function activityQuestions(place: Place): readonly Question[] {
  return [{ kind: 'unit', name: unitAt(place) }, { kind: 'machine' }];
}
