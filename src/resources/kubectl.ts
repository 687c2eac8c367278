import { fillWords, type Place } from '../domain/distribution.ts';
import type { Words } from '../domain/question.ts';

/** The first words of kubectl on a place. */
export function kubectlWords(place: Place): Words {
  return fillWords(place.distribution.kubectl, place.words);
}
