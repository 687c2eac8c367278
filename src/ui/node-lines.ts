import { formatAddress, parseAddresses } from '../domain/address.ts';
import type { NodeAddress } from '../domain/event.ts';
import { word } from '../domain/failure.ts';
import type { AppState } from '../store/state.ts';

/** Node lines as typed: the nodes, or one sentence about the first bad line. */
export type NodeLines =
  | { readonly ok: true; readonly nodes: readonly NodeAddress[] }
  | { readonly ok: false; readonly line: number; readonly sentence: string };

/** Reads the typed lines; who logs in and at which port, where a line does not say, is for the ssh configuration. */
export function readNodeLines(state: AppState): NodeLines {
  const text = state.view.field?.text ?? '';
  const read = parseAddresses(text, 'Nodes');
  if (read.ok) return { ok: true, nodes: read.value };
  const lines = text.split('\n');
  const good = lines.findLastIndex((_, i) => parseAddresses(lines.slice(0, i).join('\n'), '').ok);
  return { ok: false, line: good + 1, sentence: word(read.failure).sentence };
}

/** The nodes as the lines they can be typed as. */
export function writeNodeLines(nodes: readonly NodeAddress[]): string {
  return nodes.map(formatAddress).join('\n');
}
