import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { manifest } from '../support/nodes.ts';
import type { Machine } from './machine.ts';

type CaseFile = {
  readonly mode?: string;
  readonly owner?: string;
  readonly group?: string;
  readonly text?: string;
};
type CaseNode = {
  readonly kernel?: Readonly<Record<string, number>>;
  readonly files?: Readonly<Record<string, CaseFile>>;
};
type Case = {
  readonly place: string;
  readonly change?: string;
  readonly says?: string;
  readonly patch?: { readonly common?: CaseNode; readonly nodes?: Readonly<Record<string, CaseNode>> };
};

/** Where the cases, and these tests, write configuration that is the operator's own. */
export const ownConfig = '/etc/rancher/rke2/config.yaml.d/50-own.yaml';

/** A case of test/controls. */
export function caseOf(control: string, name: string): Case {
  const path = join(import.meta.dirname, '../controls', control, `${name}.yaml`);
  return parse(readFileSync(path, 'utf8')) as Case;
}

/** The files that a case says of its node. */
export function filesOf(given: Case): Readonly<Record<string, CaseFile>> {
  return { ...given.patch?.common?.files, ...given.patch?.nodes?.[given.place]?.files };
}

/** Puts what a case says of its node on a real one. */
export async function putCase(machine: Machine, control: string, name: string): Promise<void> {
  const given = caseOf(control, name);
  const kernel = { ...given.patch?.common?.kernel, ...given.patch?.nodes?.[given.place]?.kernel };
  for (const [key, value] of Object.entries(kernel)) await machine.must(`sysctl -qw ${key}=${value}`);
  for (const [file, { mode, owner, group, text }] of Object.entries(filesOf(given))) {
    if (text !== undefined) await machine.must(`mkdir -p "$(dirname ${file})"; cat > ${file}`, text);
    if (mode) await machine.must(`chmod ${mode} ${file}`);
    if (owner) await machine.must(`chown ${owner}:${group ?? owner} ${file}`);
  }
}

/** What these cases want in the operator's own configuration, as one file: lists of the same key are joined. */
export function configurationOf(controls: readonly string[]): string {
  const joined: Record<string, string[]> = {};
  for (const control of controls) {
    const text = filesOf(caseOf(control, 'bad'))[ownConfig]?.text;
    if (text === undefined) throw new Error(`the bad case of ${control} has no ${ownConfig}`);
    for (const [key, items] of Object.entries(parse(text) as Record<string, readonly string[]>))
      joined[key] = [...(joined[key] ?? []), ...items];
  }
  return stringify(joined);
}

/** Everything an undo must bring back; the snapshot that comes before a switch of the profile is kept on purpose. */
export async function stateOf(machine: Machine): Promise<string> {
  const values = await machine.must(
    'sysctl vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops kernel.keys',
  );
  const files = (await manifest(machine, '/var/lib/cni'))
    .split('\n')
    .filter((line) => !line.includes('/db/snapshots'));
  return [values, ...files].join('\n');
}

/** Waits for the next second: times of files and of starts are known in seconds, and what is written next must not look as old as the last start. */
export async function nextSecond(machine: Machine): Promise<void> {
  await machine.must('now=$(date +%s); while [ "$(date +%s)" = "$now" ]; do sleep 0.02; done');
}
