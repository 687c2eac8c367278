import type { Container } from '../domain/container.ts';
import type { Role } from '../domain/distribution.ts';
import type { Change } from '../domain/step.ts';
import type { LabRancher } from './rancher-schema.ts';

/** A file or folder of a lab node. Modes are four octal digits; `text` is undefined for a folder. */
export type LabFile = {
  readonly mode: string;
  /** Names, or numbers as text once the account that had the number is gone. */
  readonly owner: string;
  readonly group: string;
  readonly text?: string;
  /** Seconds since 1970. */
  readonly modified: number;
};

/** A local account of a lab node. */
type LabAccount = {
  readonly uid: number;
  readonly gid: number;
  readonly shell: string;
  readonly comment: string;
  readonly home: string;
};

/** A systemd unit of a lab node. */
export type LabUnit = {
  readonly active: 'active' | 'inactive' | 'failed' | 'activating';
  readonly sub: string;
  readonly enabled: 'enabled' | 'disabled' | 'masked' | 'static';
  /** What `enabled` was before it was masked, for the day it is unmasked. */
  readonly beneath?: 'enabled' | 'disabled' | 'static';
  readonly restarts: number;
  /** Seconds since 1970 at which it became active; 0 when it never was. */
  readonly since: number;
  /** Main process; 0 when there is none. */
  readonly pid: number;
  readonly result: 'success' | 'exit-code';
  /** Seconds since 1970 at which the next thing happens: a start comes to its end, or a refused one is tried again. */
  readonly due?: number;
};

/** A journal line of a lab node. */
export type LabLine = { readonly at: number; readonly text: string };

/** What a step found, kept so that its undo can put it back. */
export type LabKept =
  | { readonly kind: 'file'; readonly original?: LabFile; readonly after?: string }
  | ({ readonly kind: 'service' } & Pick<LabNode, 'units' | 'processes' | 'journal'>)
  | { readonly kind: 'owners'; readonly owners: Readonly<Record<string, string>> }
  | { readonly kind: 'accounts'; readonly before: LabPeople; readonly after?: LabPeople };

/** The account and group files of a lab node. */
export type LabPeople = {
  readonly accounts: Readonly<Record<string, LabAccount>>;
  readonly groups: Readonly<Record<string, number>>;
};

/** What a change left on a lab node: how far it came, and its originals by the step's index. */
export type LabChange = {
  readonly begun: readonly number[];
  readonly done: readonly number[];
  readonly undone: readonly number[];
  readonly ended?: 'done' | 'put-back' | 'undone';
  readonly kept: Readonly<Record<number, LabKept>>;
  /** The change itself, which the undo script beside the originals takes back. */
  readonly change?: Change;
};

/** Instructive misbehaviour of a lab node, used up when it shows. */
type LabQuirk = 'etcd-database-stays-root';

/** A machine of the lab: everything a question can be answered from and a step can change. Replaced whole, never mutated. */
export type LabNode = LabPeople & {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly machineId: string;
  readonly bootId: string;
  readonly os: string;
  readonly arch: string;
  /** Seconds since 1970. */
  readonly booted: number;
  /** Running kernel values, dots as separators. */
  readonly kernel: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, LabFile>>;
  readonly units: Readonly<Record<string, LabUnit>>;
  /** Arguments of running processes by name. */
  readonly processes: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** Containers of its own runtime by name, as `docker inspect` describes them. */
  readonly containers: Readonly<Record<string, Omit<Container, 'name'>>>;
  /** Journal lines by unit, oldest first. */
  readonly journal: Readonly<Record<string, readonly LabLine[]>>;
  /** Version of the distribution, as its own command prints it. */
  readonly version: string;
  /** By `session/change`. */
  readonly changes: Readonly<Record<string, LabChange>>;
  /** Who holds the wizard's lock. */
  readonly lock?: string;
  readonly quirks: readonly LabQuirk[];
};

/** A Kubernetes object of the lab. */
export type LabObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
};

/** The practice cluster: its machines, and the objects behind its API server. */
export type LabCluster = {
  readonly distribution: string;
  readonly nodes: Readonly<Record<string, LabNode>>;
  readonly objects: readonly LabObject[];
  /** The Rancher server that manages it, if any does. */
  readonly rancher?: LabRancher;
};

/** Reads YAML text as plain data and throws when it cannot; given from outside, because this room has no YAML reader. */
export type ReadYaml = (text: string) => unknown;

/** A cluster with one of its nodes replaced. */
export function withNode(cluster: LabCluster, node: LabNode): LabCluster {
  return { ...cluster, nodes: { ...cluster.nodes, [node.name]: node } };
}
