import { stepSummary } from '../../domain/commands.ts';
import { type Control, classesOf } from '../../domain/control.ts';
import { findingKey, isRepair, verdictOf } from '../../domain/session.ts';
import { type AppState, controlById, restartsInOrder, chosen as selection } from '../../store/state.ts';
import { isForPerson, pickList, planAt, refusalWords } from '../appliable.ts';
import { numbers, rowOf } from '../board.ts';
import { briefly } from '../brief.ts';
import { nameOf } from '../cause-name.ts';
import { dueWords } from '../due-words.ts';
import { blank, ends, type Line, labelled, line, lineWidth, type Span, span, type Tone } from '../line.ts';
import { highlighted } from '../lists.ts';
import type { Look } from '../look.ts';
import { type Page, type Screen, textPage } from '../page.ts';
import { planWords } from '../planned.ts';
import { placesOf, statusAt, tally } from '../standing.ts';
import { columnWidths, row, titles, widest } from '../table.ts';
import { sign, statusSpan, statusWord } from '../theme.ts';
import { impactSentence, rolesWord, someOf } from '../words.ts';
import { orderFor, readsOn } from './control-parts.ts';
import { lessonAt, lessonParts } from './lesson.ts';
import { previewRead, previewWords } from './previewed.ts';
import { progressLine } from './progress-line.ts';
import { runLines } from './run-lines.ts';

/** One control: what was found where, why it matters, what it costs, what would run. */
export const control: Screen = (state, look) => {
  const of = controlById(state, state.view.control ?? '');
  if (!of) return textPage([], [line(span(' This control is not part of the benchmark.', 'warn'))]);
  const places = placesOf(state.session, of);
  const chosen = highlighted(state) ?? '';
  const verdicts = places.map((place) => verdictOf(state.session, of.id, place));
  const picked = state.view.picked[pickList(of.id)] ?? [];
  const names = places.map((p) => `${picked.includes(p) ? '[x] ' : picked.length > 0 ? '[ ] ' : ''}${p}`);
  const nameWidth = widest([...names, 'node'], 22);
  const repair = isRepair(state.session);
  // What is healthy stands below, so all the room is for what was found.
  const half = Math.floor((look.columns - nameWidth - 26) / (repair ? 1 : 2));
  const short = verdicts.map((v) => briefly(v ?? { found: '', wanted: '' }, half, half));
  const found = short.map((s) => s.found);
  const foundWidth = Math.min(half, Math.max(8, widest(found, repair ? half : 60)));
  const widths = columnWidths(
    [nameWidth, repair ? 14 : 13, foundWidth, ...(repair ? [] : [10])],
    repair ? 2 : 3,
    look,
  );
  const top = [
    ...heading(state, of, look),
    blank,
    ...titles(
      [placeWord(of), ...(repair ? ['cause', 'found'] : ['verdict', 'found', 'wanted'])],
      widths,
      look,
    ),
  ];
  const bottom = below(
    state,
    of,
    chosen,
    look,
    look.height - top.length - Math.max(3, Math.min(places.length, 8)),
  );
  return {
    top,
    middle: {
      kind: 'list',
      count: places.length,
      focus: Math.max(0, places.indexOf(chosen)),
      at: (i) => {
        const place = places[i] ?? '';
        const cells = [
          span(names[i] ?? ''),
          statusOn(state, of.id, place, look),
          span(found[i] ?? ''),
          ...(repair ? [] : [span(short[i]?.wanted ?? '', 'dim')]),
        ];
        return row(cells, widths, look, place === chosen);
      },
    },
    bottom,
  } satisfies Page;
};

function statusOn(state: AppState, control: string, place: string, look: Look): Span {
  const status = statusAt(state.session, control, place);
  return statusSpan(status, look, statusWord(status, state.session));
}

function placeWord(of: Control): string {
  return of.target === 'node' ? 'node' : 'place';
}

function heading(state: AppState, of: Control, look: Look): readonly Line[] {
  const statuses = rowOf(state, of.id)?.statuses ?? [];
  const status = rowOf(state, of.id)?.status ?? 'not-asked';
  const { n, of: all } = tally(statuses, status);
  const word = statusWord(status, state.session);
  const sum = all > 1 ? `${n} of ${all} ${word}` : word;
  const level = isRepair(state.session) ? undefined : rowOf(state, of.id)?.level;
  const where = of.target === 'node' ? rolesWord(of.roles) : of.target;
  const dot = ` ${sign('dot', look)} `;
  const { benchmark } = selection(state);
  const classes = benchmark && level ? classesOf(benchmark, of.id).map(({ words }) => words) : [];
  const facts = [level ? `level ${level}` : '', classes.join(' and '), where, sum].filter(Boolean).join(dot);
  const name = line(
    span(` ${numbers(state, of.id).split(',')[0]}  `, 'busy'),
    span(nameOf(state, of), 'strong'),
  );
  const right = line(span(`${facts} `, 'dim'));
  if (lineWidth(name) + lineWidth(right) + 2 <= look.columns) return [ends(name, right, look.columns)];
  return [name, line(span(` ${facts}`, 'dim'))];
}

