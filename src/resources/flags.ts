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

/** What a flag is set to by the arguments of a process; undefined when it is not given. */
export function flagValue(args: readonly string[], flag: string): string | undefined {
  const values = args.flatMap((arg, at): string[] => {
    const bare = arg.replace(/^--?/, '');
    if (bare === arg) return [];
    if (bare.startsWith(`${flag}=`)) return [bare.slice(flag.length + 1)];
    if (bare !== flag) return [];
    const next = args[at + 1];
    return [next === undefined || next.startsWith('-') ? 'true' : next];
  });
  return accumulates(flag) && values.length > 0 ? values.join(',') : values.at(-1);
}

/** The items of a list flag. */
export function flagItems(value: string): readonly string[] {
  return value.split(',').filter((item) => item !== '');
}
