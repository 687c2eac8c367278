import type { Role } from '../domain/distribution.ts';

/** A file or folder of a lab node. Modes are four octal digits; `text` is undefined for a folder. */
export type LabFile = {
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly text?: string;
  /** Seconds since 1970. */
  readonly modified: number;
};

/** A systemd unit of a lab node. */
export type LabUnit = {
  readonly active: 'active' | 'inactive' | 'failed' | 'activating';
  readonly sub: string;
  readonly enabled: 'enabled' | 'disabled' | 'masked' | 'static';
  readonly restarts: number;
  /** Seconds since 1970 at which it became active; 0 when it never was. */
  readonly since: number;
};

/** A machine of the lab: everything a question can be answered from and a step can change. Replaced whole, never mutated. */
export type LabNode = {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly machineId: string;
  readonly bootId: string;
  readonly os: string;
  /** Running kernel values, dots as separators. */
  readonly kernel: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, LabFile>>;
  readonly accounts: Readonly<Record<string, { readonly uid: number; readonly gid: number; readonly shell: string }>>;
  readonly groups: Readonly<Record<string, number>>;
  readonly units: Readonly<Record<string, LabUnit>>;
  /** Arguments of running processes by name. */
  readonly processes: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** Journal lines by unit, oldest first. */
  readonly journal: Readonly<Record<string, readonly string[]>>;
  /** Version of the distribution, as its own command prints it. */
  readonly version: string;
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
};
