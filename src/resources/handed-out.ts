import * as z from 'zod';
import { known, type Read, unread } from '../domain/answer.ts';
import type { Place } from '../domain/distribution.ts';
import { readFile, readProcess } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import { notApplicable, unknown, type Verdict } from '../domain/verdict.ts';
import { flagValue } from './flags.ts';
import { kubeletFileQuestions, otherKubeletFile, readKubeletFiles } from './kubelet-files.ts';
import {
  handedServers,
  isAddress,
  isLoopback,
  isReal,
  isTaken,
  reachOf,
  searchDomains,
  untaken,
} from './resolv-conf.ts';
import { setting } from './setting.ts';
import { valueAt } from './tree.ts';
import { absolutePath, oneWord } from './values.ts';
import { refused } from './write.ts';
import { parseYaml, valuesOf } from './yaml-text.ts';

const system = '/etc/resolv.conf';

const schema = z.strictObject({
  /** What is wrong with it: who is asked, or more than pods take. */
  about: z.enum(['servers', 'limits']),
  /** The file of systemd-resolved that names the servers behind its own address. */
  upstream: absolutePath,
  /** What the distribution writes where it finds only loopback addresses: a public server, out of reach of many sites. */
  fallback: absolutePath.optional(),
  /** What a kubelet that is built so takes before /etc/resolv.conf, where every server in it is a real one and no flag names a file. */
  preferred: absolutePath.optional(),
  /** The folder of configuration files that the distribution hands to the kubelet. */
  folder: absolutePath.optional(),
  /** The key of the distribution's configuration that names the file; where there is none, `instead` says what to do. */
  key: oneWord.optional(),
  instead: z.string().min(1),
});

type Wanted = z.infer<typeof schema>;
type Setting = Parameters<typeof setting.judge>[1];

type Observed = {
  /** The file the kubelet copies into pods that ask for the node's own resolver, CoreDNS among them; undefined when none runs. */
  readonly used: string | undefined;
  readonly texts: ReadonlyMap<string, string | undefined>;
  readonly setting: Setting | undefined;
};

/** What a cure sets. */
function settingWanted(wanted: Wanted): Parameters<typeof setting.ask>[0] | undefined {
  return wanted.key === undefined ? undefined : { key: wanted.key, value: wanted.upstream };
}

function paths({ upstream, fallback, preferred }: Wanted): readonly string[] {
  const others = [fallback, preferred].filter((path) => path !== undefined);
  return [...new Set([system, upstream, ...others])];
}

const kubelet: Question = { kind: 'process', name: 'kubelet' };

/** The resolver that the kubelet hands out to pods: real name servers, reachable from a pod, and no more of them than a pod takes. */
export const handedOut: Resource<Wanted, Observed> = {
  type: 'handed-out',
  schema,
  ask: (wanted, place) => {
    const cure = settingWanted(wanted);
    return [
      kubelet,
      ...paths(wanted).map((path): Question => ({ kind: 'file', path })),
      ...(wanted.folder ? kubeletFileQuestions(wanted.folder) : []),
      ...(cure ? setting.ask(cure, place) : []),
    ];
  },
  read: (wanted, answers, place): Read<Observed> => {
    const processes = readProcess(answerTo(answers, kubelet), 'kubelet');
    if (!processes.known) return processes;
    const texts = new Map<string, string | undefined>();
    for (const path of paths(wanted)) {
      const text = readFile(answerTo(answers, { kind: 'file', path }), path);
      if (!text.known) return text;
      texts.set(path, text.value);
    }
    const cure = settingWanted(wanted);
    const read = cure && setting.read(cure, answers, place);
    if (read && !read.known) return read;
    const args = processes.value?.[0];
    const named = args ? namedBy(wanted, args, answers) : known(undefined);
    if (!named.known) return named;
    const used = args && (named.value ?? unasked(wanted, texts));
    return known({ used, texts, setting: read?.value });
  },
  judge,
  change,
};

/** The file that a flag of the kubelet names, else the last of its configuration files that does. */
function namedBy({ folder }: Wanted, args: readonly string[], answers: Answers): Read<string | undefined> {
  const given = flagValue(args, 'resolv-conf');
  if (given !== undefined) return known(given);
  let named: string | undefined;
  const files = folder === undefined ? known([]) : readKubeletFiles(args, folder, answers);
  if (!files.known) return files;
  for (const { path, text } of files.value) {
    const said = resolvConfOf(path, text);
    if (!said.known) return said;
    named = said.value ?? named;
  }
  const other = otherKubeletFile(args);
  return named === undefined && other !== undefined ? unread(other) : known(named);
}

/** The file that the kubelet takes where nothing names one. */
function unasked({ preferred }: Wanted, texts: Observed['texts']): string {
  const servers = handedServers(preferred === undefined ? '' : (texts.get(preferred) ?? ''));
  return preferred !== undefined && servers.length > 0 && servers.every(isReal) ? preferred : system;
}

