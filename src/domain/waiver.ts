import { anyPlace, formatAddress, reservedNames } from './address.ts';
import type { NodeAddress } from './event.ts';
import type { Verdict, VerdictKind } from './verdict.ts';

/** A finding that somebody answers for as it is: which, who, why, until when, and what was found when it was accepted. */
export type Waiver = {
  readonly control: string;
  /** A node's name, `cluster`, `workstation`, `rancher`, or `*` for all of them. */
  readonly place: string;
  /** The cluster it is for; for every cluster when it does not say. */
  readonly cluster?: string;
  /** The nodes it was given for, where the cluster has no name that would tell it from another. */
  readonly nodes?: readonly string[];
  /** The benchmark it is for; for every benchmark when it does not say. */
  readonly benchmark?: string;
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it holds, as `2027-03-31`, in UTC. */
  readonly expires?: string;
  /** What was found when it was waived; it holds for nothing else. */
  readonly found: string;
};

/** What happens to waivers. */
export type WaiverEvent =
  /** All that the file holds, from now on instead of those before. */
  | { readonly kind: 'waivers-read'; readonly file: string; readonly waivers: readonly Waiver[] }
  | ({ readonly kind: 'waived' } & Waiver)
  | { readonly kind: 'unwaived'; readonly control: string; readonly place: string };

/** What a waiver must match to be about a finding. */
export type Waivable = {
  readonly control: string;
  readonly place: string;
  readonly cluster: string;
  readonly benchmark?: string | undefined;
  /** In a cluster without a name, the node in question, or all of them where it is about the whole. */
  readonly nodes?: readonly string[] | undefined;
};

/** A finding of a session as waivers are held against it. */
export function waivableIn(
  {
    cluster,
    benchmark,
    nodes,
  }: Pick<Waivable, 'benchmark'> & {
    readonly cluster: string;
    readonly nodes: readonly NodeAddress[];
  },
  control: string,
  place: string,
): Waivable {
  const at = { control, place, cluster: clusterOf({ cluster }), benchmark };
  if (cluster !== '') return at;
  const meant = reservedNames.includes(place) ? nodes : nodes.filter(({ name }) => name === place);
  return { ...at, nodes: meant.map(nodeWord).toSorted() };
}

/** A node as a waiver and a plan name it: what it is called and where it is. */
export function nodeWord({ name, host, port }: NodeAddress): string {
  return formatAddress({ name, host, port: port === 22 ? 0 : port, user: '' });
}

/** What the cluster is called; one that nobody named has a name too, the same for the wizard and for check. */
export function clusterOf({ cluster }: { readonly cluster: string }): string {
  return cluster || 'cluster';
}

/** What can be waived: a fact that is known. An answer that did not come cannot, and what waits for a restart needs none. */
export function canBeWaived(kind: VerdictKind): boolean {
  return kind === 'fail' || kind === 'configured-not-active' || kind === 'manual';
}

/** Whether a text is a day that exists, as `2027-03-31`. */
export function isDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = /^\d{4}-\d\d-\d\d$/.test(text) ? text.split('-').map(Number) : [];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (days[month - 1] ?? 0);
}

/** Whether a waiver is about a finding, in force or not. */
export function isAbout(waiver: Waiver, at: Waivable): boolean {
  return isLike(waiver, at) && isForNodes(waiver, at);
}

/** The same, but for the nodes that tell clusters without a name apart. */
function isLike(waiver: Waiver, at: Waivable): boolean {
  return (
    waiver.control === at.control &&
    (waiver.place === anyPlace || waiver.place === at.place) &&
    (waiver.cluster === undefined || waiver.cluster === at.cluster) &&
    (waiver.benchmark === undefined || waiver.benchmark === at.benchmark)
  );
}

/** Whether it was given for these nodes: for this one, or for the very same where it is about the whole cluster. */
function isForNodes({ cluster, nodes }: Waiver, at: Waivable): boolean {
  if (cluster === undefined) return true;
  if (at.nodes === undefined || nodes === undefined) return at.nodes === nodes;
  const has = at.nodes.length > 0 && at.nodes.every((node) => nodes.includes(node));
  return has && (!reservedNames.includes(at.place) || nodes.length === at.nodes.length);
}

/**
 * A verdict with the waivers taken in: waived where one holds on this day, else as it is, saying why those for it do not hold.
 * What passes or does not apply needs none.
 */
export function withWaivers(
  verdict: Verdict,
  waivers: readonly Waiver[],
  at: Waivable,
  today: string,
): Verdict {
  if (verdict.kind === 'pass' || verdict.kind === 'not-applicable') return verdict;
  const about = waivers
    .filter((waiver) => isAbout(waiver, at))
    .toSorted((a, b) => Number(a.place === anyPlace) - Number(b.place === anyPlace));
  const standing = about.find((waiver) => whyNotHolding(waiver, verdict, today) === undefined);
  const { found, wanted } = verdict;
  if (standing) return { kind: 'waived', found, wanted, reason: waiverWords(standing) };
  const others = waivers.filter((waiver) => isLike(waiver, at) && !isForNodes(waiver, at));
  const why = [
    ...about.flatMap((waiver) => whyNotHolding(waiver, verdict, today) ?? []),
    ...others.map(elsewhere),
  ];
  if (why.length === 0) return verdict;
  return { ...verdict, reason: [...(verdict.reason ? [verdict.reason] : []), ...new Set(why)].join('; ') };
}

/** Who waived it, why and until when, without the full stop. */
export function waiverWords({
  owner,
  reason,
  expires,
}: Pick<Waiver, 'owner' | 'reason' | 'expires'>): string {
  return `waived by ${owner}${expires === undefined ? '' : ` until ${expires}`}: ${reason}`;
}

/** Why one does not hold that was given in a cluster without a name. */
function elsewhere({ owner, nodes }: Waiver): string {
  const where = nodes === undefined ? 'does not say for which nodes' : `is for ${few(nodes)}`;
  return `the waiver of ${owner} was given in a cluster without a name and ${where}; name the cluster, then give it again`;
}

function few(nodes: readonly string[]): string {
  return nodes.length > 5 ? `${nodes.slice(0, 5).join(', ')} and ${nodes.length - 5} more` : nodes.join(', ');
}

/** Whether a waiver stands for this finding of this cluster alone. */
export function isOf(waiver: Waiver, at: Waivable): boolean {
  return waiver.place === at.place && waiver.cluster === at.cluster && isAbout(waiver, at);
}

/** The waivers after one more event. */
export function waiversAfter(
  session: Parameters<typeof waivableIn>[0] & { readonly waivers: readonly Waiver[] },
  event: WaiverEvent,
): readonly Waiver[] {
  if (event.kind === 'waivers-read') return event.waivers;
  const { control, place } = event;
  const at = waivableIn(session, control, place);
  const others = session.waivers.filter((waiver) => !isOf(waiver, at));
  if (event.kind === 'unwaived') return others;
  const { kind: _, ...waiver } = event;
  return [...others, waiver];
}

function whyNotHolding(
  { owner, expires, found }: Waiver,
  verdict: Verdict,
  today: string,
): string | undefined {
  if (expires !== undefined && today > expires) return `the waiver of ${owner} ended on ${expires}`;
  if (!canBeWaived(verdict.kind))
    return verdict.kind === 'unknown'
      ? `the waiver of ${owner} does not hold for what is not known`
      : `the waiver of ${owner} does not hold while a restart is due`;
  if (found === verdict.found) return undefined;
  return `the waiver of ${owner} was for “${found}”, which is not what is found now`;
}
