import type { KnownNode } from './cluster-members.ts';
import type { Version } from './version.ts';
import { inRange } from './version.ts';

/** What a node does in its cluster. A node may have several roles. */
export type Role = 'server' | 'agent' | 'etcd';

/** Servers and agents in the order in which their services restart; whatever runs only etcd goes with the agents. */
export type RestartOrder = readonly ['server' | 'agent', 'server' | 'agent'];

/** A word that depends on the version: the first row whose range holds counts; the first value is the one we write. */
export type VersionedWord = { readonly versions: string; readonly values: readonly string[] };

/** What shows that somebody else owns the configuration, with who and what to do instead. */
export type Manager = {
  /** A file or folder that only they make. */
  readonly file: string;
  /** More such, any of which is enough. */
  readonly also?: readonly string[];
  /** What their units are called, as a pattern for `systemctl list-units`. */
  readonly units?: string;
  readonly who: string;
  readonly instead: string;
  /** Their own option for the arguments of a component, by its name: `{flag}` stands for what is wanted of it. */
  readonly options?: Readonly<Record<string, string>>;
  /** What they do not write, and is changed on their nodes nevertheless: what becomes of it, said before such a change. */
  readonly rest?: string;
};

/** What the containers of a node tell of it. */
export type Containers = {
  /** Containers that every node runs. */
  readonly marks: readonly string[];
  /** The container that only a server runs, and the one of etcd; a node without either is an agent. */
  readonly server: string;
  readonly etcd: string;
  /** What the image of the first mark is like where this distribution runs it; its only group is the version. */
  readonly image: string;
  /** Where their arguments come from, and how they are changed, in one sentence. */
  readonly instead: string;
};

/** A file that describes a whole cluster. */
export type ClusterFile = {
  /** Its path. */
  readonly path: string;
  /** Files without which it must not be changed, kept with its original. */
  readonly beside: readonly string[];
  /** Where it names the version of Kubernetes; applied with another than runs, it would upgrade the cluster. */
  readonly version?: string;
  /** The command that makes the cluster as the file says. */
  readonly apply: readonly string[];
};

/** What a distribution calls its things. Built from `profiles/<id>/distribution.yaml`. */
export type Distribution = {
  readonly id: string;
  readonly title: string;
  /** Said on the choose screen. */
  readonly notice?: string;
  /** The day after which nobody mends it any more, and what that means; said where it is chosen, and in every report. */
  readonly endOfLife?: {
    readonly date: string;
    readonly words: string;
    /** The newest minor version of Kubernetes that it was released with. */
    readonly last?: string;
  };
  /** Paths and names that controls refer to as `{{name}}`; they may refer to one another. */
  readonly words: Readonly<Record<string, string>>;
  /** Words that depend on the version, also as `{{name}}`. */
  readonly versioned: Readonly<Record<string, readonly VersionedWord[]>>;
  /** The units of the node agent, by role; where all are containers, the runtime's, which is never restarted; where every component has a unit of its own, the one that only that role runs. */
  readonly units: { readonly server: string; readonly agent: string };
  /** Whose services restart first; servers unless said. */
  readonly restartOrder?: RestartOrder;
  /** Files that tell what a node is, where they are there; without them the units do. An agent's file outranks a server's. */
  readonly roleFiles?: { readonly server: string; readonly agent: string; readonly etcd: string };
  /** Where every component is a container of the node's own runtime, which other files and commands know nothing of. */
  readonly containers?: Containers;
  /** The file of the operator's own machine from which the whole cluster is made. */
  readonly clusterFile?: ClusterFile;
  /** Words of the command that prints the version; none where a container's image tells it. */
  readonly versionCommands: readonly (readonly string[])[];
  /** Folders, besides those of the system, in which its own programs lie. */
  readonly programs?: readonly string[];
  /** The key that leaves a server without etcd, and the folder of etcd's data; absent where that is not this program's matter. */
  readonly etcd?: {
    readonly without?: string;
    readonly folder: string;
    /** The account that owns the data; etcd's own unless said. */
    readonly account?: string;
  };
  /** First words of kubectl on a server, or on the operator's own machine where `kubectlOn` says so. */
  readonly kubectl: readonly string[];
  /** Where kubectl has an administrator's rights, when that is not on a server. */
  readonly kubectlOn?: 'workstation';
  /** Files that hold the arguments of one component each, and what is restarted for them: `{service}` stands for its name. */
  readonly argumentFiles?: {
    readonly folder: string;
    readonly unit: string;
    readonly managedBy: readonly Manager[];
    /** What restarts a component by itself once its file was changed, and what to do for that; said before such a change. */
    readonly watcher?: string;
    /** Below which folder its components are; where one of them runs, another program of that name is a container's. */
    readonly programs?: string;
  };
  /** Folders of configuration in the order in which they are merged, and the environment files that may override. */
  readonly config?: {
    readonly file: string;
    readonly folder: string;
    readonly ours: string;
    readonly environment: { readonly files: readonly string[]; readonly prefix: string };
    /** The key that moves the data folder, and the word it replaces. */
    readonly dataDir: { readonly key: string; readonly word: string };
    /** The key that names the node in the cluster; without it, or where it is not set, that is the hostname. */
    readonly nodeName?: string;
    readonly managedBy: readonly Manager[];
  };
  /** Words that only the running cluster knows, by name: what to get, and where in each object it stands. Asked before causes of a trouble are. */
  readonly learns?: Readonly<Record<string, { readonly get: readonly string[]; readonly at: string }>>;
  /** How a restart is watched. */
  readonly health: {
    /** Log lines that mean the start failed for good, as regular expressions. */
    readonly fatal: readonly string[];
    /** Log lines that mean it runs, but not hardened. */
    readonly unhardened: readonly string[];
    /** More logs to read while a start is watched: commands, where %since% stands for its time in seconds. Lines in the container runtime's form count from then on. */
    readonly logs: readonly (readonly string[])[];
    readonly seconds: number;
    /** How long it must stay healthy before it counts, in seconds. */
    readonly settle: number;
  };
};

