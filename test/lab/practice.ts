import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Answer } from '../../src/domain/answer.ts';
import type { Change, Step } from '../../src/domain/step.ts';
import { labCluster, overlay } from '../../src/lab/cluster.ts';
import type { LabCluster, LabNode } from '../../src/lab/state.ts';
import { createLabStore, type LabClock, type LabStore } from '../../src/lab/store.ts';

const practice: unknown = parse(
  readFileSync(join(import.meta.dirname, '../../profiles/practice/rke2.yaml'), 'utf8'),
);

/** The shipped practice cluster with a patch over it. */
export function practiceCluster(patch: unknown = {}): LabCluster {
  const read = labCluster(overlay(practice, patch));
  if (!read.ok) throw new Error(JSON.stringify(read.failure));
  return read.value;
}

/** A clock that moves when the test says so. */
export type HandClock = LabClock & { readonly pass: (seconds: number) => void };

function handClock(start = 1_800_000_000): HandClock {
  let ms = start * 1000;
  return {
    now: () => ms,
    sleep: async (more) => {
      ms += more;
    },
    pass: (seconds) => {
      ms += seconds * 1000;
    },
  };
}

/** A store on the practice cluster, with its clock. */
export function practiceStore(
  patch: unknown = {},
  only: (name: string) => boolean = () => true,
): { readonly store: LabStore; readonly clock: HandClock } {
  const clock = handClock();
  const whole = practiceCluster(patch);
  const nodes = Object.fromEntries(Object.entries(whole.nodes).filter(([name]) => only(name)));
  return { store: createLabStore({ ...whole, nodes }, { readYaml: parse, clock }), clock };
}

/** What a node must have for a CIS profile to start on it. */
export const ready = {
  kernel: {
    'vm.overcommit_memory': '1',
    'vm.panic_on_oom': '0',
    'kernel.panic': '10',
    'kernel.panic_on_oops': '1',
  },
  accounts: { etcd: { uid: 998, gid: 998 } },
  groups: { etcd: 998 },
};

/** A file of RKE2's configuration folder that switches a profile on. */
export function profileFile(value: string, more = '') {
  return { '/etc/rancher/rke2/config.yaml.d/90-k8s-harden.yaml': { text: `profile: ${value}\n${more}` } };
}

export function nodeOf(store: LabStore, name: string): LabNode {
  const node = store.cluster().nodes[name];
  if (!node) throw new Error(`no node ${name}`);
  return node;
}

export function textOf(answer: Answer): string {
  if (answer.kind !== 'said') throw new Error(JSON.stringify(answer));
  return answer.text;
}

/** Switches a profile on in the configuration of a node that runs without. */
export function switchOn(store: LabStore, node: string, value: string): void {
  const [[path, { text }] = ['', { text: '' }]] = Object.entries(profileFile(value));
  const folder = path.slice(0, path.lastIndexOf('/'));
  const own = { mode: '0600', owner: 'root', group: 'root' } as const;
  const change = changeOf(
    node,
    { kind: 'make-folder', path: folder, ...own },
    { kind: 'write-file', path, content: text, ...own, before: { kind: 'absent' } },
  );
  const report = store.perform(node, { kind: 'change', change });
  if (report.kind !== 'done') throw new Error(JSON.stringify(report));
}

let changes = 0;

/** A change of some steps on a node, with an id of its own. */
export function changeOf(node: string, ...steps: readonly Step[]): Change {
  changes += 1;
  return { id: `change-${changes}`, session: 'session-1', control: 'some-control', node, via: node, steps };
}
