import { fillWords, kubectlAt, type Place } from '../domain/distribution.ts';
import { readObject } from '../domain/evidence.ts';
import type { AskOptions, Target } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { treeSteps, valueAt } from '../resources/tree.ts';

/**
 * The words that only the running cluster knows, such as the address of its DNS: asked where kubectl answers. What is not
 * answered keeps its default, so that checks go on while the API server is down.
 */
export async function learnWords(
  target: Target,
  place: Place,
  options: AskOptions,
): Promise<Readonly<Record<string, string>>> {
  const learns = Object.entries(place.distribution.learns ?? {});
  if (learns.length === 0) return {};
  const question = (get: readonly string[]): Question => ({
    kind: 'object',
    kubectl: kubectlAt(place),
    get: fillWords(get, place.words),
  });
  const answers = await target.ask(
    learns.map(([, { get }]) => question(get)),
    options,
  );
  const learned = learns.flatMap(([word, { get, at }]): [string, string][] => {
    const answer = readObject(answerTo(answers, question(get)), word);
    if (!answer.known) return [];
    const items = valueAt(answer.value, ['items']);
    const all = Array.isArray(items) ? items : [answer.value];
    const values = all.map((item) => valueAt(item, treeSteps(at))).filter((v) => typeof v === 'string');
    return values.length > 0 ? [[word, [...new Set(values)].toSorted().join(' ')]] : [];
  });
  return Object.fromEntries(learned);
}
