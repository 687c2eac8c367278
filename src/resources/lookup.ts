import * as z from 'zod';
import { known, unread, whyNot } from '../domain/answer.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { patiently } from '../domain/read-only.ts';
import type { Resource } from '../domain/resource.ts';
import { unknown, type Verdict } from '../domain/verdict.ts';
import { refused } from './write.ts';

const dnsName = z.string().regex(/^[\w.-]+$/, 'a name to look up');

const schema = z.strictObject({
  /** A name that only the cluster's DNS knows. */
  inside: dnsName,
  /** A name that the node itself must be able to find before CoreDNS is blamed for not finding it. */
  outside: dnsName,
  /** The address of the cluster's DNS service. */
  service: z.string(),
  /** The addresses of its pods, parted by blanks; empty where nobody could say them. */
  pods: z.string(),
});

type Wanted = z.infer<typeof schema>;

/** What one server said of both names. */
type Row = { readonly server: string; readonly inside: string; readonly outside: string };

type Observed = { readonly rows: readonly Row[]; readonly nodeFindsOutside: boolean };

function servers({ service, pods }: Wanted): readonly string[] {
  return [service, ...pods.split(/\s+/)].filter((each) => /^[\da-f.:]+$/i.test(each));
}

function questions(wanted: Wanted): { readonly lookups: Question; readonly node: Question } {
  const names = [wanted.inside, wanted.outside];
  return {
    lookups: { kind: 'lookups', names, servers: servers(wanted) },
    // Name servers that say nothing are waited for longer than a question may take, and no answer would be known of anything.
    node: { kind: 'command', words: [...patiently, 'getent', 'hosts', wanted.outside] },
  };
}

/**
 * Whether the cluster's DNS answers this node, at its service and at each of its pods, for a name inside and one outside of the cluster:
 * one row of the grid that tells what is wrong by its pattern.
 */
export const lookup: Resource<Wanted, Observed> = {
  type: 'lookup',
  schema,
  ask: (wanted) => Object.values(questions(wanted)),
  read: (wanted, answers) => {
    const asked = questions(wanted);
    const node = answerTo(answers, asked.node);
    // getent says 2 for a name that nobody knows; 137 is the end of the wait for servers that say nothing.
    if (node.kind !== 'said' && !(node.kind === 'failed' && [2, 137].includes(node.exit)))
      return unread(whyNot(node, `whether the node finds ${wanted.outside}`));
    if (node.kind === 'said' && node.text.trim() === '')
      return unread(`whether the node finds ${wanted.outside} was answered with nothing`);
    const answer = answerTo(answers, asked.lookups);
    if (answer.kind !== 'said') return unread(whyNot(answer, 'the DNS of the cluster'));
    const rows = servers(wanted).map((server) => ({
      server,
      inside: replyOf(answer.text, server, wanted.inside),
      outside: replyOf(answer.text, server, wanted.outside),
    }));
    if (rows.some((row) => row.inside === '' || row.outside === ''))
      return unread('the DNS of the cluster was not asked to the end');
    return known({ rows, nodeFindsOutside: node.kind === 'said' });
  },
  judge,
  change: (wanted, observed, place) => {
    const verdict = judge(wanted, observed, place);
    if (verdict.kind !== 'fail') return { kind: 'nothing' };
    return refused(
      verdict.reason ?? 'names are not found',
      'Cure what else was found; this check is the proof that it helped.',
    );
  },
};

function replyOf(text: string, server: string, name: string): string {
  const head = `${server} ${name} `;
  return (
    text
      .split('\n')
      .find((line) => line.startsWith(head))
      ?.slice(head.length) ?? ''
  );
}

function judge(wanted: Wanted, { rows, nodeFindsOutside }: Observed, ..._: unknown[]): Verdict {
  const aim = `every server finds ${wanted.inside}${nodeFindsOutside ? ` and ${wanted.outside}` : ''}`;
  if (rows.length === 0) return unknown('the address of the DNS of this cluster is not known', aim);
  const found = rows.map((row) => rowWords(row, wanted)).join(' · ');
  const reason = pattern(rows, wanted, nodeFindsOutside);
  if (reason) return { kind: 'fail', found, wanted: aim, reason };
  const beyond = `the node itself does not find ${wanted.outside}, so CoreDNS is not blamed for it`;
  return { kind: 'pass', found, wanted: aim, ...(nodeFindsOutside ? {} : { reason: beyond }) };
}

function rowWords({ server, inside, outside }: Row, { service }: Wanted): string {
  const mark = (reply: string): string => (finds(reply) ? '✔' : `✖ ${words(reply)}`);
  return `${server === service ? 'service' : server} inside ${mark(inside)} outside ${mark(outside)}`;
}

/** What the pattern of a row means; undefined when all is well. */
function pattern(
  rows: readonly Row[],
  { service, inside }: Wanted,
  outsideCounts: boolean,
): string | undefined {
  const dead = rows.filter((row) => !answers(row.inside));
  const lost = rows.filter((row) => !finds(row.inside)).map((row) => row.server);
  const pods = rows.filter((row) => row.server !== service);
  if (dead.length === rows.length)
    return 'no server answers this node: its own forwarding, its reverse path filter or a firewall, where other nodes are answered';
  if (dead.length === 1 && dead[0]?.server === service && pods.length > 0)
    return 'the pods answer and the service address does not: kube-proxy, or its rules on this node';
  if (dead.length > 0)
    return `${dead.map((row) => row.server).join(', ')} does not answer this node: that pod, or the way to the node it runs on`;
  if (lost.length > 0)
    return `${lost.join(', ')} ${lost.length === 1 ? 'answers, and finds' : 'answer, and find'} no address of ${inside}: CoreDNS may not reach the API server, or serve another domain`;
  return outsideCounts && rows.some((row) => !finds(row.outside))
    ? 'names of the cluster are found and others are not: the name servers that CoreDNS asks'
    : undefined;
}

/** Whether a server said anything, were it that there is nothing. */
function answers(reply: string): boolean {
  return /^\d/.test(reply);
}

function finds(reply: string): boolean {
  return /^0 [1-9]/.test(reply);
}

function words(reply: string): string {
  const [code = ''] = reply.split(' ');
  return { '0': 'no address', '2': 'failed', '3': 'no such name', '5': 'refused' }[code] ?? code;
}