/** What could not be learned of a node though its controls may hang on it: each with the reason, in one sentence. */
export type Unsure = {
  /** Which roles it has; what was declared, if anything, then stands in `roles`. */
  readonly roles?: string;
  /** Whether it runs etcd, being a server. */
  readonly etcd?: string;
  /** Where its data folder is. */
  readonly dataDir?: string;
  /** Which files configure it. */
  readonly config?: string;
};

/** What is known of a node when its controls are asked and judged. */
export type Place = {
  readonly node: string;
  /** What the cluster calls it, where that was learned. */
  readonly nodeName?: string;
  readonly roles: readonly Role[];
  readonly distribution: Distribution;
  readonly version: Version;
  /** All words of the distribution, resolved for this node and version. */
  readonly words: Readonly<Record<string, string>>;
  /** What could not be learned of it. */
  readonly unsure?: Unsure;
  /** The nodes of the session, where what is asked describes a whole cluster. */
  readonly nodes?: readonly KnownNode[];
  /** The session that asks, whose own changes are not those of an earlier one. */
  readonly session?: string;
  /** Who else owns the configuration of this node, if anybody. */
  readonly managedBy?: { readonly who: string; readonly instead: string };
};

/** The unit that runs the node agent on a node of these roles; a node that only runs etcd is a server too. */
export function unitAt({ distribution, roles }: Pick<Place, 'distribution' | 'roles'>): string {
  const { server, agent } = distribution.units;
  return roles.includes('server') || roles.includes('etcd') ? server : agent;
}

/** The unit of one component where each has its own. */
export function serviceUnit(distribution: Distribution, service: string): string {
  return (distribution.argumentFiles?.unit ?? '{service}').replace('{service}', service);
}

/** The file that holds the arguments of a component; undefined where the distribution has none. */
export function argumentFileOf(
  { distribution, words }: Pick<Place, 'distribution' | 'words'>,
  service: string,
): string | undefined {
  const { argumentFiles } = distribution;
  return argumentFiles && `${fillWords(argumentFiles.folder, words)}/${service}`;
}

/** The data folder of a place; undefined where the distribution knows no such thing. */
export function dataDirAt({
  distribution,
  words,
}: Pick<Place, 'distribution' | 'words'>): string | undefined {
  return distribution.config && words[distribution.config.dataDir.word];
}

/** Everybody who may own the configuration of a node instead of its operator. */
export function managersOf({ config, argumentFiles }: Distribution): readonly Manager[] {
  return [...(config?.managedBy ?? []), ...(argumentFiles?.managedBy ?? [])];
}

/** The first words of kubectl on a place. */
export function kubectlAt(place: Pick<Place, 'distribution' | 'words'>): readonly string[] {
  return fillWords(place.distribution.kubectl, place.words);
}

/** The values a versioned word may have for a version; empty when the distribution has no row for it. */
export function wordValues(distribution: Distribution, name: string, version: Version): readonly string[] {
  return distribution.versioned[name]?.find((row) => inRange(version, row.versions))?.values ?? [];
}

/** Resolves every word of a distribution for one version, with `overrides` (a moved data folder, say) on top. */
export function resolveWords(
  distribution: Distribution,
  version: Version,
  overrides: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const raw: Record<string, string> = { ...distribution.words, ...overrides };
  for (const name of Object.keys(distribution.versioned)) {
    const [first] = wordValues(distribution, name, version);
    if (first !== undefined) raw[name] = first;
  }
  const resolve = (text: string, depth: number): string =>
    depth > 8
      ? text
      : text.replaceAll(/\{\{([a-z0-9-]+)\}\}/g, (whole, name: string) => {
          const value = raw[name];
          return value === undefined ? whole : resolve(value, depth + 1);
        });
  return Object.fromEntries(Object.entries(raw).map(([name, text]) => [name, resolve(text, 0)]));
}

/** Replaces `{{word}}` throughout a value; unknown words stay, for the caller to refuse. A value without words is given back itself. */
export function fillWords<T>(value: T, words: Readonly<Record<string, string>>): T {
  if (typeof value === 'string') {
    if (!value.includes('{{')) return value;
    return value.replaceAll(/\{\{([a-z0-9-]+)\}\}/g, (whole, name: string) => words[name] ?? whole) as T;
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => fillWords(item, words));
    return items.every((item, i) => item === value[i]) ? value : (items as T);
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value);
    const filled = entries.map(([key, item]) => [key, fillWords(item, words)] as const);
    return filled.every(([, item], i) => item === entries[i]?.[1])
      ? value
      : (Object.fromEntries(filled) as T);
  }
  return value;
}
