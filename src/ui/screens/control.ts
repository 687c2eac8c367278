import { stepSummary } from '../../domain/commands.ts';
import type { Control } from '../../domain/control.ts';
import { findingKey, verdictOf } from '../../domain/session.ts';
import { type AppState, controlById } from '../../store/state.ts';
import { pickList, planAt } from '../appliable.ts';
import { boardCounts, boardRows, numbers, rowOf } from '../board.ts';
import { blank, ends, type Line, labelled, line, type Span, span } from '../line.ts';
import { highlighted, restartOrder } from '../lists.ts';
import type { Look } from '../look.ts';
import { type Page, type Screen, textPage } from '../page.ts';
import { placesOf, statusAt, tally } from '../standing.ts';
import { columnWidths, row, titles, widest } from '../table.ts';
import { sign, statusLook, statusSpan } from '../theme.ts';
import { impactSentence, impactWord, rolesWord, someOf } from '../words.ts';

/** One control: what was found where, why it matters, what it costs, what would run. */
export const control: Screen = (state, look) => {
  const of = controlById(state, state.view.control ?? '');
  if (!of) return textPage([], [line(span(' This control is not part of the benchmark.', 'warn'))]);
  const places = placesOf(state.session, of);
  const chosen = highlighted(state) ?? '';
  const verdicts = places.map((place) => verdictOf(state.session, of.id, place));
  const picked = state.view.picked[pickList(of.id)] ?? [];
  const names = places.map((p) => `${picked.includes(p) ? '[x] ' : picked.length > 0 ? '[ ] ' : ''}${p}`);
  const found = verdicts.map((v) => v?.found ?? '');
  const widths = columnWidths(
    [widest([...names, 'node'], 22), 13, Math.min(40, Math.max(8, widest(found, 40))), 10],
    3,
    look,
  );
  const bottom = below(state, of, chosen, look, look.height - 4 - Math.min(places.length, 8));
  return {
    top: [
      heading(state, of, look),
      blank,
      ...titles([placeWord(of), 'verdict', 'found', 'wanted'], widths, look),
    ],
    middle: {
      kind: 'list',
      count: places.length,
      focus: Math.max(0, places.indexOf(chosen)),
      at: (i) => {
        const place = places[i] ?? '';
        const cells = [
          span(names[i] ?? ''),
          statusSpan(statusAt(state.session, of.id, place), look),
          span(found[i] ?? ''),
          span(verdicts[i]?.wanted ?? '', 'dim'),
        ];
        return row(cells, widths, look, place === chosen);
      },
    },
    bottom,
  } satisfies Page;
};

function placeWord(of: Control): string {
  return of.target === 'node' ? 'node' : 'place';
}

function heading(state: AppState, of: Control, look: Look): Line {
  const statuses = rowOf(state, of.id)?.statuses ?? [];
  const status = rowOf(state, of.id)?.status ?? 'not-asked';
  const { n, of: all } = tally(statuses, status);
  const sum = all > 1 ? `${n} of ${all} ${statusLook[status].word}` : statusLook[status].word;
  const level = rowOf(state, of.id)?.level;
  const where = of.target === 'node' ? rolesWord(of.roles) : of.target;
  const dot = ` ${sign('dot', look)} `;
  const facts = [level ? `level ${level}` : '', where, sum].filter(Boolean).join(dot);
  return ends(
    line(span(` ${numbers(state, of.id).split(',')[0]}  `, 'busy'), span(of.title, 'strong')),
    line(span(`${look.columns >= 80 ? facts : sum} `, 'dim')),
    look.columns,
  );
}

/** The lines below the table, the least needed left out when there are few. */
function below(state: AppState, of: Control, place: string, look: Look, room: number): readonly Line[] {
  const { columns } = look;
  const roomy = room >= 12;
  const tight = room < 8;
  const reason = reasonLines(state, of, place, columns);
  const lines = [
    ...(tight ? [] : [blank]),
    ...reason.slice(0, roomy ? 3 : 1),
    ...labelled('Why', of.why, columns, roomy ? 3 : tight ? 1 : 2),
    ...labelled(
      'Risk',
      riskWords(state, of),
      columns,
      roomy ? 3 : 1,
      of.impact === 'irreversible' ? 'bad' : 'plain',
    ),
    ...runLines(state, of, place, columns, roomy ? 4 : tight ? 1 : 2),
    ...(roomy ? [blank] : []),
    progressLine(state, look),
  ];
  return lines;
}

function reasonLines(state: AppState, of: Control, place: string, columns: number): readonly Line[] {
  const key = findingKey(of.id, place);
  const skipped = state.session.skips[key];
  const reason = verdictOf(state.session, of.id, place)?.reason;
  return [
    ...(skipped ? labelled('Skipped', skipped, columns, 1, 'warn') : []),
    ...(reason ? labelled('Reason', `${place}: ${reason}`, columns, 2, 'warn') : []),
  ];
}

function riskWords(state: AppState, of: Control): string {
  const due = restartOrder(state.session);
  const restart = of.impact === 'service-restart' && due.length > 0 ? ` Due now: ${someOf(due)}.` : '';
  return `${impactWord(of.impact)}. ${impactSentence(of.impact)}${restart}`;
}

function runLines(
  state: AppState,
  of: Control,
  place: string,
  columns: number,
  most: number,
): readonly Line[] {
  const plan = planAt(state, place);
  switch (plan?.kind) {
    case 'ready':
      return plan.change.steps
        .slice(0, most)
        .flatMap((step, i) => labelled(i === 0 ? 'Runs' : '', stepSummary(step), columns, 1, 'busy'));
    case 'refused':
      return labelled('Refused', `${plan.reason} ${plan.instead}`, columns, most, 'warn');
    case 'nothing':
      return labelled('Runs', `nothing; ${place} is as it should be`, columns, 1, 'dim');
    case undefined:
      return state.session.readOnly
        ? labelled('Runs', 'nothing, this session is read-only', columns, 1, 'dim')
        : labelled('Breaks', of.breaks, columns, Math.max(1, most - 1));
  }
}

function progressLine(state: AppState, look: Look): Line {
  const { pass, fixed, skipped, open } = boardCounts(state);
  const rows = boardRows(state);
  const at = rows.findIndex((r) => r.control.id === state.view.control) + 1;
  const bar = look.columns >= 100 ? 30 : 15;
  const full = rows.length === 0 ? 0 : Math.round((bar * (rows.length - open)) / rows.length);
  const gauge: readonly Span[] = look.plain
    ? []
    : [span(sign('full', look).repeat(full), 'good'), span(sign('empty', look).repeat(bar - full), 'dim')];
  const dot = ` ${sign('dot', look)} `;
  const words = [`${pass} pass`, `${fixed} fixed`, `${skipped} skipped`, `${open} to go`].join(dot);
  return line(span(` ${at} of ${rows.length}  `), ...gauge, span(`  ${words}`, 'dim'));
}
