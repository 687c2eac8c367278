/** A node as the file of its cluster has it. */
export type Member = {
  /** What the cluster calls it. */
  readonly name: string;
  /** Where the file says it is reached, from outside and from the other nodes. */
  readonly addresses: readonly string[];
  readonly internal?: string;
};

/** All that is known of who a node of the session is, and what it runs. */
export type KnownNode = {
  readonly name: string;
  readonly host: string;
  readonly facts?: {
    readonly hostname: string;
    readonly nodeName?: string;
    readonly address?: string;
    readonly version?: string;
  };
};

/** A node of the file and the one of the session that it is taken for; `sure` where an address agrees and no name speaks against it. */
export type Shared = { readonly member: Member; readonly node: KnownNode; readonly sure: boolean };

/** The nodes of a cluster's file beside those of the session. */
export type Membership = {
  readonly shared: readonly Shared[];
  /** Those of the file that are not in the session. */
  readonly strangers: readonly Member[];
  /** Those of the session that are not in the file. */
  readonly left: readonly KnownNode[];
};

/**
 * Which nodes of a cluster's file are in the session. A node may be reached under another name or address than the file has, so
 * one that agrees is enough; what its node agent was started with counts against it.
 */
export function membershipOf(members: readonly Member[], nodes: readonly KnownNode[]): Membership {
  // With a thousand of each, only those are held against each other that have a word in common.
  const byWord = new Map<string, KnownNode[]>();
  for (const node of nodes)
    for (const word of wordsOf([node.name, node.host, ...factsOf(node)]))
      byWord.set(word, [...(byWord.get(word) ?? []), node]);
  const shared = members.flatMap((member) => {
    const near = new Set(
      wordsOf([member.name, ...member.addresses]).flatMap((word) => byWord.get(word) ?? []),
    );
    const found = [...near].flatMap((node) => {
      const sure = agrees(member, node);
      return sure === undefined ? [] : [{ member, node, sure }];
    });
    return found.find(({ sure }) => sure) ?? found[0] ?? [];
  });
  const inFile = new Set(shared.map(({ node }) => node));
  const inSession = new Set(shared.map(({ member }) => member));
  return {
    shared,
    strangers: members.filter((member) => !inSession.has(member)),
    left: nodes.filter((node) => !inFile.has(node)),
  };
}

/** Why a file is taken to be another cluster's; undefined when it shares a node with the session. */
export function otherCluster(
  path: string,
  { shared, strangers, left }: Membership,
): { readonly reason: string; readonly instead: string } | undefined {
  if (shared.length > 0) return undefined;
  const session = `this session has ${few(left.map(({ name, host }) => called(name, [host])))}`;
  return strangers.length === 0
    ? {
        reason: `${path} names no node, so it is not known whose cluster it is; ${session}`,
        instead: 'Start with --template and the cluster.yml of these nodes.',
      }
    : {
        reason: `${path} names ${few(strangers.map(memberWords))}, and ${session}: by no name and no address are they the same, so the file is taken to be another cluster's`,
        instead: `Start with --template and the cluster.yml of these nodes, or with --inventory ${path} to work on the nodes that it names.`,
      };
}

/** A node of a cluster's file with where it is, as `cp-1 (10.0.0.5)`. */
export function memberWords({ name, addresses }: Member): string {
  return called(name, addresses);
}

/** Whether they are taken for the same, and for sure; undefined when nothing agrees. */
function agrees(member: Member, { name, host, facts }: KnownNode): boolean | undefined {
  const own = facts?.address;
  if (own !== undefined && member.internal !== undefined && !isSame(own, member.internal)) return undefined;
  const theirs = [member.name, ...member.addresses];
  const among = (names: readonly (string | undefined)[]): boolean =>
    names.some((one) => one !== undefined && theirs.some((other) => isSame(one, other)));
  const there = among([host, own, facts?.nodeName].filter((one) => one !== undefined && isAddress(one)));
  if (!there && !among([name, host, facts?.nodeName, facts?.hostname])) return undefined;
  return there && (facts?.nodeName === undefined || isSame(facts.nodeName, member.name));
}

/** Equal, or the same name once with its domain and once without. What is every machine's own name for itself tells nothing. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  if (/^(127\.|::1$|localhost(\.|$)|\[::1\]$)/.test(one)) return false;
  if (one === other) return true;
  const isName = ![one, other].some((each) => each === '' || isAddress(each));
  return isName && one.includes('.') !== other.includes('.') && one.split('.')[0] === other.split('.')[0];
}

function factsOf({ facts }: KnownNode): readonly string[] {
  return [facts?.hostname, facts?.nodeName, facts?.address].filter((each) => each !== undefined);
}

/** The names that may agree, in one spelling: each as it is and without its domain. */
function wordsOf(names: readonly string[]): readonly string[] {
  const lower = names.filter((name) => name !== '').map((name) => name.toLowerCase());
  const short = lower.filter((name) => !isAddress(name)).map((name) => name.split('.')[0] ?? '');
  return [...new Set([...lower, ...short])];
}

function isAddress(text: string): boolean {
  return /^(\d+\.){3}\d+$/.test(text) || text.includes(':');
}

function called(name: string, addresses: readonly string[]): string {
  const others = [...new Set(addresses)].filter((address) => address !== name);
  return others.length > 0 ? `${name} (${others.join(', ')})` : name;
}

function few(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
