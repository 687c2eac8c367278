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
  /** How many causes were found, each counted once, on however many places. */
  readonly causes: number;
  /** Each cause with its evidence, what it means, its cure, and the answer after that. */
  readonly found: readonly string[];
  readonly unlearned: readonly string[];
  readonly toLookAt: readonly string[];
  readonly accepted: readonly string[];
  readonly notIt: readonly string[];
  readonly notApplicable: readonly string[];
};

/** What a check is called in lists of possible causes: by its fault; in a session that hardens, by its title. */
export function causeName(
  { session, profile }: Pick<ReportInput, 'session' | 'profile'>,
  { control, title }: Pick<Row, 'control' | 'title'>,
): string {
  const fault = isRepair(session) ? faultOf(profile?.troubles, session.trouble, control) : undefined;
  return fault ?? title;
}

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
  const accepted = having('waived').filter((row) => !seen.includes(row));
  const notIt = having('pass').filter((row) => !seen.includes(row) && !accepted.includes(row));
  const rest = others.filter((row) => ![...seen, ...accepted, ...notIt].includes(row));
  const faultIn = (row: Row): string | undefined => faultOf(profile?.troubles, session.trouble, row.control);
  const named = (row: Row): Row => ({ ...row, title: faultIn(row) ?? row.title });
  const titles = (some: readonly Row[]): readonly string[] => some.map((row) => oneLine(named(row).title));
  return {
    trouble,
    causes: causes.length,
    found: causes.flatMap((row) =>
      row.cells.filter(wasFound).map((cell) => causeLine(session, trouble, faultIn(row), row, cell)),
    ),
    unlearned: unlearned.map((row) => placesLine(named(row), ['unknown', undefined])),
    toLookAt: toLookAt.map((row) => placesLine(named(row), ['manual'])),
    accepted: titles(accepted),
    notIt: titles(notIt),
    notApplicable: titles(rest),
  };
}

/** What the possible causes come to, in one sentence. */
export function diagnosisWords(diagnosis: Diagnosis): string {
  const { causes, unlearned, toLookAt, accepted, notIt, notApplicable } = diagnosis;
  const parts = [
    causes > 0 ? `${count(causes, 'cause was', 'causes were')} found` : 'no cause was found',
    ...(unlearned.length > 0 ? [`${unlearned.length} could not be learned`] : []),
    ...(toLookAt.length > 0 ? [`${toLookAt.length} to be looked at by a person`] : []),
    ...(accepted.length > 0 ? [`${accepted.length} waived`] : []),
    `${count(notIt.length, 'is', 'are')} not it`,
    ...(notApplicable.length > 0 ? [`${notApplicable.length} not applicable`] : []),
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
