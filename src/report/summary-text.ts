import type { Profile } from '../domain/control.ts';
import { isRepair, nothingAsked, type Session } from '../domain/session.ts';
import { coverageWords, tallyWords } from '../domain/tally.ts';
import { causeName, diagnose, diagnosisWords, wordsFor } from './causes.ts';
import { count, names, oneLine, timeWords } from './clean.ts';
import { countWords } from './counts.ts';
import { groupOpen, openLine } from './open-lines.ts';
import { chosen, distributionWords, misfitsOf } from './scope.ts';
import { type OpenItem, type PlaceSummary, type Summary, summarise } from './summary.ts';

const mostLines = 20;

/** The plain text that stays on the normal screen when the wizard is left. */
export function summaryText(session: Session, profile?: Profile): string {
  const { controls, benchmark } = chosen(session, profile);
  const input = { session, ...(profile ? { profile } : {}) };
  const summary = named(input, summarise(session, controls, benchmark));
  const odd = misfitsOf(session, profile).map(({ sentence }) => oneLine(sentence));
  const known = nothingAsked(session)
    ? unasked(summary)
    : [...placeLines(summary, mostLines, wordsFor(session)), '', ...found(input, summary)];
  return `${[heading(session, profile), ...odd, '', ...known, ...closing(session, summary)].join('\n')}\n`;
}

/** With what is open or waived called as the lists of the wizard call it. */
function named(input: Parameters<typeof causeName>[0], summary: Summary): Summary {
  const name = (item: OpenItem): OpenItem => ({ ...item, title: causeName(input, item) });
  return { ...summary, open: summary.open.map(name), waived: summary.waived.map(name) };
}

/** What the session was about, in one line. */
export function heading(session: Session, profile?: Profile): string {
  const { benchmark } = chosen(session, profile);
  const level = session.level === undefined || isRepair(session) ? '' : ` level ${session.level}`;
  const list = [
    session.cluster,
    distributionWords(session, profile),
    session.benchmark && `${benchmark?.title ?? session.benchmark}${level}`,
    session.readOnly && 'read-only',
    session.lab && 'practice lab',
  ];
  return oneLine(list.filter(Boolean).join(' · ')) || 'nothing chosen';
}

/** What the controls and what the answers come to, in one sentence each. */
export function totalWords({ controls, answers, worse }: Summary): readonly string[] {
  return [
    `Controls: ${tallyWords(controls)}.`,
    `Answers: ${tallyWords(answers)}${worse > 0 ? `; ${worse} worse than before` : ''}.`,
  ];
}

/** Each place with its counts before and now, the most open first when there are too many to show. */
export function placeLines(
  { places, before, after }: Summary,
  most: number,
  words: Parameters<typeof countWords>[1],
): readonly string[] {
  const shown =
    places.length <= most ? places : places.toSorted((a, b) => b.tally.open - a.tally.open).slice(0, most);
  const cells = shown.map(
    (p) => [oneLine(p.place), countWords(p.before, words), nowWords(p, words)] as const,
  );
  const rows = [
    ['place', 'before', 'now'] as const,
    ...cells,
    ['all', countWords(before, words), countWords(after, words)] as const,
  ];
  const first = Math.max(...rows.map((row) => row[0].length));
  const second = Math.max(...rows.map((row) => row[1].length));
  const lines = rows.map(([a, b, c]) => `${a.padEnd(first)}  ${b.padEnd(second)}  ${c}`);
  if (shown.length === places.length) return lines;
  return [...lines.slice(0, -1), `… and ${places.length - shown.length} more`, ...lines.slice(-1)];
}

function nowWords(place: PlaceSummary, words: Parameters<typeof countWords>[1]): string {
  return oneLine(countWords(place.after, words) + (place.failure ? ` (${place.failure})` : ''));
}

/** Where nothing was asked, numbers would only say so once a place; why a node was not reached is what is left to tell. */
function unasked({ places }: Summary): readonly string[] {
  const failed = places.flatMap(({ failure }) => (failure === undefined ? [] : [oneLine(failure)]));
  const more = failed.length - mostLines;
  return [
    'Nothing was asked, so nothing is known of any node.',
    ...failed.slice(0, mostLines),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ];
}

function found(input: Parameters<typeof causeName>[0], summary: Summary): readonly string[] {
  const { session } = input;
  const diagnosis = diagnose(input, summary);
  const groups = groupOpen(summary.open).map((group) => openLine(group, wordsFor(session)));
  const more = groups.length - mostLines;
  return [
    coverageWords(summary.coverage),
    ...(diagnosis
      ? [diagnosisWords(diagnosis), ...section('Causes found', diagnosis.found)]
      : totalWords(summary)),
    ...section('Open', [
      ...groups.slice(0, mostLines),
      ...(more > 0 ? [`… and ${more} more; the transcript has them all`] : []),
    ]),
    ...section(
      'Waived',
      groupOpen(summary.waived)
        .slice(0, mostLines)
        .map((group) => openLine(group, wordsFor(session))),
    ),
  ];
}

function closing({ lab }: Session, summary: Summary): readonly string[] {
  return [
    ...section(
      'Unfinished: look at these first',
      summary.unfinished.map((u) =>
        oneLine(`${u.title}: a ${u.deed} on ${u.node}, announced ${timeWords(u.at)}, has no known end`),
      ),
    ),
    ...section(
      'Restarts due',
      summary.restartsDue.length > 0
        ? [`${names(summary.restartsDue)}: what was changed there is not active yet`]
        : [],
    ),
    ...(lab
      ? section('Practice', [
          'the cluster goes away with the program; only the record stays, to read and to export',
        ])
      : section(
          'Can be undone',
          summary.undoable.length > 0 ? [count(summary.undoable.length, 'change')] : [],
        )),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}
