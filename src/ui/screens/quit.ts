import { unfinished } from '../../domain/session.ts';
import type { AppState } from '../../store/state.ts';
import { blank, type Line, line, paragraph, span } from '../line.ts';
import { isChanging } from '../location.ts';
import type { Look } from '../look.ts';
import { type Screen, textPage } from '../page.ts';
import { sign } from '../theme.ts';
import { someOf } from '../words.ts';

/** Whether to leave, and what that means now. */
export const quitScreen: Screen = (state, look) =>
  textPage(
    [blank, line(span(isChanging(state) ? ' Leave in the middle of a change?' : ' Leave?', 'strong')), blank],
    meaning(state, look),
    [
      blank,
      line(
        span(look.plain ? 'selected: ' : ` ${sign('cursor', look)} `, 'cursor'),
        span('Stay', 'strong'),
        span('   enter, n or esc', 'dim'),
      ),
      line(span('   Leave'), span('   y', 'dim')),
    ],
  );

function meaning(state: AppState, look: Look): readonly Line[] {
  if (isChanging(state)) {
    return [
      ...paragraph(
        'A node is being changed right now. If you leave, how it ended is not known until it is asked again.',
        look.columns,
        'bad',
      ),
      ...paragraph(
        'Better stay until the step under way is done; it stops by itself after that.',
        look.columns,
      ),
    ];
  }
  if (state.session.lab) {
    return [
      ...paragraph(
        `This is practice: ${state.clusterGone ? 'its cluster is gone' : 'the cluster goes away with the program'}, so nothing of it can be resumed or undone afterwards. Only the record stays, to read and to write out with:`,
        look.columns,
      ),
      exportLine(state),
    ];
  }
  const open = unfinished(state.session);
  const due = state.session.restartsDue;
  return [
    ...(open.length > 0
      ? paragraph(
          `A change on ${someOf([...new Set(open.map((c) => c.change.node))])} has no known end; it is named first when you resume.`,
          look.columns,
          'warn',
        )
      : []),
    ...(due.length > 0
      ? paragraph(
          `Restarts are still due on ${someOf(due)}; until then some changes are not active.`,
          look.columns,
          'warn',
        )
      : []),
    ...paragraph(
      'Everything up to now is recorded. The session can be resumed, read, exported and undone from the first screen, or written out with:',
      look.columns,
    ),
    exportLine(state),
  ];
}

function exportLine(state: AppState): Line {
  return line(span(`   ${state.command} export ${state.session.id}`, 'busy'));
}
