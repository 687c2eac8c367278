import { isRepair } from '../../domain/session.ts';
import { tallyWords } from '../../domain/tally.ts';
import { isWrong } from '../../domain/verdict.ts';
import type { AppState } from '../../store/state.ts';
import { boardCounts, boardRows, fixedFindings } from '../board.ts';
import { type Line, line, span } from '../line.ts';
import { makeWords } from '../make-words.ts';
import { isToDo } from '../standing.ts';
import type { Status } from '../theme.ts';
import { count } from '../words.ts';

/** How many controls stand where; in a repair, how many possible causes were found. */
export function counts(state: AppState): Line {
  if (isRepair(state.session)) return causeCounts(state);
  const tally = boardCounts(state);
  const words = tallyWords(tally);
  const open = words.slice(0, words.indexOf(','));
  return line(
    span(` ${count(tally.total, 'control')}: `, 'strong'),
    span(open, tally.open > 0 ? 'bad' : 'plain'),
    span(words.slice(open.length)),
  );
}

/** How many possible causes were found, and how many are still open for want of an answer or of a person. */
function causeCounts(state: AppState): Line {
  const rows = boardRows(state);
  const n = (...statuses: readonly Status[]): number =>
    rows.filter((r) => statuses.includes(r.status)).length;
  const found = rows.filter((r) => isWrong(r.status)).length;
  const parts = [
    [n('fixed'), 'cured'],
    [n('unknown', 'not-asked'), 'not learned'],
    [n('manual'), 'to be looked at'],
    [n('skipped'), 'skipped'],
    [n('pass', 'not-applicable'), 'not it'],
  ] as const;
  const rest = parts.filter(([many]) => many > 0).map(([many, word]) => `${many} ${word}`);
  return line(
    span(` ${count(rows.length, 'possible cause')}: `, 'strong'),
    span(found > 0 ? `${found} found` : 'none found', found > 0 ? 'bad' : 'plain'),
    span(rest.length > 0 ? `, ${rest.join(', ')}` : ''),
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
  const make = nodes.delete('workstation') ? [`one ${makeWords(state)}`] : [];
  const restarts = nodes.size > 1 ? `each of ${nodes.size} nodes` : '1 node';
  const needed = [...(nodes.size > 0 ? [`one restart on ${restarts}`] : []), ...make];
  const fixed = isRepair(state.session) ? 0 : fixedFindings(state);
  const done = fixed > 0 ? ` ${count(fixed, 'finding is', 'findings are')} fixed.` : '';
  return needed.length === 0
    ? `${done} Nothing that is open needs a restart.`
    : `${done} What is open needs ${needed.join(' and ')}, at the end.`;
}
