import { coverageWords } from '../domain/tally.ts';
import { lessonOf, troubleOf } from '../domain/trouble.ts';
import { causeName, diagnose, diagnosisWords, wordsFor } from './causes.ts';
import { names, oneLine } from './clean.ts';
import { type Standing, standings } from './counts.ts';
import type { ReportInput } from './input.ts';
import { controlName } from './open-lines.ts';
import { chosen, misfitsOf, type Row } from './scope.ts';
import { summarise } from './summary.ts';
import { heading, placeLines, totalWords } from './summary-text.ts';

type Line = {
  readonly standing: Standing;
  readonly row: Row;
  readonly places: readonly string[];
  readonly why: string;
};

/** What `check` prints: every control with its verdict and places, worst first, then the counts of each node. */
export function checkText(input: ReportInput): string {
  const { session, profile } = input;
  const { controls, benchmark } = chosen(session, profile);
  const summary = summarise(session, controls, benchmark);
  const lines = summary.rows.flatMap((row) => linesOf({ ...row, title: causeName(input, row) }));
  const words = wordsFor(session);
  const found = diagnose(input, summary);
  const width = Math.max(0, ...lines.map((line) => words[line.standing].length));
  const failures = summary.places.flatMap((p) =>
    p.failure === undefined ? [] : [oneLine(`${p.place}: ${p.failure}`)],
  );
  return `${[
    heading(session, profile),
    ...outsideLines(input),
    '',
    ...standings.flatMap((standing) =>
      lines
        .filter((line) => line.standing === standing)
        .flatMap((line) => print(line, words[line.standing].padEnd(width), meaning(input, line))),
    ),
    '',
    ...placeLines(summary, Number.POSITIVE_INFINITY, words),
    ...(failures.length > 0 ? ['', ...failures] : []),
    '',
    coverageWords(summary.coverage),
    ...(found ? [diagnosisWords(found)] : totalWords(summary)),
  ].join('\n')}\n`;
}

/** A line for every node that runs something else, and for every version that the benchmark was not written for, with the way out. */
function outsideLines({ session, profile }: ReportInput): readonly string[] {
  const other = session.nodes.flatMap(({ name, facts }) => {
    const { instead } = facts ?? {};
    const way = `Use --distribution ${instead?.distribution} for it.`;
    return instead ? [oneLine(`${name} runs ${instead.title} ${instead.version}. ${way}`)] : [];
  });
  const odd = misfitsOf(session, profile).map(({ sentence, fits }) =>
    oneLine(`${sentence}${fits ? ` Use --benchmark ${fits.id}.` : ''}`),
  );
  return [...other, ...odd];
}

function print({ row, places, why }: Line, word: string, means: string): readonly string[] {
  const head = `${word}  ${controlName(row)}  (${names(places)})`;
  const below = [why, means].filter(Boolean);
  return [head, ...below.map((line) => `${' '.repeat(word.length)}  ${line}`)];
}

/** What a found cause means in the trouble that was asked for. */
function meaning({ session, profile }: ReportInput, { standing, row }: Line): string {
  if (standing !== 'fail' && standing !== 'configured-not-active') return '';
  return oneLine(lessonOf(troubleOf(profile, session.trouble), row.control)?.means ?? '');
}

/** A control has one line for every different answer it got; passes need no words. */
function linesOf(row: Row): readonly Line[] {
  const lines = new Map<string, Line>();
  for (const { place, after } of row.cells) {
    const standing = after?.kind ?? 'missing';
    const values =
      standing === 'pass'
        ? []
        : [after?.found && `found ${after.found}`, after?.wanted && `wanted ${after.wanted}`];
    const why = oneLine([values.filter(Boolean).join(', '), after?.reason].filter(Boolean).join('; '));
    const key = JSON.stringify([standing, why]);
    lines.set(key, { standing, row, why, places: [...(lines.get(key)?.places ?? []), place] });
  }
  return [...lines.values()];
}
