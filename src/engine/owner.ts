import { type Distribution, managersOf } from '../domain/distribution.ts';
import type { NodeFacts } from '../domain/event.ts';
import { readStat } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo } from '../domain/question.ts';

/** Who owns a node's configuration; where that could not be told, an owner that says so, for then nothing may be edited. */
export function ownerOf(distribution: Distribution, answers: Answers): NodeFacts['managedBy'] {
  const read = managersOf(distribution).map((owner) => {
    const answer = answerTo(answers, { kind: 'stat', path: owner.file });
    return { owner, stat: readStat(answer, owner.file) };
  });
  const there = read.find(({ stat }) => stat.known && stat.value !== undefined);
  if (there) return { who: there.owner.who, instead: there.owner.instead };
  const reasons = read.flatMap(({ stat }) => (stat.known ? [] : [stat.reason]));
  if (reasons.length === 0) return undefined;
  return {
    who: 'It could not be told who',
    instead: `${reasons.join('; ')}. Connect to the node again, so that this can be read, before anything is changed here.`,
  };
}
