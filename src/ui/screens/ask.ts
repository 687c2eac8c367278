import type { AppState } from '../../store/state.ts';
import type { Field } from '../../store/view-field.ts';
import { wordToType } from '../fields.ts';
import { blank, type Line, line, paragraph, span } from '../line.ts';
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

/** A question whose answer is a change: the cursor stands on no, and Enter alone stays there. */
export function noOrYes(state: AppState, look: Look, no: string, yes: string): readonly Line[] {
  const word = wordToType(state);
  if (word !== undefined) {
    return [
      blank,
      ...paragraph(
        `To do it, type ${word} and press enter. Enter alone or esc changes nothing.`,
        look.columns,
        'strong',
      ),
      fieldLine(state.view.field, look),
    ];
  }
  return [
    blank,
    line(
      span(look.plain ? 'selected: ' : ` ${sign('cursor', look)} `, 'cursor'),
      span(no, 'strong'),
      span('   enter, n or esc', 'dim'),
    ),
    line(span('   '), span(yes), span('   y', 'dim')),
  ];
}
