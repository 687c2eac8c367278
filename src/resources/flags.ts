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

/** Whether a flag adds up over its occurrences. */
export function accumulates(flag: string): boolean {
  return accumulating.has(flag);
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

/** What a flag is set to by the arguments of a process; undefined when it is not given. */
export function flagValue(args: readonly string[], flag: string): string | undefined {
  const values = args.flatMap((arg, at): string[] => {
    const bare = arg.replace(/^--?/, '');
    const [name = ''] = bare.split('=', 1);
    if (bare === arg || flagName(name) !== flag) return [];
    if (bare !== name) return [bare.slice(name.length + 1)];
    const next = args[at + 1];
    return [next === undefined || next.startsWith('-') ? 'true' : next];
  });
  return accumulates(flag) && values.length > 0 ? values.join(',') : values.at(-1);
}

/**
 * What a flag is set to by items of the configuration. The distribution sorts the arguments it makes of them by their spelling, so of
 * two spellings of one flag the one with `_` comes last.
 */
export function itemsValue(items: readonly string[], flag: string): string | undefined {
  const args = items.map((item) => `--${item.replace(/^--/, '')}`);
  const nameOf = (arg: string) => arg.split('=', 1)[0] ?? '';
  return flagValue(
    args.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : Number(nameOf(a) > nameOf(b)))),
    flag,
  );
}

/** The items of a list flag. */
export function flagItems(value: string): readonly string[] {
  return value.split(',').filter((item) => item !== '');
}