/** Something to say below the table: its word in the margin, and whether it needs an eye. */
type Part = { readonly label: string; readonly text: string; readonly tone: Tone };

/** The lines below the table, as many as there is room for, the most needed first. */
function below(state: AppState, of: Control, place: string, look: Look, room: number): readonly Line[] {
  const parts = partsOf(state, of, place);
  const whole = new Map(parts.map((p) => [p.label, partLines(p, look.columns).length]));
  const given = new Map<string, number>();
  let left = room - 2;
  for (const [label, most] of orderFor(state.session)) {
    const had = given.get(label) ?? 0;
    const more = Math.min(left, Math.min(most, whole.get(label) ?? 0) - had);
    if (more <= 0) continue;
    given.set(label, had + more);
    left -= more;
  }
  const lines = parts.flatMap((p) => partLines(p, look.columns, given.get(p.label) ?? 0));
  return [blank, ...lines, ...(left > 0 ? [blank] : []), progressLine(state, look)];
}

function partLines(part: Part, columns: number, most?: number): readonly Line[] {
  const more = readsOn[part.label] ?? '..';
  if (part.label !== 'Runs') return labelled(part.label, part.text, columns, most, part.tone, more);
  return runLines(part.text.split('\n'), columns - 10, most).flatMap((step, i) =>
    labelled(i === 0 ? 'Runs' : '', step, columns, 1, part.tone),
  );
}

function partsOf(state: AppState, of: Control, place: string): readonly Part[] {
  const verdict = verdictOf(state.session, of.id, place);
  const skipped = state.session.skips[findingKey(of.id, place)] ?? '';
  const refused = planAt(state, place)?.kind === 'refused';
  const open = verdict && verdict.kind !== 'pass' && verdict.kind !== 'not-applicable';
  const lesson = lessonAt(state, of.id);
  return [
    { label: 'Skipped', text: skipped, tone: 'warn' },
    { label: 'Reason', text: verdict?.reason ? `${place}: ${verdict.reason}` : '', tone: 'warn' },
    { label: 'Plan', text: planWords(state, of.id, place), tone: 'warn' },
    { label: 'Found', text: open && verdict.found.length > 16 ? verdict.found : '', tone: 'plain' },
    { label: 'Wanted', text: open && verdict.wanted.length > 16 ? verdict.wanted : '', tone: 'plain' },
    ...(lesson
      ? lessonParts(lesson, verdict, statusAt(state.session, of.id, place))
      : [{ label: 'Why', text: of.why, tone: 'plain' } as const]),
    { label: 'Breaks', text: lesson && !open ? '' : of.breaks, tone: 'plain' },
    // What cannot be applied by itself has no risk of its own, and what needs no cure has none.
    {
      label: 'Risk',
      text: (refused && of.impact === 'none') || (lesson && !open) ? '' : riskWords(state, of),
      tone: riskTone(of),
    },
    { label: 'Next', text: nextWords(state), tone: 'warn' },
    { label: 'Images', text: imageWords(state, of), tone: 'warn' },
    runPart(state, place),
  ].filter((p): p is Part => p.text !== '');
}

/** What is to be done beside the causes: a restart that a cure waits for. */
function nextWords(state: AppState): string {
  const due = isRepair(state.session) && !state.session.readOnly ? restartsInOrder(state) : [];
  return due.length === 0 ? '' : `A restart is due: ${someOf(due)}. R shows what restarts, then asks.`;
}

/** What the cluster said of its images, once it was asked. */
function imageWords(state: AppState, of: Control): string {
  return of.preview === 'images' ? (previewRead(state, of) ?? []).join(' ') : '';
}

function riskWords(state: AppState, of: Control): string {
  const due = dueWords(state, of);
  const restart = of.impact === 'service-restart' && due !== '' ? ` Due now: ${due}.` : '';
  const refuses =
    of.preview === undefined
      ? ''
      : `${of.impact === 'service-restart' ? 'Restart needed. ' : ''}${previewWords[of.preview].risk} `;
  return `${refuses}${impactSentence(of, selection(state).profile?.distribution)}${restart}`;
}

function riskTone(of: Control): Tone {
  if (of.impact === 'irreversible') return 'bad';
  return of.impact === 'none' || (of.impact === 'service-restart' && !of.preview) ? 'plain' : 'warn';
}

function runPart(state: AppState, place: string): Part {
  const plan = planAt(state, place);
  switch (plan?.kind) {
    case 'ready':
      return { label: 'Runs', text: plan.change.steps.map(stepSummary).join('\n'), tone: 'busy' };
    case 'refused':
      if (isForPerson(state, place)) return { label: 'Runs', text: '', tone: 'dim' };
      return { label: 'Refused', text: refusalWords(plan), tone: 'warn' };
    case 'nothing':
      return {
        label: 'Runs',
        text:
          verdictOf(state.session, plan.control, place)?.kind === 'pending-restart'
            ? `nothing more; the restart of ${place} makes it active`
            : `nothing; ${place} is as it should be`,
        tone: 'dim',
      };
    case undefined:
      return {
        label: 'Runs',
        text: state.session.readOnly ? 'nothing, this session is read-only' : '',
        tone: 'dim',
      };
  }
}
