/** What the system's error codes mean, in words that can follow a colon. */
const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'part of the path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  EACCES: 'permission denied',
  EPERM: 'the system does not allow it',
  EROFS: 'it is on a read-only filesystem',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it would be too large',
  EEXIST: 'it is there already',
  ENOTEMPTY: 'the folder is not empty',
  ELOOP: 'it is a symbolic link, or a chain of them without an end',
  ENAMETOOLONG: 'its name is too long',
  EBUSY: 'it is in use',
  EMFILE: 'this program has too many files open',
  ENFILE: 'this machine has too many files open',
  EIO: 'the disk reported an error',
  EINVAL: 'the filesystem cannot do it',
  ECONNREFUSED: 'nothing listens there',
};

/** The code of an error of the system; undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * What the system said of a file or socket, in plain words; the code stands behind them, for whoever looks it up. An error that
 * is not the system's keeps its own first line.
 */
export function systemWords(error: unknown): string {
  const code = systemCode(error);
  const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  if (code === undefined) return said;
  const plain = words[code] ?? said.replace(`${code}: `, '').replace(/, \w+(?: '.*')?$/, '');
  return `${plain} (${code})`;
}
