import { homedir, userInfo } from 'node:os';
import { fail, ok, type Result } from '../domain/failure.ts';
import { bareConfigOf, isBare } from './bare-config.ts';
import { expandPath, splitPaths } from './paths.ts';
import { type RunTool, runTool, type ToolRun } from './tool.ts';

/** What is to be reached, as the operator wrote it; an empty user or port 0 leaves that to the ssh configuration. */
export type Wanted = { readonly host: string; readonly port: number; readonly user: string };

/** The effective client configuration for one host. */
export type HostConfig = {
  readonly alias: string;
  readonly hostname: string;
  readonly port: number;
  readonly user: string;
  /** Names of key files, expanded; `named` tells whether the operator wrote them or they are OpenSSH's defaults. */
  readonly identities: readonly string[];
  readonly named: boolean;
  readonly identitiesOnly: boolean;
  readonly certificates: readonly string[];
  /** The agent's socket; undefined when there is none. */
  readonly agent: string | undefined;
  /** Jump hosts, nearest first. */
  readonly jumps: readonly string[];
  readonly proxyCommand: string | undefined;
  readonly hostKeyAlias: string | undefined;
  readonly userKnownHosts: readonly string[];
  readonly globalKnownHosts: readonly string[];
  readonly hashKnownHosts: boolean;
  /** Unknown host keys are refused without asking (`StrictHostKeyChecking yes`). */
  readonly strict: boolean;
  /** How RSA keys may sign (of `PubkeyAcceptedAlgorithms`), the preferred first. */
  readonly rsaSignatures: readonly string[];
};

/** Where the configuration comes from. */
export type ConfigSource = {
  /** The ssh program; undefined in the lab, where OpenSSH is not asked at all. */
  readonly ssh: string | undefined;
  /** What OpenSSH says when no file is read; with it a plain host needs no process of its own. */
  readonly bare?: () => Promise<ToolRun>;
  /** How it is run, where several ask the same. */
  readonly run?: RunTool;
  /** The configuration file; `false` for none, undefined for the operator's own. */
  readonly file: string | false | undefined;
  readonly agent: string | false | undefined;
  readonly knownHosts: string | undefined;
  /** A key file that goes before all others. */
  readonly identity: string | undefined;
};

/** Asks `ssh -G` what holds for a host; what the operator wrote wins. */
export async function resolveHost(wanted: Wanted, source: ConfigSource): Promise<Result<HostConfig>> {
  if (source.ssh === undefined) return ok(withChoices(plain(wanted), source));
  const run = await askSsh(wanted, source.ssh, source);
  if (run.kind === 'missing') {
    const message = `OpenSSH's ssh was not found (${source.ssh}); without it the ssh configuration cannot be read. Install the OpenSSH client.`;
    return fail({ code: 'refused', message });
  }
  const path = source.file || '~/.ssh/config';
  if (run.kind === 'late') {
    const message = `${path} cannot be read: ssh -G ${wanted.host} did not answer within ${run.seconds} s. See whether the command of a Match exec in it ends.`;
    return fail({ code: 'refused', message });
  }
  if (run.exit !== 0) {
    const [first = `ssh -G ended with ${run.exit}`] = run.err
      .split('\n')
      .filter((l) => l.trim() !== '' && !/pseudo-terminal/i.test(l));
    return fail({ code: 'file-unreadable', path, message: first.trim() });
  }
  return ok(withChoices(parse(run.out, wanted), source));
}

async function askSsh(
  wanted: Wanted,
  ssh: string,
  { file, bare, run: ask = runTool, knownHosts }: ConfigSource,
): Promise<ToolRun> {
  // Then nothing is left to ask: OpenSSH's own names of key files are the same everywhere.
  if (file === false && knownHosts !== undefined && isBare(wanted))
    return { kind: 'ran', exit: 0, out: withoutFiles, err: '' };
  if (file === false && bare && isBare(wanted)) {
    const run = await bare();
    return run.kind === 'ran' ? { ...run, out: bareConfigOf(wanted, run.out) } : run;
  }
  return ask(ssh, [
    '-G',
    ...(file === undefined ? [] : ['-F', file === false ? 'none' : file]),
    ...(wanted.user ? ['-l', wanted.user] : []),
    ...(wanted.port ? ['-p', String(wanted.port)] : []),
    '--',
    wanted.host,
  ]);
}

