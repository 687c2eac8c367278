import type { AppState } from '../../store/state.ts';
import type { Field } from '../../store/view-field.ts';
import { wordToType } from '../fields.ts';
import { gravity } from '../gravity.ts';
import { blank, type Line, line, paragraph, shortParagraph, span } from '../line.ts';
import type { Look } from '../look.ts';
import { width } from '../text.ts';
import { sign } from '../theme.ts';

/** The line being typed, its caret always in view. A secret is as many asterisks as it has characters. */
export function fieldLine(field: Field | undefined, look: Look): Line {
  const before = field?.text.slice(0, field.caret) ?? '';
  const after = field?.text.slice(field.caret) ?? '';
  const room = look.columns - 8;
  const shown = width(before) > room ? before.slice(-room) : before;
  return line(
    span(look.plain ? '' : ` ${sign('cursor', look)} `, 'cursor'),
    span(shown),
    span('|', 'cursor'),
    span(after),
  );
}

/** Below this height only what decides stands around the commands. */
export const cramped = 14;

/** A question whose answer is a change: the cursor stands on no, and Enter alone stays there. */
export function noOrYes(state: AppState, look: Look, no: string, yes: string): readonly Line[] {
  const word = wordToType(state);
  if (word !== undefined) {
    const why = gravity(state);
    if (look.height < cramped)
      return [
        ...shortParagraph(`${why}: type ${word} and press enter, or esc.`, look.columns, 2, 'strong'),
        fieldLine(state.view.field, look),
      ];
    return [
      blank,
      ...paragraph(
        `${why}. To do it, type ${word} and press enter: it is always the cluster's name. Until it stands there, nothing is done; esc leaves.`,
        look.columns,
        'strong',
      ),
      fieldLine(state.view.field, look),
    ];
  }
  return [
    ...(look.height < cramped ? [] : [blank]),
    line(
      span(look.plain ? 'selected: ' : ` ${sign('cursor', look)} `, 'cursor'),
      span(no, 'strong'),
      span('   enter, n or esc', 'dim'),
    ),
    line(span('   '), span(yes), span('   y', 'dim')),
  ];
}
