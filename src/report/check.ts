import type { Benchmark } from '../domain/control.ts';
import type { NodeState } from '../domain/session.ts';
import { inRange, parseVersion } from '../domain/version.ts';
import { count, names, oneLine } from './clean.ts';
import { type Standing, standingWords } from './counts.ts';
import type { ReportInput } from './input.ts';
import { controlName } from './open-lines.ts';
import { chosen, type Row } from './scope.ts';
import { summarise } from './summary.ts';
import { coverageWords, heading, placeLines } from './summary-text.ts';

type Line = {
  readonly standing: Standing;
  readonly row: Row;
  readonly places: readonly string[];
  readonly why: string;
};

/** What `check` prints: every control with its verdict and places, worst first, then the counts of each node. */
export function checkText({ session, profile }: ReportInput): string {
  const { controls, benchmark } = chosen(session, profile);
  const summary = summarise(session, controls, benchmark);
  const lines = summary.rows.flatMap(linesOf);
  const width = Math.max(0, ...lines.map((line) => standingWords[line.standing].length));
  const failures = summary.places.flatMap((p) =>
    p.failure === undefined ? [] : [oneLine(`${p.place}: ${p.failure}`)],
  );
  return `${[
    heading(session, profile),
    ...outsideLines(session.nodes, benchmark),
    '',
    ...(Object.keys(standingWords) as Standing[]).flatMap((standing) =>
      lines.filter((line) => line.standing === standing).flatMap((line) => print(line, width)),
    ),
    '',
    ...placeLines(summary, Number.POSITIVE_INFINITY),
    ...(failures.length > 0 ? ['', ...failures] : []),
    '',
    coverageWords(summary.coverage),
    `${count(summary.open.length, 'answer')} open.`,
  ].join('\n')}\n`;
}

/** A line for every version that the benchmark was not written for, with the nodes that run it. */
function outsideLines(nodes: readonly NodeState[], benchmark: Benchmark | undefined): readonly string[] {
  if (!benchmark) return [];
  const outside = new Map<string, string[]>();
  for (const { name, facts } of nodes) {
    const version = facts?.version === undefined ? undefined : parseVersion(facts.version);
    if (!facts?.version || !version || inRange(version, benchmark.kubernetes)) continue;
    outside.set(facts.version, [...(outside.get(facts.version) ?? []), name]);
  }
  return [...outside].map(
    ([version, on]) =>
      `${benchmark.id} is for Kubernetes ${benchmark.kubernetes}; ${oneLine(version)} is outside it: ${names(on)}`,
  );
}

function print({ standing, row, places, why }: Line, width: number): readonly string[] {
  const head = `${standingWords[standing].padEnd(width)}  ${controlName(row)}  (${names(places)})`;
  return why === '' ? [head] : [head, `${' '.repeat(width)}  ${why}`];
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
