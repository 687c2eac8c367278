import { stepSummary } from '../domain/commands.ts';
import type { Cell } from '../domain/scope.ts';
import { timeWords } from './clean.ts';
import { difference } from './difference.ts';
import type { ChangeHistory, Decision, UndoAttempt } from './history.ts';
import { logLine } from './log-line.ts';
import { fence, inline, list, table } from './markdown.ts';
import type { Row } from './scope.ts';
import { outcomeWords, verdictWords } from './words.ts';

/** The section of one control: each place before and after, decisions, changes with their commands and output. */
export function controlSection(
  row: Row,
  decided: readonly Decision[],
  changes: readonly ChangeHistory[],
): readonly string[] {
  const name = [...row.numbers, row.title].join(' ');
  return [
    `### ${inline(name)}`,
    `Control ${inline(row.control)}.`,
    placesTable(row.cells),
    ...(decided.length > 0
      ? [list(decided.map((d) => `${timeWords(d.at)}: ${inline(logLine(d.event))}`))]
      : []),
    ...changes.flatMap(changeSection),
  ];
}

/** Places that say the same share a line, with all their names. */
function placesTable(cells: readonly Cell[]): string {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = JSON.stringify([cell.before?.kind, cell.after, cell.skipped]);
    const group = groups.get(key);
    if (group) group.push(cell);
    else groups.set(key, [cell]);
  }
  const rows = [...groups.values()].map((group) => {
    const [first] = group;
    const why = [first?.after?.reason, first?.skipped !== undefined && `skipped: ${first.skipped}`];
    return [
      group.map((cell) => inline(cell.place)).join(', '),
      verdictWords(first?.before),
      verdictWords(first?.after),
      inline(first?.after?.found ?? ''),
      inline(first?.after?.wanted ?? ''),
      inline(why.filter(Boolean).join('; ')),
    ];
  });
  return table(['Place', 'Before', 'After', 'Found', 'Wanted', 'Why'], rows);
}

/** One change: what it was to do, what ran, what it said, how it ended, and its undo. */
export function changeSection({ state, endedAt, undos }: ChangeHistory): readonly string[] {
  const { change, commands, at, outcome, output, restarts } = state;
  const via = change.via === change.node ? '' : `, through ${inline(change.via)}`;
  return [
    `#### Change ${inline(change.id)} on ${inline(change.node)}: ${inline(outcomeWords(outcome))}`,
    list([
      `Announced ${timeWords(at)}${endedAt === undefined ? '' : `, ended ${timeWords(endedAt)}`}${via}.`,
      ...change.steps.map((step) => inline(stepSummary(step))),
      ...(restarts ? ['The service must be restarted for it to take effect.'] : []),
    ]),
    ...change.steps.flatMap((step) =>
      step.kind === 'write-file'
        ? [
            `Difference of ${inline(step.path)}:`,
            fence(
              difference(step.before.kind === 'absent' ? '' : (step.textBefore ?? ''), step.content),
              'diff',
            ),
          ]
        : [],
    ),
    'Commands:',
    fence(commands.join('\n'), 'sh'),
    ...outputOf(output),
    ...undos.flatMap(undoSection),
  ];
}

function undoSection({ at, endedAt, commands, force, outcome, output }: UndoAttempt): readonly string[] {
  const ended = endedAt === undefined ? '' : ` It ended ${timeWords(endedAt)}.`;
  return [
    `Undo${force ? ', forced' : ''}, ${timeWords(at)}: ${inline(outcomeWords(outcome))}.${ended} Commands:`,
    fence(commands.join('\n'), 'sh'),
    ...outputOf(output),
  ];
}

function outputOf(output: readonly string[]): readonly string[] {
  return output.length > 0 ? ['Output:', fence(output.join('\n'))] : ['No output.'];
}
