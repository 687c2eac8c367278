import { stepSummary } from '../domain/commands.ts';
import type { Cell } from '../domain/scope.ts';
import type { Step } from '../domain/step.ts';
import type { Block, CellContent } from './blocks.ts';
import { timeWords } from './clean.ts';
import { difference } from './difference.ts';
import type { ChangeHistory, Decision, UndoAttempt } from './history.ts';
import { logLine } from './log-line.ts';
import { controlName } from './open-lines.ts';
import type { Row } from './scope.ts';
import { outcomeWords } from './words.ts';

/** The part of one control: each place before and after, decisions, changes with their commands and output. */
export function controlBlocks(
  row: Row,
  anchor: string,
  decided: readonly Decision[],
  changes: readonly ChangeHistory[],
): readonly Block[] {
  return [
    { kind: 'heading', level: 3, text: [...row.numbers, row.title].join(' '), anchor },
    { kind: 'paragraph', text: [`Control ${row.control}.`, ...classSentences(row)].join(' ') },
    placesTable(row.cells),
    ...(decided.length > 0 ? [decisionList(decided, () => controlName(row))] : []),
    ...changes.flatMap(changeBlocks),
  ];
}

/** When the benchmark wants it met, in a sentence for each class of its numbers. */
function classSentences({ classes }: Row): readonly string[] {
  return classes.map(({ words, numbers }) => `By the benchmark, ${numbers.join(', ')} is ${words}.`);
}

/** Decisions with their times and reasons, in the order in which they were made; each control under the name that it has here. */
export function decisionList(
  decided: readonly Decision[],
  nameOf: (control: string) => string = (control) => control,
): Block {
  const items = decided.map(
    ({ at, event, control }) => `${timeWords(at)}: ${logLine({ ...event, control: nameOf(control) })}`,
  );
  return { kind: 'list', items };
}

/** Places that say the same share a line, with all their names. */
function placesTable(cells: readonly Cell[]): Block {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = JSON.stringify([cell.before?.kind, cell.after, cell.skipped]);
    const group = groups.get(key);
    if (group) group.push(cell);
    else groups.set(key, [cell]);
  }
  const rows = [...groups.values()].map((group): readonly CellContent[] => {
    const [first] = group;
    const why = [first?.after?.reason, first?.skipped !== undefined && `skipped: ${first.skipped}`];
    return [
      group.map((cell) => cell.place).join(', '),
      { standing: first?.before?.kind ?? 'missing' },
      { standing: first?.after?.kind ?? 'missing' },
      first?.after?.found ?? '',
      first?.after?.wanted ?? '',
      why.filter(Boolean).join('; '),
    ];
  });
  const head = ['Place', 'Before', 'After', 'Found', 'Wanted', 'Why'];
  return { kind: 'table', about: 'What was found, by place', head, rows };
}

/** One change: what it was to do, what ran, what it said, how it ended, and its undo. */
export function changeBlocks({ state, endedAt, undos }: ChangeHistory): readonly Block[] {
  const { change, commands, at, outcome, output, restarts } = state;
  const via = change.via === change.node ? '' : `, through ${change.via}`;
  return [
    {
      kind: 'heading',
      level: 4,
      text: `Change ${change.id} on ${change.node}: ${outcomeWords(outcome)}`,
    },
    {
      kind: 'list',
      items: [
        `Announced ${timeWords(at)}${endedAt === undefined ? '' : `, ended ${timeWords(endedAt)}`}${via}.`,
        ...change.steps.map((step) => stepSummary(spoken(step))),
        ...(restarts ? ['The service must be restarted for it to take effect.'] : []),
      ],
    },
    ...change.steps.flatMap((step): readonly Block[] => {
      if (step.kind !== 'write-file') return [];
      const before = step.before.kind === 'absent' ? '' : (step.textBefore ?? '');
      return [
        { kind: 'paragraph', text: `Difference of ${step.path}:` },
        { kind: 'lines', language: 'diff', text: difference(before, step.content) },
      ];
    }),
    { kind: 'paragraph', text: 'Commands:' },
    { kind: 'lines', language: 'sh', text: commands.join('\n') },
    ...outputOf(output),
    ...undos.flatMap(undoBlocks),
  ];
}

/** A step of a record that somebody else wrote may hold what no command can; it is to be shown all the same. */
function spoken(step: Step): Step {
  return JSON.parse(JSON.stringify(step), (_, value) =>
    typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value,
  );
}

function undoBlocks({ at, endedAt, commands, force, outcome, output }: UndoAttempt): readonly Block[] {
  const ended = endedAt === undefined ? '' : ` It ended ${timeWords(endedAt)}.`;
  const how = `Undo${force ? ', forced' : ''}, ${timeWords(at)}`;
  return [
    { kind: 'paragraph', text: `${how}: ${outcomeWords(outcome)}.${ended} Commands:` },
    { kind: 'lines', language: 'sh', text: commands.join('\n') },
    ...outputOf(output),
  ];
}

function outputOf(output: readonly string[]): readonly Block[] {
  if (output.length === 0) return [{ kind: 'paragraph', text: 'No output.' }];
  return [
    { kind: 'paragraph', text: 'Output:' },
    { kind: 'lines', language: 'text', text: output.join('\n') },
  ];
}
