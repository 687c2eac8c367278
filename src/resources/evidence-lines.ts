import { readProcess } from '../domain/evidence.ts';
import { flagValue } from './flags.ts';

type Rows = {
  readonly columns: readonly string[];
  readonly has?: readonly string[] | undefined;
  readonly lacks?: readonly string[] | undefined;
  readonly set?: true | undefined;
};

/** The option that has kubectl print the place and name of objects and some of their values, and nothing else of them. */
export function columnsOption(columns: Readonly<Record<string, string>>): string {
  const all = { namespace: '.metadata.namespace', name: '.metadata.name', ...columns };
  return `custom-columns=${Object.entries(all)
    .map(([name, path]) => `${name.toUpperCase()}:${path}`)
    .join(',')}`;
}

/** The rows of such a table that are meant, with the column that says why; how many there were when none is. */
export function rowLines(text: string, { columns, has, lacks, set }: Rows): string {
  const [head = '', ...rows] = text.split('\n').filter((line) => line.trim() !== '');
  if (rows.length === 0) return head === '' ? '' : 'an empty list';
  const titles = cells(head);
  const meant = rows.map(cells).flatMap((row) => {
    const values = columns.map((column) => row[titles.indexOf(column.toUpperCase())] ?? none);
    const found = (words: readonly string[]) => words.some((word) => values.some((v) => v.includes(word)));
    const wanted =
      (has === undefined || found(has)) &&
      (lacks === undefined || !found(lacks)) &&
      (!set || values.some((value) => value !== none));
    const said = columns.map((column, n) => `${column} ${values[n]}`).join(', ');
    return wanted ? [`${row[0] === none ? '' : `${row[0]}/`}${row[1]}: ${said}`] : [];
  });
  return meant.length === 0 ? `none of ${rows.length}` : meant.join('\n');
}

/** What kubectl prints where an object has no such value. */
const none = '<none>';

/** kubectl keeps columns at least three blanks apart. */
function cells(line: string): readonly string[] {
  return line.trimEnd().split(/ {3,}/);
}

/** What running processes have for some flags, one process after another; empty when none was told of. */
export function flagLines(text: string, process: string, flags: readonly string[]): string {
  const read = readProcess({ kind: 'said', text }, process);
  const all = read.known ? (read.value ?? []) : [];
  return all
    .flatMap((args) => flags.map((flag) => `${process} --${flag} ${flagValue(args, flag) ?? 'not given'}`))
    .join('\n');
}
