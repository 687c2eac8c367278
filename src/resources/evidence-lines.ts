import { readProcess } from '../domain/evidence.ts';
import { flagValue } from './flags.ts';

type Rows = {
  readonly columns: readonly string[];
  readonly has?: readonly string[] | undefined;
  readonly lacks?: readonly string[] | undefined;
  readonly set?: true | undefined;
};

/** Where the values of containers begin, and those of containers that run before them or beside them from the start. */
const ofContainers = '.spec.containers[*].';
const ofInit = '.spec.initContainers[*].';

/**
 * The option that has kubectl print the place and name of objects and some of their values, and nothing else of them. What is asked of
 * containers is asked of init containers too, and all their names, for kubectl leaves out those that have no such value.
 */
export function columnsOption(columns: Readonly<Record<string, string>>): string {
  const asked = Object.entries(columns);
  const inner = asked.filter(([, path]) => path.startsWith(ofContainers));
  const init = inner.map(([name, path]) => [`init-${name}`, path.replace(ofContainers, ofInit)] as const);
  const names = [
    ['containers', `${ofContainers}name`],
    ['init-containers', `${ofInit}name`],
  ] as const;
  const all = [
    ['namespace', '.metadata.namespace'],
    ['name', '.metadata.name'],
    ...asked,
    ...(inner.length > 0 ? [...names, ...init] : []),
  ];
  return `custom-columns=${all.map(([name = '', path = '']) => `${name.toUpperCase()}:${path}`).join(',')}`;
}

/** The rows of such a table that are meant, with the column that says why; how many there were when none is. */
export function rowLines(text: string, { columns, has, lacks, set }: Rows): string {
  const [head = '', ...rows] = text.split('\n').filter((line) => line.trim() !== '');
  if (rows.length === 0) return head === '' ? '' : 'an empty list';
  const titles = cells(head);
  const meant = rows.map(cells).flatMap((row) => {
    const at = (column: string) => row[titles.indexOf(column.toUpperCase())] ?? none;
    const sorts = columns.flatMap((column) => [
      column,
      ...(at(`init-${column}`) === none ? [] : [`init-${column}`]),
    ]);
    const values = sorts.map(at);
    const found = (words: readonly string[]) => values.some((value) => words.some((w) => value.includes(w)));
    const wanted =
      (has === undefined || found(has)) &&
      (lacks === undefined || !hasThroughout(columns, lacks, at, titles)) &&
      (!set || values.some((value) => value !== none));
    const said = sorts.map((column, n) => `${column} ${values[n]}`).join(', ');
    return wanted ? [`${row[0] === none ? '' : `${row[0]}/`}${row[1]}: ${said}`] : [];
  });
  return meant.length === 0 ? `none of ${rows.length}` : meant.join('\n');
}

/**
 * Whether one of these columns has one of the words: that of a pod once, that of containers for each of them. A container that says
 * otherwise outranks its pod.
 */
function hasThroughout(
  columns: readonly string[],
  words: readonly string[],
  at: (column: string) => string,
  titles: readonly string[],
): boolean {
  const fits = (item: string) => words.some((word) => item.includes(word));
  const whole = columns.some((column) => {
    if (!titles.includes(`INIT-${column.toUpperCase()}`)) return fits(at(column));
    return ['', 'init-'].every((sort) => {
      const names = items(at(`${sort}containers`)).length;
      return items(at(`${sort}${column}`)).filter(fits).length >= names;
    });
  });
  const against = columns
    .filter((column) => titles.includes(`INIT-${column.toUpperCase()}`))
    .flatMap((column) => [...items(at(column)), ...items(at(`init-${column}`))])
    .some((item) => !item.startsWith('[') && !fits(item));
  return whole && !against;
}

/** The values of a cell: kubectl joins them by commas, and puts a list in brackets. */
function items(cell: string): readonly string[] {
  return cell === none ? [] : (cell.match(/\[[^\]]*\]|[^,]+/g) ?? []);
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
