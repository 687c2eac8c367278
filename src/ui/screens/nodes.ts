import { reachedAs } from '../../domain/address.ts';
import { blank, line, paragraph, span } from '../line.ts';
import { highlighted } from '../lists.ts';
import { type Screen, textPage } from '../page.ts';
import { columnWidths, row, titles, widest } from '../table.ts';
import { count } from '../words.ts';

/** The nodes of the cluster, as far as they are named. */
export const nodes: Screen = (state, look) => {
  const { nodes: all, cluster } = state.session;
  if (all.length === 0) {
    return textPage(
      [blank, line(span(' Which nodes belong to the cluster?', 'strong')), blank],
      [
        ...paragraph('Press e and type or paste them, one a line:', look.columns),
        blank,
        line(span('     root@10.0.0.11 server', 'busy')),
        line(span('     cp-2=admin@10.0.0.12:2222 server', 'busy')),
        line(span('     root@worker-1.example.org agent', 'busy')),
        blank,
        ...paragraph(
          `Or take them from the SSH configuration (i; ${count(state.sshHosts.length, 'host')}) or from an inventory file (f).`,
          look.columns,
        ),
      ],
    );
  }
  const names = all.map((n) => n.name);
  const addresses = all.map(reachedAs);
  const widths = columnWidths([widest(names, 30), widest(addresses, 40), 10], 1, look);
  const chosen = highlighted(state);
  return {
    top: [
      blank,
      line(
        span(' Cluster ', 'dim'),
        span(cluster || 'without a name', 'strong'),
        span(`, ${count(all.length, 'node')}`),
      ),
      blank,
      ...titles(['node', 'address', 'role'], widths, look),
    ],
    middle: {
      kind: 'list',
      count: all.length,
      focus: Math.max(0, names.indexOf(chosen ?? '')),
      at: (i) => {
        const role = all[i]?.role ?? 'not said';
        return row(
          [span(names[i] ?? ''), span(addresses[i] ?? ''), span(role, all[i]?.role ? 'plain' : 'dim')],
          widths,
          look,
          names[i] === chosen,
        );
      },
    },
    bottom: [
      blank,
      ...paragraph('The role is what you expect; what the node really is, it is asked.', look.columns, 'dim'),
      ...(state.session.rancher === undefined
        ? []
        : paragraph(`Asked too: the Rancher server ${state.session.rancher}.`, look.columns, 'dim')),
    ],
  };
};
