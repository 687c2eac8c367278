import { formatAddress, parseAddresses } from '../domain/address.ts';
import type { NodeAddress } from '../domain/event.ts';
import { word } from '../domain/failure.ts';
import { remember } from '../domain/remember.ts';
import type { AppState } from '../store/state.ts';

/** Node lines as typed: the nodes, or one sentence about the first bad line. */
export type NodeLines =
  | { readonly ok: true; readonly nodes: readonly NodeAddress[] }
  | { readonly ok: false; readonly line: number; readonly sentence: string };

/** Reads the typed lines; what a line does not say is left to the ssh configuration. */
export function readNodeLines(state: AppState): NodeLines {
  return read(state.view.field?.text ?? '');
}

const read = remember((text: string): NodeLines => {
  const whole = parseAddresses(text, 'Nodes');
  if (whole.ok) return { ok: true, nodes: whole.value };
  // A text stays bad once it is bad, so the first bad line is found by halving.
  const lines = text.split('\n');
  let good = 0;
  let bad = lines.length;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (parseAddresses(lines.slice(0, middle).join('\n'), 'Nodes').ok) good = middle;
    else bad = middle;
  }
  return { ok: false, line: bad, sentence: word(whole.failure).sentence };
});

/** The nodes as the lines they can be typed as. */
export function writeNodeLines(nodes: readonly NodeAddress[]): string {
  return nodes.map(formatAddress).join('\n');
}
