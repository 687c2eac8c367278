import { readProcess } from '../domain/evidence.ts';
import { flagValue } from './flags.ts';

type Rows = {
  readonly column: string;
  readonly has?: readonly string[] | undefined;
  readonly lacks?: readonly string[] | undefined;
};

/** The option that has kubectl print the place and name of objects and some of their values, and nothing else of them. */
export function columnsOption(columns: Readonly<Record<string, string>>): string {
  const all = { namespace: '.metadata.namespace', name: '.metadata.name', ...columns };
  return `custom-columns=${Object.entries(all)
    .map(([name, path]) => `${name.toUpperCase()}:${path}`)
    .join(',')}`;
}

/** The rows of such a table that are meant, with the column that says why; how many there were when none is. */
export function rowLines(text: string, { column, has, lacks }: Rows): string {
  const [head = '', ...rows] = text.split('\n').filter((line) => line.trim() !== '');
  if (rows.length === 0) return head === '' ? '' : 'an empty list';
  const at = cells(head).indexOf(column.toUpperCase());
  const meant = rows.map(cells).filter((row) => {
    const value = row[at] ?? '';
    const found = (words: readonly string[]) => words.some((word) => value.includes(word));
    return (has === undefined || found(has)) && (lacks === undefined || !found(lacks));
  });
  if (meant.length === 0) return `none of ${rows.length}`;
  return meant
    .map((row) => `${row[0] === '<none>' ? '' : `${row[0]}/`}${row[1]}  ${column}: ${row[at]}`)
    .join('\n');
}

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
