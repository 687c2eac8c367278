import type { Place } from '../domain/distribution.ts';
import type { Question } from '../domain/question.ts';

/** The unit that runs the node agent on a place. */
export function unitOf(place: Place): string {
  const { server, agent } = place.distribution.units;
  return place.roles.includes('server') || place.roles.includes('etcd') ? server : agent;
}

/** What must be asked to tell since when the node agent runs. */
export function activityQuestions(place: Place): readonly Question[] {
  return [{ kind: 'unit', name: unitOf(place) }, { kind: 'machine' }];
}
