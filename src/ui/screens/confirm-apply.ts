import type { Control } from '../../domain/control.ts';
import { isRepair } from '../../domain/session.ts';
import { isHere } from '../../domain/undo.ts';
import { type AppState, chosen } from '../../store/state.ts';
import { openControl, planAt, readyPlaces, refusalWords, settledPlan } from '../appliable.ts';
import { nameOf } from '../cause-name.ts';
import { blank, type Line, line, paragraph, shortParagraph, span } from '../line.ts';
import { activeOverlay } from '../location.ts';
import type { Look } from '../look.ts';
import { managerWords } from '../manager-words.ts';
import { type Screen, textPage } from '../page.ts';
import { watcherWords } from '../watcher-words.ts';
import { stopsNow, undoPromise } from '../way-back.ts';
import { impactSentence, someOf } from '../words.ts';
import { cramped, noOrYes } from './ask.ts';
import { planLines } from './commands.ts';
import { previewShort } from './previewed.ts';
import { unitOf } from './restarts.ts';

/** Exactly what would run where, what restarts later, how it is taken back; then the question. */
export const confirmApply: Screen = (state, look) => {
  const overlay = activeOverlay(state);
  const places = overlay?.kind === 'confirm-apply' ? overlay.places : [];
  const of = openControl(state);
  const ready = readyPlaces(state, places);
  const on = ready ?? places;
  const left = places.filter((place) => !on.includes(place));
  const name = of ? nameOf(state, of) : '';
  const head =
    ready?.length === 0
      ? `Nothing of “${name}” can be applied now`
      : `Apply ${isRepair(state.session) ? 'the cure of ' : ''}“${name}” on ${someOf(on, 8)}?`;
  const small = look.height < cramped;
  const later = after(state, on, look);
  return textPage(
    [
      ...shortParagraph(head, look.columns, small ? 2 : 3, 'strong'),
      // Where nothing can be applied, the reasons are all there is, whole and below.
      ...(ready && on.length > 0 ? left : [])
        .slice(0, 2)
        .flatMap((place) => leftOut(state, place, look, left.length > 1 ? 1 : 2)),
      ...(ready && on.length > 0 && left.length > 2
        ? [line(span(` Left out, too: ${someOf(left.slice(2), 4)}; why is said at the end, below.`, 'warn'))]
        : []),
      ...(small ? [] : [blank]),
    ],
    [
      // Where there is no room below the commands, it stands before them.
      ...(small ? later : []),
      ...(ready && left.length > 0 && on.length > 0 && of?.partly
        ? [...paragraph(of.partly, look.columns), blank]
        : []),
      ...(of && on.length > 0 && warns(of)
        ? [...paragraph(impactSentence(of, chosen(state).profile?.distribution), look.columns, 'warn'), blank]
        : []),
      ...(of?.preview === 'images' && on.length > 0 ? [...previewShort(state, of, look), blank] : []),
      ...on.flatMap((place) => [
        line(span(` On ${place}`, 'strong')),
        ...planLines(settledPlan(state, place), look, false),
        blank,
      ]),
      ...left.flatMap((place) => leftOut(state, place, look)),
      ...(of && on.length > 0 && !warns(of)
        ? paragraph(impactSentence(of, chosen(state).profile?.distribution), look.columns)
        : []),
    ],
    small ? [] : later,
    answers(state, ready, look),
  );
};

/** What may break by it stands before the commands, where nobody has to scroll for it. */
function warns(of: Control): boolean {
  return of.impact !== 'none' && (of.impact !== 'service-restart' || of.risk !== undefined);
}

/** A place that was asked for and where nothing will run, with the reason: in short above, with its way out at the end. */
function leftOut(state: AppState, place: string, look: Look, most?: number): readonly Line[] {
  const plan = planAt(state, place);
  const why = plan?.kind === 'refused' ? refusalWords(plan) : 'Nothing needs to be done.';
  return most === undefined
    ? paragraph(`Not on ${place}: ${why}`, look.columns, 'dim', 3)
    : shortParagraph(`Left out: ${place}: ${why}`, look.columns, most, 'warn', 1, '.. End reads on');
}

function after(state: AppState, places: readonly string[], look: Look): readonly Line[] {
  const restarts = places.filter((p) => {
    const plan = planAt(state, p);
    return plan?.kind === 'ready' && plan.restarts;
  });
  const units = [
    ...new Set(
      restarts.flatMap((p) => {
        const plan = planAt(state, p);
        return (plan?.kind === 'ready' && plan.units) || [unitOf(state, p)];
      }),
    ),
  ].filter(Boolean);
  const watcher = watcherWords(
    state,
    restarts.flatMap((p) => planAt(state, p) ?? []).filter((plan) => plan.kind === 'ready'),
  );
  const changes = places.flatMap((place) => {
    const plan = planAt(state, place);
    return plan?.kind === 'ready' ? [plan.change] : [];
  });
  const stops = [...new Set(changes.flatMap(stopsNow))];
  const promise = undoPromise(changes);
  const kept = promise.startsWith('u ') ? ` The originals are kept ${keptWhere(state, places)}.` : '';
  const manager = managerWords(
    state,
    places.filter((place) => planAt(state, place)?.kind === 'ready'),
  );
  return [
    ...(manager === '' ? [] : paragraph(manager.trim(), look.columns, 'warn')),
    ...(restarts.length > 0
      ? paragraph(
          stops.length > 0
            ? `Now, ${stops.join(' and ')} ${stops.length > 1 ? 'stop' : 'stops'} on ${someOf(places)}. It stays down until you start it on the Restarts screen.`
            : `Not now, but later, ${units.join(' and ') || 'the service'} ${units.length > 1 ? 'have' : 'has'} to ${restarts.includes('workstation') ? 'run on this machine' : `restart on ${someOf(restarts)}`}.${watcher}`,
          look.columns,
          'warn',
        )
      : []),
    ...(look.height >= cramped && places.length > 0
      ? paragraph(
          `One place after the other; a change that fails stops the rest.${kept} ${promise}`,
          look.columns,
          'dim',
        )
      : []),
  ];
}

function keptWhere(state: AppState, places: readonly string[]): string {
  const plans = places.map((place) => planAt(state, place));
  return plans.some((plan) => plan?.kind === 'ready' && isHere(plan.change)) ? 'on this machine' : 'there';
}

function answers(state: AppState, ready: readonly string[] | undefined, look: Look): readonly Line[] {
  if (ready === undefined) {
    return [
      blank,
      line(span(' Working out what would run. Nothing has been changed. Esc goes back.', 'busy')),
    ];
  }
  if (ready.length === 0) return [blank, line(span(' Esc goes back. Nothing has been changed.', 'strong'))];
  return noOrYes(state, look, 'No, change nothing', `Yes, apply on ${someOf(ready)}`);
}