/** The file that one of the kubelet's own configuration files names. */
function resolvConfOf(path: string, text: string): Read<string | undefined> {
  const parsed = parseYaml(text, path);
  const tree = parsed.known ? valuesOf(parsed.value, path) : parsed;
  if (!tree.known) return tree;
  const said = valueAt(tree.value, ['resolvConf']);
  return known(typeof said === 'string' && said !== '' ? said : undefined);
}

function judge(wanted: Wanted, observed: Observed, place: Place): Verdict {
  const { used, texts } = observed;
  const aim =
    wanted.about === 'servers'
      ? 'name servers that a pod can reach'
      : 'at most 3 name servers and 32 search domains of 2048 characters';
  if (used === undefined) return notApplicable('no kubelet runs here, so none hands a resolver out');
  if (!texts.has(used)) return unknown(`the kubelet hands out ${used}, which was not asked for`, aim);
  const text = texts.get(used);
  if (text === undefined)
    return wanted.about === 'limits'
      ? notApplicable(`${used} is not there, so nothing in it is too much`)
      : { kind: 'fail', found: `the kubelet hands out ${used}, which is not there`, wanted: aim };
  const fault = wanted.about === 'servers' ? badServers(wanted, used, texts) : tooMuch(text);
  const words = `the kubelet hands out ${used}: ${handedServers(text).join(', ') || 'no name server'}`;
  if (fault === undefined) return { kind: 'pass', found: words, wanted: aim };
  const cure = settingWanted(wanted);
  const set = cure && observed.setting && setting.judge(cure, observed.setting, place);
  return set && ['pending-restart', 'pass'].includes(set.kind) && wanted.about === 'servers'
    ? {
        kind: 'pending-restart',
        found: words,
        wanted: aim,
        reason: `${wanted.key} says ${wanted.upstream}, from the next start on`,
      }
    : { kind: 'fail', found: `${words}; ${fault}`, wanted: aim };
}

function change(wanted: Wanted, observed: Observed, place: Place): Plan {
  const verdict = judge(wanted, observed, place);
  if (verdict.kind !== 'fail') return { kind: 'nothing' };
  const better = [system, wanted.upstream].find(
    (path) => path !== observed.used && isTaken(observed.texts.get(path) ?? ''),
  );
  if (wanted.about === 'servers' && observed.used === wanted.fallback && better !== undefined)
    return refused(
      `it was chosen when the service last started, and ${better} names real servers by now`,
      'Restart the service of this node (Restarts), then ask again with r.',
    );
  const behind = handedServers(observed.texts.get(wanted.upstream) ?? '');
  const cure = settingWanted(wanted);
  const reaches = behind.map(reachOf);
  const isFit = reaches.includes('global') && reaches.every((r) => r === 'global' || r === 'multicast');
  if (wanted.about === 'limits' || !cure || !observed.setting || !isFit) {
    const passed = observed.used === wanted.fallback ? passedBy(wanted, observed.texts) : undefined;
    const why = `${observed.used} is for the owner of this machine to correct`;
    return refused(wanted.about === 'servers' && passed ? `${why}: ${passed}` : why, wanted.instead);
  }
  return setting.change(cure, observed.setting, place);
}

function badServers(wanted: Wanted, used: string, texts: Observed['texts']): string | undefined {
  const servers = handedServers(texts.get(used) ?? '');
  if (used === wanted.fallback)
    return `the distribution wrote that file itself, with a public server, because ${passedBy(wanted, texts) ?? 'no file named a server that it takes when it started'}`;
  const wrong = servers.filter((server) => !isAddress(server));
  if (wrong.length > 0)
    return `${wrong.join(', ')} is no IP address, so a pod that is handed it asks nobody there`;
  if (servers.length === 0) return 'pods that ask for it have nobody to ask';
  const own = servers.filter(isLoopback);
  return own.length > 0
    ? `${own.join(', ')} is the pod itself to a pod, so CoreDNS would ask itself`
    : undefined;
}

/** Why the distribution takes none of the files that it knows; undefined where it would take one by now. */
function passedBy({ upstream }: Wanted, texts: Observed['texts']): string | undefined {
  const files = [system, upstream].map((path) => [path, texts.get(path) ?? ''] as const);
  if (files.some(([, text]) => isTaken(text))) return undefined;
  const named = files.flatMap(([path, text]) =>
    untaken(text).map((server) => `${server} in ${path} is ${kindOf(server)}`),
  );
  const only = 'the distribution takes only globally routable addresses';
  return named.length > 0 ? `${only}, and ${named.join(', ')}` : `${only}, and no file names one`;
}

function kindOf(server: string): string {
  const reach = reachOf(server);
  if (reach === undefined) return 'no IP address';
  return reach === 'global'
    ? 'bound to an interface'
    : { loopback: 'a loopback one', 'link-local': 'a link-local one', multicast: 'a multicast one' }[reach];
}

function tooMuch(text: string): string | undefined {
  const servers = handedServers(text);
  const domains = searchDomains(text);
  const length = domains.join(' ').length;
  if (servers.length > 3) return `the ${servers.length - 3} after the third are left out of every pod`;
  if (domains.length > 32) return `${domains.length} search domains, of which pods take 32`;
  return length > 2048 ? `search domains of ${length} characters, of which pods take 2048` : undefined;
}
