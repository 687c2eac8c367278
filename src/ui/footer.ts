import type { AppState } from '../store/state.ts';
import { type Line, lineWidth, span } from './line.ts';
import type { Look } from './look.ts';
import { bindingsAt, keyLabel, whenOf } from './lookup.ts';
import { isTyping } from './typing.ts';

/** The last line: the keys that work now, the less needed ones dropped until it fits (help has them all), `? help` always at its end. */
export function footer(state: AppState, look: Look, mark: string): Line {
  const typing = isTyping(state);
  const usable = bindingsAt(state)
    .filter((b) => !b.quiet && whenOf(b, state) === true)
    .flatMap(({ word, keys, vital }): readonly Entry[] => {
      const key = keys.find((k) => !typing || k.length > 1);
      return key === undefined ? [] : [{ word, key, rank: key === 'escape' ? 0 : vital ? 1 : 2 }];
    });
  const help = usable.find((b) => b.key === '?');
  const others = usable.filter((b) => b.key !== '?');
  const changing = others.length === 0 && !help ? [stopping] : others;
  const end = [...(help ? entry(help.key, help.word) : [])];
  const room = look.columns - 1 - lineWidth(end) - (mark ? mark.length + 1 : 0);
  const wide = fitting(changing, room, 2);
  // Where something had to give way, the words stand closer first.
  const gap = wide.length === changing.length ? 2 : 1;
  const shown = gap === 2 ? wide : fitting(changing, room, gap);
  const left = [...shown.flatMap(({ key, word }) => entry(key, word, gap)), ...end];
  if (!mark) return left;
  return [...left, span(' '.repeat(Math.max(1, look.columns - lineWidth(left) - mark.length))), span(mark)];
}

/** A key of the footer; those of a higher rank give way first. The way back is the last to go. */
type Entry = { readonly key: string; readonly word: string; readonly rank: 0 | 1 | 2 };

const stopping: Entry = { key: 'ctrl-c', word: 'stop after this step', rank: 0 };

/** As many entries as fit, the most needed chosen first, in the order of the table. */
function fitting(all: readonly Entry[], room: number, gap: number): readonly Entry[] {
  const kept = new Set<Entry>();
  let left = room;
  for (const of of all.toSorted((a, b) => a.rank - b.rank)) {
    const columns = lineWidth(entry(of.key, of.word, gap));
    if (columns > left) continue;
    kept.add(of);
    left -= columns;
  }
  return all.filter((of) => kept.has(of));
}

function entry(key: string, word: string, gap = 2): Line {
  return [span(` ${keyLabel(key)}`, 'cursor'), span(` ${word}${' '.repeat(gap)}`, 'dim')];
}
