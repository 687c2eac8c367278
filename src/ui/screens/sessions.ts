import { pastState, practiceWords } from '../../domain/past-words.ts';
import type { PastSession } from '../../store/state.ts';
import { blank, labelled, line, span } from '../line.ts';
import { highlighted, listedSessions } from '../lists.ts';
import { type Screen, textPage } from '../page.ts';
import { leftToDo } from '../resumable.ts';
import { columnWidths, row, titles, widest } from '../table.ts';
import { count } from '../words.ts';

/** Past sessions, to resume, read or undo. */
export const sessionsScreen: Screen = (state, look) => {
  const all = listedSessions(state);
  if (all.length === 0) return textPage([blank], [line(span(' There is no past session.', 'dim'))]);
  const chosen = highlighted(state);
  const focus = Math.max(
    0,
    all.findIndex((s) => s.id === chosen),
  );
  const clusters = all.map((s) => s.cluster || 'no name');
  const resume = state.view.highlighted.start === 'resume';
  const widths = columnWidths(
    resume ? [17, widest(clusters, 24), 10, 30] : [17, widest(clusters, 24), 12, 10],
    1,
    look,
  );
  const at = all[focus];
  return {
    top: [
      blank,
      line(span(' Which session?', 'strong')),
      blank,
      ...titles(
        ['last used (UTC)', 'cluster', ...(resume ? ['nodes', 'left to do'] : ['changes', 'state'])],
        widths,
        look,
      ),
    ],
    middle: {
      kind: 'list',
      count: all.length,
      focus,
      at: (i) => {
        const s = all[i];
        if (!s) return [];
        const cells = [
          span(s.lastAt.slice(0, 16).replace('T', ' ')),
          span(clusters[i] ?? ''),
          span(resume ? count(s.nodes, 'node') : changesCell(s)),
          span(resume ? leftToDo(s) : pastState(s), s.damage || s.unfinished > 0 ? 'warn' : 'plain'),
        ];
        return row(cells, widths, look, i === focus);
      },
    },
    bottom: [
      blank,
      ...labelled(
        'What',
        `${at?.distribution || 'no distribution yet'}, ${count(at?.nodes ?? 0, 'node')}${at?.lab ? `; practice, ${practiceWords(at)}` : ''}`,
        look.columns,
        1,
      ),
      ...labelled('Record', at?.id ?? '', look.columns, 1, 'dim'),
      ...(at?.damage ? labelled('Damage', at.damage, look.columns, 3, 'warn') : []),
    ],
  };
};

function changesCell(s: PastSession): string {
  if (!s.lab) return count(s.changes, 'change');
  return s.ended ? 'cluster gone' : 'practice';
}
