import { isRepair } from '../../domain/session.ts';
import { tallyWords } from '../../domain/tally.ts';
import { type AppState, chosen } from '../../store/state.ts';
import { boardCounts, boardRows, fixedFindings } from '../board.ts';
import { causeCounts } from '../cause-counts.ts';
import { type Line, line, span } from '../line.ts';
import { makeWords } from '../make-words.ts';
import { isToDo } from '../standing.ts';
import { count } from '../words.ts';

/** How many controls stand where; in a repair, how many possible causes were found. */
export function counts(state: AppState): Line {
  if (isRepair(state.session)) return foundWords(state);
  const tally = boardCounts(state);
  const words = tallyWords(tally);
  const open = words.slice(0, words.indexOf(','));
  return line(
    span(` ${count(tally.total, 'control')}: `, 'strong'),
    span(open, tally.open > 0 ? 'bad' : 'plain'),
    span(words.slice(open.length)),
  );
}

/** How many possible causes were found, and what the others came to. */
function foundWords(state: AppState): Line {
  const rows = boardRows(state);
  const parts = causeCounts(rows).map(({ many, word }) => `${many} ${word}`);
  const found = parts[0]?.endsWith(' found') ? parts.shift() : undefined;
  return line(
    span(` ${count(rows.length, 'possible cause')}: `, 'strong'),
    span(found ?? 'none found', found === undefined ? 'plain' : 'bad'),
    span(parts.length > 0 ? `, ${parts.join(', ')}` : ''),
  );
}

/** How many findings were fixed, and how many restarts it would take to have everything that is open. */
export function restartWords(state: AppState): string {
  const nodes = new Set<string>();
  for (const r of boardRows(state)) {
    if (r.control.impact !== 'service-restart') continue;
    r.places.forEach((place, i) => {
      if (isToDo(r.statuses[i] ?? 'not-asked')) nodes.add(place);
    });
  }
  const here = nodes.delete('workstation');
  // Where one file makes the whole cluster, what runs on the nodes comes from it too.
  const made = chosen(state).profile?.distribution.clusterFile !== undefined;
  const make = here || (made && nodes.size > 0) ? [`one ${makeWords(state)}`] : [];
  if (made) nodes.clear();
  const restarts = nodes.size > 1 ? `each of ${nodes.size} nodes` : '1 node';
  const needed = [...(nodes.size > 0 ? [`one restart on ${restarts}`] : []), ...make];
  const fixed = isRepair(state.session) ? 0 : fixedFindings(state);
  const done = fixed > 0 ? ` ${count(fixed, 'finding is', 'findings are')} fixed.` : '';
  if (needed.length === 0) return `${done} Nothing that is open needs a restart.`;
  // Both sentences fit on 80 columns only without their last words.
  return `${done} What is open needs ${needed.join(' and ')}${fixed > 0 ? '.' : ', at the end.'}`;
}
