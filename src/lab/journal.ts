import type { LabLine, LabNode } from './state.ts';
import { plainName } from './unit.ts';

const linesKept = 500;

/** A node with one more line in the journal of a unit. */
export function log(node: LabNode, unitName: string, at: number, text: string): LabNode {
  const name = plainName(unitName);
  const lines: readonly LabLine[] = [...(node.journal[name] ?? []), { at: Math.floor(at), text }];
  return { ...node, journal: { ...node.journal, [name]: lines.slice(-linesKept) } };
}

/** A line as RKE2 itself logs it. */
export function rke2Line(at: number, level: string, message: string): string {
  const stamp = `${new Date(Math.floor(at) * 1000).toISOString().slice(0, 19)}Z`;
  return `time="${stamp}" level=${level} msg=${JSON.stringify(message)}`;
}

/** What systemd calls a unit of RKE2. */
export function title(unitName: string): string {
  return `Rancher Kubernetes Engine v2 (${roleOf(unitName)})`;
}

/** The role a unit of RKE2 runs. */
export function roleOf(unitName: string): 'server' | 'agent' {
  return plainName(unitName) === 'rke2-agent' ? 'agent' : 'server';
}
