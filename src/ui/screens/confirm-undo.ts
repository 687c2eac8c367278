import { undoScreen } from '../../domain/undo.ts';
import type { AppState } from '../../store/state.ts';
import { changeName } from '../cause-name.ts';
import { blank, line, paragraph, shortParagraph, span } from '../line.ts';
import { activeOverlay } from '../location.ts';
import { makeWords } from '../make-words.ts';
import { type Screen, textPage } from '../page.ts';
import { undoScope } from '../undo-items.ts';
import { reachWords, staysWords } from '../undo-reach.ts';
import { watcherWords } from '../watcher-words.ts';
import { count, someOf } from '../words.ts';
import { cramped, noOrYes } from './ask.ts';

/** Exactly how it would be taken back; then the question. */
export const confirmUndo: Screen = (state, look) => {
  const overlay = activeOverlay(state);
  const ids = overlay?.kind === 'confirm-undo' ? overlay.changes : [];
  const force = overlay?.kind === 'confirm-undo' && overlay.force;
  const changes = state.session.changes.filter((c) => ids.includes(c.change.id)).toReversed();
  const nodes = [...new Set(changes.map((c) => c.change.node))];
  const restarts = [...new Set(changes.filter((c) => c.restarts).map((c) => c.change.node))];
  const reach = reachWords(state, changes);
  const small = look.height < cramped;
  return textPage(
    [
      ...shortParagraph(`Undo ${undoScope(state, ids)}?`, look.columns, small ? 1 : 3, 'strong'),
      ...(reach ? shortParagraph(reach, look.columns, small ? 3 : 6, 'warn') : []),
      ...(small ? [] : [blank]),
    ],
    [
      ...staysWords(state, changes).flatMap((text) => [
        ...paragraph(`STAYS: ${text}`, look.columns, 'warn'),
        blank,
      ]),
      ...changes.flatMap(({ change }) => [
        line(span(` ${changeName(state, change.control)}, on ${change.node}`, 'strong')),
        ...undoScreen(change).flatMap((c) => paragraph(`$ ${c}`, look.columns, 'busy', 3)),
        blank,
      ]),
    ],
    [
      ...(force
        ? paragraph('BY FORCE: what somebody changed there since will be overwritten.', look.columns, 'bad')
        : small
          ? []
          : paragraph(
              'Where a file or an object of the cluster was changed since, it is left alone and you are told.',
              look.columns,
              'dim',
            )),
      ...(restarts.length > 0
        ? shortParagraph(
            `${dueWords(state, restarts)} due afterwards; not now.${watcherWords(state, changes)}`,
            look.columns,
            small ? 1 : 4,
            'warn',
          )
        : []),
    ],
    noOrYes(
      state,
      look,
      'No, leave it as it is',
      `Yes, undo ${count(changes.length, 'change')} on ${someOf(nodes)}`,
    ),
  );
};

/** Restarts of nodes, and the command that makes the cluster, as the subject of a sentence. */
function dueWords(state: AppState, restarts: readonly string[]): string {
  const nodes = restarts.filter((name) => name !== 'workstation');
  const restart = nodes.length > 0 ? [`a restart on ${someOf(nodes)}`] : [];
  const due = [...restart, ...(restarts.includes('workstation') ? [makeWords(state)] : [])];
  return `${due.join(' and ').replace(/^a /, 'A ')} ${due.length > 1 ? 'are' : 'is'}`;
}
