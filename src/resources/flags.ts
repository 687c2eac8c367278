import { flagKind } from './flag-kinds.ts';

/** Flags that Kubernetes adds up when they are given more than once; of all others the last one counts. */
const accumulating = new Set([
  'admission-control',
  'allow-metric-labels',
  'api-audiences',
  'authorization-mode',
  'disable-admission-plugins',
  'enable-admission-plugins',
  'etcd-servers',
  'feature-gates',
  'kubelet-preferred-address-types',
  'node-labels',
  'register-with-taints',
  'runtime-config',
  'service-account-issuer',
  'service-account-key-file',
  'tls-cipher-suites',
  'tls-sni-cert-key',
]);

/** Whether a flag adds up over its occurrences; of the kubelet's one mode of authorization the last counts. */
export function accumulates(flag: string, component?: string): boolean {
  return accumulating.has(flag) && !(component === 'kubelet' && flag === 'authorization-mode');
}

/** Flags that are given once for each value, whole: a comma would become part of it. */
const repeated = new Set(['service-account-issuer', 'service-account-key-file']);

/** Whether each value of a flag has a flag of its own. */
export function isRepeated(flag: string): boolean {
  return repeated.has(flag);
}

/** The name of a flag as it is documented: the components of Kubernetes take `_` in it for `-`. */
export function flagName(spelled: string): string {
  return spelled.replaceAll('_', '-');
}

/** A flag as it is given: its value, the word it begins with and how many words it is made of. */
export type GivenFlag = {
  readonly name: string;
  readonly value: string;
  readonly at: number;
  readonly words: 1 | 2;
  /** The word after it, where that may be its value or a flag of its own: which of the two is not known. */
  readonly doubtful?: string;
};

/**
 * The flags among arguments, as the components read them: a flag that is no truth value takes the next word, whatever it looks like.
 * A flag of no known kind takes one that does not look like a flag.
 */
export function givenFlags(args: readonly string[]): readonly GivenFlag[] {
  const before = readFlags.get(args);
  if (before) return before;
  const given: GivenFlag[] = [];
  for (let at = 0; at < args.length; ) {
    const one = flagAt(args, at);
    if (one) given.push(one);
    at += one?.words ?? 1;
  }
  readFlags.set(args, given);
  return given;
}

// Many controls look at the same processes, each for other flags.
const readFlags = new WeakMap<readonly string[], readonly GivenFlag[]>();

function flagAt(args: readonly string[], at: number): GivenFlag | undefined {
  const [, spelled, after] = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(args[at] ?? '') ?? [];
  if (spelled === undefined) return undefined;
  const name = flagName(spelled);
  if (after !== undefined) return { name, value: after, at, words: 1 };
  const kind = flagKind(name);
  const next = args[at + 1];
  if (kind === 'truth') return { name, value: 'true', at, words: 1 };
  if (kind === 'valued')
    return next === undefined ? { name, value: '', at, words: 1 } : { name, value: next, at, words: 2 };
  if (next === undefined) return { name, value: 'true', at, words: 1 };
  return next.startsWith('-')
    ? { name, value: 'true', at, words: 1, doubtful: next }
    : { name, value: next, at, words: 2 };
}

/** What a flag is set to by the arguments of a process; undefined when it is not given. */
export function flagValue(args: readonly string[], flag: string, component?: string): string | undefined {
  const values = givenFlags(args).flatMap(({ name, value }) => (name === flag ? [value] : []));
  return accumulates(flag, component) && values.length > 0 ? values.join(',') : values.at(-1);
}

/** Whether a word is of the form of a flag: two dashes, or one and a name that is known. */
export function looksLikeFlag(word: string): boolean {
  const name = /^-([^-=][^=]*)/.exec(word)?.[1];
  return /^--./.test(word) || (name !== undefined && flagKind(flagName(name)) !== 'unknown');
}

/** Why what a flag is set to cannot be told by the arguments; undefined when it can. */
export function whyDoubtful(args: readonly string[], flag: string): string | undefined {
  const doubt = givenFlags(args).find(
    ({ name, doubtful }) =>
      doubtful !== undefined &&
      ((name === flag && !looksLikeFlag(doubtful)) ||
        givenFlags([doubtful]).some((next) => next.name === flag)),
  );
  return doubt && `--${doubt.name} stands before ${doubt.doubtful}, which may be its value or a flag`;
}

/**
 * What a flag is set to by items of the configuration. The distribution sorts the arguments it makes of them by their spelling, so of
 * two spellings of one flag the one with `_` comes last.
 */
export function itemsValue(items: readonly string[], flag: string): string | undefined {
  // It writes every one with its value, and takes one without for true.
  const args = items.map((item) => `--${item.replace(/^--/, '')}${item.includes('=') ? '' : '=true'}`);
  const nameOf = (arg: string) => arg.split('=', 1)[0] ?? '';
  return flagValue(
    args.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : Number(nameOf(a) > nameOf(b)))),
    flag,
  );
}

/** The items of a list flag, without the quotes that the components take away as of a table with commas. */
export function flagItems(value: string): readonly string[] {
  if (!value.includes('"')) return value.split(',').filter((item) => item !== '');
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  const items: string[] = [];
  while (field.lastIndex < value.length) {
    const [, quoted, plain = '', end] = field.exec(value) ?? [];
    // No component starts with quotes of another form: whatever stands between them counts.
    if (end === undefined) return flagItems(value.replaceAll('"', ''));
    items.push(quoted?.replaceAll('""', '"') ?? plain);
  }
  return items.filter((item) => item !== '');
}

/** The items as one value; what has a comma or quotes in it gets quotes. */
export function joinedItems(items: readonly string[]): string {
  return items.map((item) => (/[",]/.test(item) ? `"${item.replaceAll('"', '""')}"` : item)).join(',');
}
