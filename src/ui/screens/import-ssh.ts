import { reachedAs } from '../../domain/address.ts';
import { blank, line, paragraph, span } from '../line.ts';
import { highlighted } from '../lists.ts';
import type { Screen } from '../page.ts';
import { columnWidths, row, widest } from '../table.ts';

/** Hosts of the SSH configuration to take as nodes. */
export const importSsh: Screen = (state, look) => {
  const hosts = state.sshHosts;
  const chosen = highlighted(state);
  const ticked = state.view.picked['import-ssh'] ?? [];
  const have = new Set(state.session.nodes.map((n) => n.name));
  const names = hosts.map((h) => `${ticked.includes(h.name) ? '[x]' : '[ ]'} ${h.name}`);
  const widths = columnWidths([widest(names, 34), 20], 1, look);
  return {
    top: [line(span(' Hosts in your SSH configuration', 'strong')), blank],
    middle: {
      kind: 'list',
      count: hosts.length,
      focus: Math.max(
        0,
        hosts.findIndex((h) => h.name === chosen),
      ),
      at: (i) => {
        const h = hosts[i];
        if (!h) return [];
        const where = `${reachedAs(h)}${have.has(h.name) ? ', in the list' : ''}`;
        return row([span(names[i] ?? ''), span(where, 'dim')], widths, look, h.name === chosen);
      },
    },
    bottom: [blank, ...paragraph('Space ticks, enter adds the ticked ones.', look.columns, 'dim')],
  };
};
