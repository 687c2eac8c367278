import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { type Distribution, type Manager, managersOf } from '../domain/distribution.ts';
import type { NodeFacts } from '../domain/event.ts';
import { readStat } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';

/** What to ask of a node to learn who owns its configuration. */
export function ownerQuestions(distribution: Distribution): readonly Question[] {
  return managersOf(distribution).flatMap((owner) => [
    ...filesOf(owner).map((path): Question => ({ kind: 'stat', path })),
    ...(owner.units === undefined ? [] : [unitsQuestion(owner.units)]),
  ]);
}

/** Who owns a node's configuration; where that could not be told, an owner that says so, for then nothing may be edited. */
export function ownerOf(distribution: Distribution, answers: Answers): NodeFacts['managedBy'] {
  const read = managersOf(distribution).map((owner) => ({ owner, marks: marksOf(owner, answers) }));
  const there = read.find(({ marks }) => marks.some((mark) => mark.known && mark.value));
  if (there) return { who: there.owner.who, instead: there.owner.instead };
  const reasons = read.flatMap(({ marks }) => marks.flatMap((mark) => (mark.known ? [] : [mark.reason])));
  if (reasons.length === 0) return undefined;
  return {
    who: 'It could not be told who',
    instead: `${reasons.join('; ')}. Connect to the node again, so that this can be read, before anything is changed here.`,
  };
}

/** Each mark of an owner: whether it is there. */
function marksOf(owner: Manager, answers: Answers): readonly Read<boolean>[] {
  const files = filesOf(owner).map((path): Read<boolean> => {
    const stat = readStat(answerTo(answers, { kind: 'stat', path }), path);
    return stat.known ? known(stat.value !== undefined) : stat;
  });
  if (owner.units === undefined) return files;
  const answer = answerTo(answers, unitsQuestion(owner.units));
  // A machine without systemd has none of its units.
  if (answer.kind === 'no-tool') return files;
  const units =
    answer.kind === 'said'
      ? known(answer.text.trim() !== '')
      : unread<boolean>(whyNot(answer, `the list of units called ${owner.units}`));
  return [...files, units];
}

function filesOf({ file, also = [] }: Manager): readonly string[] {
  return [file, ...also];
}

function unitsQuestion(pattern: string): Question {
  return {
    kind: 'command',
    words: ['systemctl', 'list-units', '--all', '--plain', '--no-legend', '--no-pager', pattern],
  };
}
