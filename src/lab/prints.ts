import type { Answer } from '../domain/answer.ts';
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