const defaultIdentities = [
  'id_rsa',
  'id_ecdsa',
  'id_ecdsa_sk',
  'id_ed25519',
  'id_ed25519_sk',
  'id_xmss',
  'id_dsa',
];

/** What of OpenSSH's answer counts when no configuration is read and the known hosts are named. */
const withoutFiles = defaultIdentities.map((name) => `identityfile ~/.ssh/${name}`).join('\n');

function plain(wanted: Wanted): HostConfig {
  return {
    alias: wanted.host,
    hostname: wanted.host.toLowerCase(),
    port: wanted.port || 22,
    user: wanted.user || userInfo().username,
    identities: [],
    named: false,
    identitiesOnly: false,
    certificates: [],
    agent: undefined,
    jumps: [],
    proxyCommand: undefined,
    hostKeyAlias: undefined,
    userKnownHosts: [`${homedir()}/.ssh/known_hosts`],
    globalKnownHosts: [],
    hashKnownHosts: false,
    strict: false,
    rsaSignatures: ['rsa-sha2-512', 'rsa-sha2-256'],
  };
}

function parse(text: string, wanted: Wanted): HostConfig {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(' ');
    if (at <= 0) continue;
    const key = line.slice(0, at).toLowerCase();
    values.set(key, [...(values.get(key) ?? []), line.slice(at + 1)]);
  }
  const one = (key: string): string | undefined => none(values.get(key)?.[0]);
  const base = plain(wanted);
  const hostname = one('hostname') ?? base.hostname;
  const user = one('user') ?? base.user;
  const port = Number(one('port') ?? base.port);
  const tokens = { h: hostname, n: wanted.host, p: String(port), r: user };
  const identities = (values.get('identityfile') ?? []).filter((path) => none(path) !== undefined);
  return {
    ...base,
    hostname,
    port,
    user,
    identities: identities.map((path) => expandPath(path, tokens)),
    named: identities.some((path) => !defaultIdentities.includes(path.replace('~/.ssh/', ''))),
    identitiesOnly: one('identitiesonly') === 'yes',
    certificates: (values.get('certificatefile') ?? []).map((path) => expandPath(path, tokens)),
    agent: agentSocket(values.get('identityagent')?.[0], tokens),
    jumps: one('proxyjump')?.split(',') ?? [],
    proxyCommand: one('proxycommand'),
    hostKeyAlias: one('hostkeyalias'),
    userKnownHosts: splitPaths(one('userknownhostsfile') ?? '').map((path) => expandPath(path, tokens)),
    globalKnownHosts: splitPaths(one('globalknownhostsfile') ?? '').map((path) => expandPath(path, tokens)),
    hashKnownHosts: one('hashknownhosts') === 'yes',
    strict: ['yes', 'true'].includes(one('stricthostkeychecking') ?? ''),
    // The second name is that of OpenSSH before 8.5.
    rsaSignatures:
      (one('pubkeyacceptedalgorithms') ?? one('pubkeyacceptedkeytypes'))
        ?.split(',')
        .filter((name) => base.rsaSignatures.includes(name)) ?? base.rsaSignatures,
  };
}

function withChoices(config: HostConfig, source: ConfigSource): HostConfig {
  return {
    ...config,
    ...(source.knownHosts ? { userKnownHosts: [source.knownHosts], globalKnownHosts: [] } : {}),
    ...(source.identity
      ? { identities: [expandPath(source.identity), ...config.identities], named: true }
      : {}),
    ...(source.agent === undefined ? {} : { agent: source.agent || undefined }),
  };
}

function agentSocket(said: string | undefined, tokens: Readonly<Record<string, string>>): string | undefined {
  if (said === undefined || said === 'SSH_AUTH_SOCK') return process.env.SSH_AUTH_SOCK || undefined;
  if (none(said) === undefined) return undefined;
  if (said.startsWith('$')) return process.env[said.slice(1).replace(/^\{(.*)\}$/, '$1')] || undefined;
  return expandPath(said, tokens);
}

function none(value: string | undefined): string | undefined {
  return value === undefined || value === '' || value.toLowerCase() === 'none' ? undefined : value;
}
