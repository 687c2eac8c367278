import type { Plan } from '../domain/resource.ts';
import { unknown, type Verdict } from '../domain/verdict.ts';
import type { ArgumentTest } from './argument-test.ts';
import { flagItems, flagValue, whyDoubtful } from './flags.ts';
import { hasItem } from './spelling.ts';
import { refused } from './write.ts';

/** A flag whose file or list has a say in what other flags set. */
type Rival = {
  readonly service: string;
  readonly rival: string;
  /** The flags concerned; absent means all. */
  readonly flags?: readonly string[];
  /** A flag outranks what the rival says, cannot be given beside it, or counts for nothing beside it. */
  readonly flag: 'outranks' | 'excluded' | 'ignored';
};

const rivals: readonly Rival[] = [
  {
    service: 'kube-apiserver',
    rival: 'admission-control',
    flags: ['enable-admission-plugins', 'disable-admission-plugins'],
    flag: 'excluded',
  },
  {
    service: 'kube-apiserver',
    rival: 'authorization-config',
    flags: ['authorization-mode'],
    flag: 'excluded',
  },
  // What it says of anonymous requests cannot be said by the flag as well.
  {
    service: 'kube-apiserver',
    rival: 'authentication-config',
    flags: ['anonymous-auth'],
    flag: 'excluded',
  },
  { service: 'kube-scheduler', rival: 'config', flags: ['profiling', 'address', 'port'], flag: 'ignored' },
  { service: 'kube-proxy', rival: 'config', flag: 'ignored' },
  { service: 'etcd', rival: 'config-file', flag: 'ignored' },
  ...['config', 'config-dir'].map(
    (rival): Rival => ({
      service: 'kubelet',
      rival,
      flags: [
        'anonymous-auth',
        'authorization-mode',
        'client-ca-file',
        'event-qps',
        'feature-gates',
        'make-iptables-util-chains',
        'pod-manifest-path',
        'protect-kernel-defaults',
        'read-only-port',
        'rotate-certificates',
        'streaming-connection-idle-timeout',
        'tls-cert-file',
        'tls-cipher-suites',
        'tls-private-key-file',
      ],
      flag: 'outranks',
    }),
  ),
];

type Asked = ArgumentTest & { readonly service: string; readonly flag: string };

/** The verdict on a flag, unless it cannot be told what it is given, or another flag may decide the same and what that says was not read. */
export function beside(asked: Asked, commands: readonly (readonly string[])[], verdict: Verdict): Verdict {
  const doubt = commands.map((args) => whyDoubtful(args, asked.flag)).find((why) => why !== undefined);
  if (doubt !== undefined && (verdict.kind === 'pass' || verdict.kind === 'fail'))
    return unknown(`in the arguments of ${asked.service} ${doubt}`, verdict.wanted);
  const found = commands.map((args) => rivalOf(asked, args)).find((rival) => rival !== undefined);
  // What a flag outranks cannot mend it.
  if (!found || verdict.kind === 'not-applicable' || verdict.kind === 'unknown') return verdict;
  if (found.flag === 'outranks' && verdict.kind === 'fail') return verdict;
  const reason = `${asked.service} is given --${found.rival} ${found.value} too, which may decide this and was not read`;
  return unknown(reason, 'wanted' in verdict ? verdict.wanted : undefined);
}

/** Why a flag cannot be written beside what else the file holds; undefined when it can. */
export function clash(
  asked: Asked,
  words: readonly string[],
  path: string,
): Extract<Plan, { kind: 'refused' }> | undefined {
  const { service, flag, contains } = asked;
  const rival = rivalOf(asked, words);
  if (rival && rival.flag !== 'outranks') {
    const why =
      rival.flag === 'ignored'
        ? `${service} does not look at --${flag} while it is given --${rival.rival}`
        : `${service} does not start with --${flag} beside --${rival.rival}`;
    return refused(`${why}, which ${path} says`, `Set it in what --${rival.rival} names, then ask again.`);
  }
  const disabled = flagItems(flagValue(words, 'disable-admission-plugins') ?? '');
  return flag === 'enable-admission-plugins' && contains !== undefined && hasItem(disabled, contains)
    ? refused(
        `${path} turns ${contains} off with --disable-admission-plugins, and ${service} does not start with a plugin in both lists`,
        `Take ${contains} out of --disable-admission-plugins, then ask again.`,
      )
    : undefined;
}

/** The rival that is given where the flag does not settle the matter by itself. */
function rivalOf(
  { service, flag }: Asked,
  args: readonly string[],
): (Rival & { readonly value: string }) | undefined {
  // Gates of the file and of the flag are added up.
  const settled = flagValue(args, flag) !== undefined && flag !== 'feature-gates';
  for (const rival of rivals) {
    const meant = rival.service === service && (rival.flags?.includes(flag) ?? flag !== rival.rival);
    const value = meant ? flagValue(args, rival.rival) : undefined;
    if (value !== undefined && value !== '' && (rival.flag === 'ignored' || !settled))
      return { ...rival, value };
  }
  return undefined;
}
