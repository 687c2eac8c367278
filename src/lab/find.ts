import type { Answer } from '../domain/answer.ts';
import { statFormat } from '../domain/evidence.ts';
import type { Words } from '../domain/question.ts';
import { fileAt, statText, tree } from './files.ts';
import type { LabFile, LabNode } from './state.ts';

type Found = readonly [path: string, file: LabFile];
type Test = (found: Found, depth: number) => boolean;

/** The tests of `find` that the lab knows, by the word and its value. */
const tests: Readonly<Record<string, (value: string) => Test | undefined>> = {
  '-mindepth': (value) => (_, depth) => depth >= Number(value),
  '-maxdepth': (value) => (_, depth) => depth <= Number(value),
  '-type':
    (value) =>
    ([, { text }]) =>
      value === (text === undefined ? 'd' : 'f'),
  '-regextype': (value) => (value === 'posix-extended' ? () => true : undefined),
  '-regex':
    (value) =>
    ([path]) =>
      new RegExp(`^(?:${value})$`).test(path),
  '-perm': (value) => {
    const bits = Number.parseInt(value.slice(1), 8);
    return value.startsWith('-') ? ([, { mode }]) => (Number.parseInt(mode, 8) & bits) === bits : undefined;
  },
};

/**
 * `find FOLDER TESTS`, ended by `-print -quit` or by a `stat` of what is found. The lab has one filesystem and no links. Undefined for
 * any other `find`.
 */
export function finds(node: LabNode, words: Words): Answer | undefined {
  const [root = '', ...rest] = /^-[HP]$/.test(words[0] ?? '') ? words.slice(1) : words;
  const stat = `-exec stat -c %n|${statFormat} {} +`;
  const said = rest.join(' ');
  const end = [' -print -quit', ` ${stat}`].find((each) => said.endsWith(each));
  const asked = end && testsIn(rest.slice(0, rest.length - end.trim().split(' ').length));
  if (!asked) return undefined;
  if (!fileAt(node, root))
    return { kind: 'failed', exit: 1, message: `find: '${root}': No such file or directory` };
  const found = tree(node, root).filter((each) => {
    const depth = each[0].split('/').length - root.split('/').length;
    return asked.every((test) => test(each, depth));
  });
  const lines =
    end === ' -print -quit'
      ? found.slice(0, 1).map(([path]) => path)
      : found.map(([path, file]) => `${path}|${statText(node, file)}`);
  return { kind: 'said', text: lines.map((line) => `${line}\n`).join('') };
}

/**
 * The words of `find -L ROOT -path ROOT -print -o REST` without what names ROOT first, as logs are searched; undefined for any other.
 * The lab has no links to follow.
 */
export function withoutRoot(words: Words): { readonly root: string; readonly rest: Words } | undefined {
  const [follow, root = '', ...more] = words;
  const at = more[0] === '-maxdepth' ? 2 : 0;
  if (follow !== '-L' || more.slice(at, at + 4).join(' ') !== `-path ${root} -print -o`) return undefined;
  return { root, rest: [root, ...more.slice(0, at), ...more.slice(at + 4)] };
}

function testsIn(words: Words): readonly Test[] | undefined {
  const read: Test[] = [];
  for (let i = 0; i < words.length; i++) {
    if (words[i] === '-xdev') continue;
    const not = words[i] === '-not';
    if (not) i++;
    const test = tests[words[i] ?? '']?.(words[i + 1] ?? '');
    if (!test) return undefined;
    i++;
    read.push(not ? (found, depth) => !test(found, depth) : test);
  }
  return read;
}
