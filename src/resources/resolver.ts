import * as z from 'zod';
import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { readFile, readStat, readUnit, type Stat } from '../domain/evidence.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import type { Verdict } from '../domain/verdict.ts';
import { asksNobody, nobodyListens } from './name-service.ts';
import { isLoopback, isMeant, nameServers, passedOver, wellWritten } from './resolv-conf.ts';
import { refused, stepsOrNothing, writeFile } from './write.ts';

const schema = z.strictObject({
  /** Where name servers of this machine are written down besides, in the order in which they are believed. */
  sources: z.array(z.string().startsWith('/')).min(1).readonly(),
});

type Wanted = z.infer<typeof schema>;

type Observed = {
  readonly text: string | undefined;
  readonly stat: Stat | undefined;
  /** What it leads to, where it is a link. */
  readonly link: string | undefined;
  readonly resolved: 'active' | 'stopped' | 'none';
  readonly enabled: string;
  /** Whether an account that is not root may read it. */
  readonly open: boolean;
  /** The line of /etc/nsswitch.conf under which no name server is ever asked. */
  readonly unasked: string | undefined;
  /** Nobody on this machine listens for DNS. */
  readonly silent: boolean;
  /** The first source that names a server of its own. */
  readonly source: { readonly path: string; readonly servers: readonly string[] } | undefined;
};

const path = '/etc/resolv.conf';
const switches = '/etc/nsswitch.conf';
const listening = ['/proc/net/udp', '/proc/net/udp6'];
const service = 'systemd-resolved';
/** Where systemd-resolved listens; nobody else does. */
const stub = ['127.0.0.53', '127.0.0.54'];

function questions({ sources }: Wanted) {
  return {
    text: { kind: 'file', path } as Question,
    stat: { kind: 'stat', path } as Question,
    name: { kind: 'command', words: ['stat', '-c', '%N', path] } as Question,
    unit: { kind: 'unit', name: service } as Question,
    access: { kind: 'access', path, user: 'nobody', want: 'r' } as Question,
    switches: { kind: 'file', path: switches } as Question,
    listening: listening.map((each): Question => ({ kind: 'file', path: each })),
    sources: sources.map((each): Question => ({ kind: 'file', path: each })),
  };
}

/**
 * Whether the node itself has somebody to ask for names: /etc/resolv.conf is there, everybody may read it, and it names servers as glibc
 * takes them. Whether those beyond this machine answer is not asked.
 */
export const resolver: Resource<Wanted, Observed> = {
  type: 'resolver',
  schema,
  ask: (wanted) => {
    const { sources, listening: sockets, ...rest } = questions(wanted);
    return [...Object.values(rest), ...sockets, ...sources];
  },
  read,
  judge,
  change,
};

