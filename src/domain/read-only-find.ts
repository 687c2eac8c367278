import type { Words } from './question.ts';

const tests =
  /^-(H|L|P|maxdepth|mindepth|xdev|mount|depth|follow|daystart|type|name|iname|path|ipath|wholename|regex|iregex|regextype|size|empty|perm|user|group|uid|gid|nouser|nogroup|links|inum|samefile|newer|newermt|anewer|cnewer|mtime|mmin|ctime|cmin|atime|amin|readable|writable|executable|not|a|o|and|or|true|false|prune|quit|print|print0|printf|ls)$/;

/** What `-exec` may start. Those that open what was found must not begin where devices lie. */
const lookers = ['stat', 'ls'];
const openers = ['cat', 'head', 'tail', 'sha256sum', 'grep'];
const deviceRoots = /^\/+((dev|proc|sys)(\/|$)|$)/;

/** Whether `find` with these words only reads; `reads` looks at what its -exec starts. */
export function findReads(words: Words, reads: (command: Words) => true | string): true | string {
  // A relative name depends on the folder of the login.
  const [start = ''] = words.filter((word) => !/^-[HLP]$/.test(word));
  if (!start.startsWith('/')) return 'find must be told an absolute path to begin at';
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '-exec') {
      const end = words.findIndex((w, n) => n > i && (w === ';' || (w === '+' && words[n - 1] === '{}')));
      const command = words.slice(i + 1, end < 0 ? undefined : end);
      const refusal = execRefusal(command, words, reads);
      if (refusal !== undefined) return refusal;
      if (end < 0) return 'find -exec has no end';
      i = end;
    } else if (word.startsWith('-') && !tests.test(word) && !/^-\d+[a-zA-Z]?$/.test(word))
      return `find ${word} is not known to only read`;
  }
  return true;
}

function execRefusal(
  command: Words,
  words: Words,
  reads: (command: Words) => true | string,
): string | undefined {
  const [program = ''] = command;
  const opens = openers.includes(program);
  if (!opens && !lookers.includes(program)) return `find -exec ${program} is not known to only read`;
  const inner = reads(command);
  if (inner !== true) return inner;
  const root = opens ? words.find((word) => deviceRoots.test(word)) : undefined;
  return root === undefined ? undefined : `find ${root} with -exec ${program} could open a device`;
}
