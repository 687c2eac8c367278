import { posix } from 'node:path';
import type { Answer } from '../domain/answer.ts';
import { statFormat } from '../domain/evidence.ts';
import type { Words } from '../domain/question.ts';
import { fileAt, statText, tree } from './files.ts';
import type { LabNode } from './state.ts';

/** `stat -c FORMAT PATH` for the name of what is there, or its owner's number and name; nothing in the lab is a link. */
export function statPrint(node: LabNode, words: Words): Answer | undefined {
  const [flag, format, path = '', ...more] = words;
  if (flag !== '-c' || more.length > 0 || (format !== '%N' && format !== '%u %U')) return undefined;
  const file = fileAt(node, path);
  if (!file)
    return { kind: 'failed', exit: 1, message: `stat: cannot statx '${path}': No such file or directory` };
  const [, owner = '', , uid = ''] = statText(node, file).split('|');
  return { kind: 'said', text: format === '%N' ? `'${path}'\n` : `${uid} ${owner}\n` };
}

/**
 * `readlink -f PATH`, `stat -L -c` in the form of a listing and `ls -ldL`, of folders and those above them; nothing in the lab is a link or
 * has an access list.
 */
export function waysUp(node: LabNode, [program, ...words]: Words): Answer | undefined {
  const flags = { readlink: '-f', stat: `-L -c %n|${statFormat}`, ls: '-ldL' }[program ?? ''];
  const paths = words.slice(flags?.split(' ').length);
  if (flags === undefined || words.slice(0, -paths.length).join(' ') !== flags) return undefined;
  const lines = paths.map((path) => {
    const file = fileAt(node, posix.normalize(path));
    if (!file) return undefined;
    const bits = Number.parseInt(file.mode, 8);
    const mode = [...'rwxrwxrwx'].map((letter, n) => (bits & (0o400 >> n) ? letter : '-')).join('');
    if (program === 'ls') return `d${mode} 2 ${file.owner} ${file.group} 4096 Nov 14  2023 ${path}\n`;
    return program === 'stat' ? `${path}|${statText(node, file)}\n` : `${path}\n`;
  });
  const [missing] = paths.filter((_, n) => lines[n] === undefined);
  return missing === undefined
    ? { kind: 'said', text: lines.join('') }
    : { kind: 'failed', exit: 1, message: `${program}: '${missing}': No such file or directory` };
}

/** `findmnt -n -o OPTIONS -T PATH`: the options of the file system that holds a path, as /proc/mounts has them. */
export function mountOptions(node: LabNode, words: Words): Answer | undefined {
  const path = words.at(-1) ?? '';
  if (words.slice(0, -1).join(' ') !== '-n -o OPTIONS -T') return undefined;
  const mounts = (fileAt(node, '/proc/mounts')?.text ?? '').split('\n').map((line) => line.split(' '));
  const holding = mounts
    .filter(([, at = '']) => at === path || at === '/' || (at !== '' && path.startsWith(`${at}/`)))
    .toSorted(([, a = ''], [, b = '']) => b.length - a.length);
  return { kind: 'said', text: `${holding[0]?.[3] ?? 'rw,relatime'}\n` };
}

/** `find FOLDER -maxdepth 1 ( -type f -empty ) -print`: the files without a byte. */
export function emptyFiles(node: LabNode, words: Words): Answer | undefined {
  const [folder = '', ...tests] = words;
  if (tests.join(' ') !== '-maxdepth 1 ( -type f -empty ) -print') return undefined;
  if (!fileAt(node, folder))
    return { kind: 'failed', exit: 1, message: `find: '${folder}': No such file or directory` };
  const paths = tree(node, folder).filter(
    ([path, { text }]) => text === '' && !path.slice(folder.length + 1).includes('/'),
  );
  return { kind: 'said', text: paths.map(([path]) => `${path}\n`).join('') };
}