function read(wanted: Wanted, answers: Parameters<typeof answerTo>[0]): Read<Observed> {
  const asked = questions(wanted);
  const text = readFile(answerTo(answers, asked.text), path);
  if (!text.known) return text;
  const stat = readStat(answerTo(answers, asked.stat), path);
  if (!stat.known) return stat;
  const name = answerTo(answers, asked.name);
  // stat has nothing to say of a path that is not there at all; of a link to nothing it has.
  if (name.kind !== 'said' && (text.value !== undefined || name.kind !== 'failed'))
    return unread(whyNot(name, `what ${path} leads to`));
  if (name.kind === 'said' && name.text.trim() === '')
    return unread(`what ${path} leads to was answered with nothing`);
  const answer = answerTo(answers, asked.unit);
  const unit = readUnit(answer, service);
  if (!unit.known && answer.kind !== 'absent') return unit;
  const state = unit.known ? unit.value : new Map<string, string>();
  const there = state.size > 0 && state.get('LoadState') !== 'not-found';
  const access = answerTo(answers, asked.access);
  const may = access.kind === 'said' && /^(yes|no)$/.test(access.text);
  if (text.value !== undefined && !may) return unread(whyNot(access, `whether everybody may read ${path}`));
  const switched = readFile(answerTo(answers, asked.switches), switches);
  if (!switched.known) return switched;
  const sockets: string[] = [];
  for (const [i, question] of asked.listening.entries()) {
    const listed = readFile(answerTo(answers, question), listening[i] ?? '');
    if (!listed.known) return listed;
    sockets.push(listed.value ?? '');
  }
  let source: Observed['source'];
  for (const [i, question] of asked.sources.entries()) {
    const at = wanted.sources[i] ?? '';
    const other = readFile(answerTo(answers, question), at);
    if (!other.known) return other;
    const servers = nameServers(other.value ?? '').filter((s) => !isLoopback(s));
    if (servers.length > 0) source ??= { path: at, servers };
  }
  return known({
    text: text.value,
    stat: stat.value,
    link: name.kind === 'said' ? / -> ['"‘]?(.*?)['"’]?$/.exec(name.text.trim())?.[1] : undefined,
    resolved: there ? (state.get('ActiveState') === 'active' ? 'active' : 'stopped') : 'none',
    enabled: state.get('UnitFileState') ?? '',
    open: access.kind === 'said' && access.text === 'yes',
    unasked: asksNobody(switched.value ?? ''),
    silent: nobodyListens(sockets[0] ?? '', sockets[1] ?? ''),
    source,
  });
}

function judge(_: Wanted, observed: Observed): Verdict {
  const wanted = 'the IP address of a name server, in a file that everybody may read';
  const fault = faultOf(observed);
  if (fault) return { kind: 'fail', found: fault.words, wanted };
  const text = observed.text ?? '';
  const servers = nameServers(text);
  const own =
    servers.every(isLoopback) && observed.source ? `, which asks ${observed.source.servers.join(', ')}` : '';
  const over = passedOver(text);
  const beside = over ? `; line ${over.line} counts for nothing (${over.raw})` : '';
  const reason = 'only what the file says was looked at, not whether these servers answer';
  return { kind: 'pass', found: `name servers: ${servers.join(', ')}${own}${beside}`, wanted, reason };
}

type Fault = {
  readonly kind: 'stopped' | 'no-servers' | 'unreadable' | 'gone' | 'unasked' | 'kept-out';
  readonly words: string;
};

function faultOf({ text, stat, link, resolved, source, open, unasked, silent }: Observed): Fault | undefined {
  if (text === undefined && link !== undefined)
    return {
      kind: link.includes('/systemd/resolve/') && resolved === 'stopped' ? 'stopped' : 'gone',
      words: `${path} is a link to ${link}, and nothing is there`,
    };
  const servers = nameServers(text ?? '');
  const known = source ? `; ${source.path} of this node knows ${source.servers.join(', ')}` : '';
  if (text === undefined) return { kind: 'no-servers', words: `${path} is not there${known}` };
  const over = passedOver(text);
  const form = 'an IP address in a line that begins with “nameserver” and ends as lines of Linux do';
  const why = over ? `: line ${over.line} (${over.raw}) is none, for it takes ${form}` : '';
  if (servers.length === 0)
    return { kind: 'no-servers', words: `${path} names no name server${why}${known}` };
  if (servers.every((s) => stub.includes(s)) && resolved !== 'active')
    return {
      kind: resolved === 'stopped' ? 'stopped' : 'no-servers',
      words: `${path} names only ${servers.join(', ')}, where ${service} would answer, and it ${resolved === 'stopped' ? 'does not run' : 'is not installed'}`,
    };
  if (servers.every((s) => stub.includes(s)) && source === undefined)
    return { kind: 'gone', words: `${path} leads to ${service}, which has no name server to ask` };
  const mode = Number.parseInt(stat?.mode ?? '0', 8);
  if ((mode & 0o444) !== 0o444)
    return { kind: 'unreadable', words: `${path} has the mode ${stat?.mode}, so not everybody may read it` };
  if (!open)
    return {
      kind: 'kept-out',
      words: `${path} has the mode ${stat?.mode}, and accounts other than root cannot read it all the same: a folder on the way to ${link ?? path} keeps them out`,
    };
  if (unasked !== undefined)
    return { kind: 'unasked', words: `${switches} says “${unasked}”, so no name server is ever asked` };
  // What listens on this machine is known from here; who answers elsewhere is not.
  if (silent && servers.every((s) => isLoopback(s) && !stub.includes(s)))
    return {
      kind: 'no-servers',
      words: `${path} names only ${servers.join(', ')}, and nobody on this machine listens on port 53${known}`,
    };
  return undefined;
}

function change(wanted: Wanted, observed: Observed): Plan {
  const fault = faultOf(observed);
  if (!fault) return { kind: 'nothing' };
  if (fault.kind === 'stopped') return startResolved(observed);
  if (fault.kind === 'unreadable') return opened(observed);
  if (fault.kind === 'kept-out')
    return refused(
      fault.words,
      `Look at the folders on the way (namei -l ${path}), and open the one that keeps them out: that folder alone.`,
    );
  if (fault.kind === 'unasked')
    return refused(
      fault.words,
      `Put dns behind files in the line “hosts:” of ${switches}, by authselect where that wrote it; then ask again with r.`,
    );
  const owner = /[Gg]enerated by (\S+)/.exec(observed.text ?? '')?.[1];
  if (owner !== undefined || observed.link !== undefined)
    return refused(
      `${path} is ${observed.link === undefined ? `written by ${owner}` : `a link to ${observed.link}`}, so an edit would be lost`,
      `Name the servers where they belong: nmcli connection modify … ipv4.dns …, DNS= in /etc/systemd/resolved.conf, or the DHCP server; then ask again.`,
    );
  const meant = wellWritten(observed.text ?? '');
  if (nameServers(observed.text ?? '').length === 0 && nameServers(meant).length > 0)
    return written(observed, meant);
  if (!observed.source)
    return refused(
      `no file of this node names a server that could be put in (${wanted.sources.join(', ')})`,
      `Ask your network team for the name servers of this site, and add a line “nameserver ADDRESS” for each to ${path}.`,
    );
  const lines = observed.source.servers.slice(0, 3).map((server) => `nameserver ${server}\n`);
  const kept = (observed.text ?? '')
    .split('\n')
    .filter((line) => !isMeant(line))
    .join('\n');
  const whole = kept === '' || kept.endsWith('\n') ? kept : `${kept}\n`;
  return written(observed, `${whole}${lines.join('')}`);
}

function written({ text }: Observed, whole: string): Plan {
  const step = writeFile(path, text, whole, undefined, { mode: '0644', owner: 'root', group: 'root' });
  return step.kind === 'refused' ? step : stepsOrNothing([step], true);
}

/** What runs hands its answers on; the pods learn of it when the node agent starts again. */
function startResolved({ enabled }: Observed): Plan {
  const steps: Step[] = [];
  if (enabled === 'masked' || enabled === 'disabled')
    steps.push({
      kind: 'set-unit',
      unit: service,
      verb: enabled === 'masked' ? 'unmask' : 'enable',
      before: enabled,
    });
  const why = `${service} answers where ${path} points; undo stops it again.`;
  steps.push({
    kind: 'run',
    words: ['systemctl', 'start', service],
    why,
    undo: [['systemctl', 'stop', service]],
  });
  return stepsOrNothing(steps, true);
}

function opened({ stat, link }: Observed): Plan {
  if (!stat || link !== undefined)
    return refused(`${path} is a link to ${link ?? 'another file'}`, `chmod 0644 ${link ?? path}`);
  const mode = (Number.parseInt(stat.mode, 8) | 0o444).toString(8).padStart(4, '0');
  return stepsOrNothing([{ kind: 'set-mode', path, mode, before: stat.mode }], false);
}
