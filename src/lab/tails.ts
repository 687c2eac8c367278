import type { Answer } from '../domain/answer.ts';
import type { Words } from '../domain/question.ts';
import { fileAt, tree } from './files.ts';
import type { LabNode } from './state.ts';

/**
 * `find ROOT -type f -path P -name N -mmin -M -exec tail -q -n K {} +`: the ends of the logs below a folder. How old they are is
 * not looked at. Undefined for any other `find`.
 */
export function tails(node: LabNode, words: Words): Answer | undefined {
  const [root = '', ...rest] = words[1] === '-type' && words[2] === 'f' ? words.toSpliced(1, 2) : words;
  const exec = rest.indexOf('-exec');
  const last = /^tail -q -n (\d+) \{\} \+$/.exec(rest.slice(exec + 1).join(' '))?.[1];
  const tests = pairs(rest.slice(0, exec));
  if (exec < 0 || last === undefined || tests.some(([flag]) => !['-path', '-name', '-mmin'].includes(flag)))
    return undefined;
  if (!fileAt(node, root))
    return { kind: 'failed', exit: 1, message: `find: '${root}': No such file or directory` };
  const texts = tree(node, root).flatMap(([path, { text }]) =>
    text !== undefined && tests.every(([flag, value]) => flag === '-mmin' || holds(flag, value, path))
      ? [text]
      : [],
  );
  const lines = texts.flatMap((text) => text.replace(/\n$/, '').split('\n').slice(-Number(last)));
  return { kind: 'said', text: lines.map((line) => `${line}\n`).join('') };
}

function pairs(words: Words): readonly (readonly [string, string])[] {
  return words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1] ?? ''] as const] : []));
}

/** In the patterns of find a star crosses slashes. */
function holds(flag: string, value: string, path: string): boolean {
  const source = value.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(flag === '-name' ? path.slice(path.lastIndexOf('/') + 1) : path);
}
