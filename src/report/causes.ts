import { type Cell, isOpenCell } from '../domain/scope.ts';
import { isRepair, type Session } from '../domain/session.ts';
import { faultOf, lessonOf, type Trouble, troubleOf } from '../domain/trouble.ts';
import { isWrong, type Verdict } from '../domain/verdict.ts';
import { count, names, oneLine } from './clean.ts';
import { type Standing, standingWords } from './counts.ts';
import type { ReportInput } from './input.ts';
import type { Row } from './scope.ts';
import type { Summary } from './summary.ts';
import { outcomeWords } from './words.ts';

/** What a standing is called where controls are possible causes, and their own words would mislead. */
const causeWords: Readonly<Record<Standing, string>> = {
  ...standingWords,
  fail: 'cause found',
  'configured-not-active': 'cause found',
  unknown: 'could not be learned',
  manual: 'to be looked at',
  pass: 'not it',
};

/** The words of the standings in a session: those of verdicts, or of possible causes. */
export function wordsFor(session: Pick<Session, 'purpose'>): Readonly<Record<Standing, string>> {
  return isRepair(session) ? causeWords : standingWords;
}

/** What a session that repairs came to, in plain lines. */
export type Diagnosis = {
  readonly trouble: Trouble | undefined;
  /** Each cause with its evidence, what it means, its cure, and the answer after that. */
  readonly found: readonly string[];
  readonly unlearned: readonly string[];
  readonly toLookAt: readonly string[];
  readonly notIt: readonly string[];
};

/** What a session that repairs came to; undefined for one that hardens. */
export function diagnose(
  { session, profile }: Pick<ReportInput, 'session' | 'profile'>,
  { rows }: Pick<Summary, 'rows'>,
): Diagnosis | undefined {
  if (!isRepair(session)) return undefined;
  const trouble = troubleOf(profile, session.trouble);
  const causes = rows.filter((row) => row.cells.some(wasFound));
  const others = rows.filter((row) => !causes.includes(row));
  const having = (...kinds: readonly (Verdict['kind'] | undefined)[]): readonly Row[] =>
    others.filter((row) => row.cells.some((cell) => kinds.includes(cell.after?.kind)));
  const unlearned = having('unknown', undefined);
  const toLookAt = having('manual').filter((row) => !unlearned.includes(row));
  const seen = [...unlearned, ...toLookAt];
  const faultIn = (row: Row): string | undefined => faultOf(profile?.troubles, session.trouble, row.control);
  const named = (row: Row): Row => ({ ...row, title: faultIn(row) ?? row.title });
  return {
    trouble,
    found: causes.flatMap((row) =>
      row.cells.filter(wasFound).map((cell) => causeLine(session, trouble, faultIn(row), row, cell)),
    ),
    unlearned: unlearned.map((row) => placesLine(named(row), ['unknown', undefined])),
    toLookAt: toLookAt.map((row) => placesLine(named(row), ['manual'])),
    notIt: others.filter((row) => !seen.includes(row)).map((row) => oneLine(named(row).title)),
  };
}

/** What the possible causes come to, in one sentence. */
export function diagnosisWords({ found, unlearned, toLookAt, notIt }: Diagnosis): string {
  const parts = [
    found.length > 0 ? `${count(found.length, 'cause was', 'causes were')} found` : 'no cause was found',
    ...(unlearned.length > 0 ? [`${unlearned.length} could not be learned`] : []),
    ...(toLookAt.length > 0 ? [`${toLookAt.length} to be looked at by a person`] : []),
    `${count(notIt.length, 'is', 'are')} not it`,
  ];
  return `Of the possible causes, ${parts.join(', ')}.`;
}

/** What was found wrong at first or is wrong now. */
function wasFound({ before, after }: Cell): boolean {
  return [before, after].some((verdict) => isWrong(verdict?.kind));
}

function causeLine(
  session: Session,
  trouble: Trouble | undefined,
  fault: string | undefined,
  row: Row,
  cell: Cell,
): string {
  const evidence = isWrong(cell.before?.kind) ? cell.before : cell.after;
  const means = lessonOf(trouble, row.control)?.means ?? '';
  const sentences = [
    `${fault === undefined ? `${row.title}: not so` : fault} on ${cell.place}. Found: ${evidence?.found || 'nothing'}. Healthy would be: ${evidence?.wanted || 'something else'}.`,
    means,
    cureWords(session, row, cell),
  ];
  return oneLine(sentences.filter(Boolean).join(' '));
}

/** The cure, and the proof: what was answered after it. */
function cureWords(session: Session, row: Row, cell: Cell): string {
  const { after } = cell;
  const changes = session.changes.filter(
    ({ change }) => change.control === row.control && change.node === cell.place,
  );
  const cures = changes.map(({ change, outcome, undo }) => {
    const undone = undo ? `, and its undo: ${outcomeWords(undo.outcome)}` : '';
    return `change ${change.id}: ${outcomeWords(outcome)}${undone}`;
  });
  const cure = cures.length > 0 ? `Cure: ${cures.join('; ')}.` : 'No cure was applied.';
  if (!after) return cure;
  if (!isOpenCell(cell)) return `${cure} Asked again, it is healthy: ${after.found || 'so'}.`;
  const skipped = cell.skipped === undefined ? '' : ` It was left as it is: ${cell.skipped}.`;
  const now = `It stands at: ${causeWords[after.kind]}${after.reason ? `: ${after.reason}` : ''}.`;
  return `${cure} ${now}${skipped}`;
}

function placesLine({ title, cells }: Row, kinds: readonly (Verdict['kind'] | undefined)[]): string {
  const here = cells.filter((cell) => kinds.includes(cell.after?.kind));
  const why = [...new Set(here.map((cell) => cell.after?.reason ?? 'it was not asked'))].join('; ');
  return oneLine(
    `${title}, on ${names(
      here.map((cell) => cell.place),
      5,
    )}: ${why}`,
  );
}
