import type { NodeFacts } from './event.ts';
import { type Failure, word } from './failure.ts';

type Identity = Pick<NodeFacts, 'machineId' | 'bootId'>;

/** Whether two names lead to one machine. Machines made from one template may share a machine-id, but no boot; an unread one tells nothing. */
export function isSameMachine(a: Identity, b: Identity): boolean {
  const [machine, boot] = [a.machineId !== '', a.bootId !== ''];
  return machine && boot && a.machineId === b.machineId && a.bootId === b.bootId;
}

/** Whether two machines were made from one template, which gave both its machine-id. */
export function isClone(a: Identity, b: Identity): boolean {
  return a.machineId !== '' && a.machineId === b.machineId && a.bootId !== b.bootId;
}

/** What is wrong with two machines that have one machine-id, and the way out. */
export function cloneWords(name: string, other: string, { machineId }: Identity): string {
  return `${name} and ${other} have one machine-id (${machineId}) but were booted apart, so they are clones. Give one of them a machine-id of its own (systemd-machine-id-setup).`;
}

type Named = { readonly name: string; readonly facts?: Identity; readonly failure?: Failure };

/** A sentence for every name that leads to the machine of another one, and for every clone. */
export function machineWarnings(nodes: readonly Named[]): readonly string[] {
  const first = new Map<string, Named>();
  return nodes.flatMap((node) => {
    const { name, facts, failure } = node;
    if (failure?.code === 'same-machine') return [word(failure).sentence];
    if (!facts) return [];
    const other = first.get(facts.machineId);
    if (!other) first.set(facts.machineId, node);
    return other?.facts && isClone(facts, other.facts) ? [cloneWords(name, other.name, facts)] : [];
  });
}
