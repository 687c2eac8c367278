import type { AppState } from '../store/state.ts';
import { type Line, lineWidth, span } from './line.ts';
import type { Look } from './look.ts';
import { bindingsAt, keyLabel, whenOf } from './lookup.ts';
import { isTyping } from './typing.ts';

/** The last line: the keys that work now, the less needed ones dropped until it fits, `? help` always at its end. */
export function footer(state: AppState, look: Look, mark: string): Line {
  const typing = isTyping(state);
  const usable = bindingsAt(state)
    .filter((b) => !b.quiet && whenOf(b, state) === true)
    .map((b) => ({ word: b.word, key: b.keys.find((k) => !typing || k.length > 1) }))
    .filter((b): b is { word: string; key: string } => b.key !== undefined);
  const help = usable.find((b) => b.key === '?');
  const others = usable.filter((b) => b.key !== '?');
  const changing = others.length === 0 && !help ? [{ key: 'ctrl-c', word: 'stop after this step' }] : others;
  const end = [...(help ? entry(help.key, help.word) : [])];
  const room = look.columns - 1 - lineWidth(end) - (mark ? mark.length + 1 : 0);
  let shown: Line = [];
  for (const { key, word } of changing) {
    const next = [...shown, ...entry(key, word)];
    if (lineWidth(next) <= room) shown = next;
  }
  const left = [...shown, ...end];
  if (!mark) return left;
  return [...left, span(' '.repeat(Math.max(1, look.columns - lineWidth(left) - mark.length))), span(mark)];
}

function entry(key: string, word: string): Line {
  return [span(` ${keyLabel(key)}`, 'cursor'), span(` ${word}  `, 'dim')];
}
