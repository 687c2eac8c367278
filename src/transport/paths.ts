import { homedir, userInfo } from 'node:os';

/** Expands `~` and OpenSSH's `%` tokens in the name of a file. */
export function expandPath(path: string, tokens: Readonly<Record<string, string>> = {}): string {
  const home = path === '~' || path.startsWith('~/') ? homedir() + path.slice(1) : path;
  return home.replaceAll(/%([a-zA-Z%])/g, (whole, token: string) => tokens[token] ?? general(token) ?? whole);
}

/** Looked up only when it is wanted: who one is takes a look into the accounts of the system. */
function general(token: string): string | undefined {
  switch (token) {
    case 'd':
      return homedir();
    case 'u':
      return userInfo().username;
    case 'i':
      return String(userInfo().uid);
    case '%':
      return '%';
    default:
      return undefined;
  }
}

/** Takes apart a list of files that `ssh -G` joins with blanks: a new name starts with `/`, `~` or `%`. */
export function splitPaths(text: string): readonly string[] {
  return text === '' ? [] : text.split(/ (?=[/~%])/);
}

/** The path as a person writes it: the home folder as `~`. */
export function shortPath(path: string): string {
  const home = homedir();
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** An address taken apart: `[user@]host[:port]`, `[v6]:port`, or an `ssh://` address. */
export function parseHop(text: string): {
  readonly user: string;
  readonly host: string;
  readonly port: number;
} {
  const bare = text.replace(/^ssh:\/\//, '').replace(/\/$/, '');
  const at = bare.lastIndexOf('@');
  const place = bare.slice(at + 1);
  const found = /^\[(.+)\](?::(\d+))?$/.exec(place) ?? /^([^:]+):(\d+)$/.exec(place);
  return {
    user: at > 0 ? bare.slice(0, at) : '',
    host: found?.[1] ?? place,
    port: Number(found?.[2] ?? 0),
  };
}
