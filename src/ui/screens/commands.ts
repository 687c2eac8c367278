import { isHere, undoByHand } from '../../domain/undo.ts';
import type { AppState, PlannedChange } from '../../store/state.ts';
import { aimedPlaces, openControl, planAt } from '../appliable.ts';
import { nameOf } from '../cause-name.ts';
import { blank, type Line, line, paragraph, span, type Tone } from '../line.ts';
import type { Look } from '../look.ts';
import { type Screen, textPage } from '../page.ts';
import { stopped } from '../words.ts';

/** The exact commands on every place, the difference of every file, and the way back. */
export const commands: Screen = (state, look) => {
  const of = openControl(state);
  const places = aimedPlaces(state);
  const lines =
    places.length === 0
      ? paragraph('Nothing is open here, so nothing would run.', look.columns)
      : [
          ...places.flatMap((place) => placeLines(state, place, look)),
          ...(places.some((place) => planAt(state, place)?.kind === 'ready')
            ? paragraph(around(state, places), look.columns, 'dim')
            : []),
        ];
  return textPage([line(span(` ${of ? nameOf(state, of) : ''}`, 'strong')), blank], lines);
};

/** What the program does besides the commands of a change. */
function around(state: AppState, places: readonly string[]): string {
  const here = places.every((place) => {
    const plan = planAt(state, place);
    return plan?.kind !== 'ready' || isHere(plan.change);
  });
  return here
    ? 'Around this the wizard keeps the originals and an undo script on this machine, beside its sessions, for you only.'
    : `Around these commands the wizard takes its lock on the node, asks once more, and keeps the originals and an undo script in /var/lib/k8s-harden/${state.session.id}/, readable by root only.`;
}

function placeLines(state: AppState, place: string, look: Look): readonly Line[] {
  return [line(span(` On ${place}`, 'strong')), ...planLines(planAt(state, place), look, true), blank];
}

/** What a plan would do, in full; with the way back when that is wanted. */
export function planLines(plan: PlannedChange | undefined, look: Look, wayBack: boolean): readonly Line[] {
  switch (plan?.kind) {
    case undefined:
      return [line(span('   Working out what would run ...', 'busy'))];
    case 'nothing':
      return [line(span('   Nothing: it is as it should be.', 'dim'))];
    case 'refused':
      return [
        ...paragraph(`Refused: ${stopped(plan.reason)}`, look.columns, 'warn', 3),
        ...paragraph(plan.instead, look.columns, 'plain', 3),
      ];
    case 'ready':
      return [
        ...plan.commands.flatMap((c) => paragraph(`$ ${c}`, look.columns, 'busy', 3)),
        ...plan.diffs.flatMap((d) => [blank, ...diffLines(d.path, d.text, look)]),
        ...(wayBack
          ? [
              blank,
              line(span('   The way back', 'dim')),
              ...plan.undo.flatMap((c) => paragraph(`$ ${c}`, look.columns, 'dim', 3)),
              ...paragraph(
                `By hand on ${isHere(plan.change) ? 'this machine' : 'the node'}, also without this program: ${undoByHand(plan.change)}`,
                look.columns,
                'dim',
                3,
              ),
            ]
          : []),
      ];
  }
}

function diffLines(path: string, text: string, look: Look): readonly Line[] {
  return [
    line(span(`   ${path}`, 'strong')),
    ...text
      .replace(/\n$/, '')
      .split('\n')
      .flatMap((l) => paragraph(l, look.columns, diffTone(l), 3)),
  ];
}

function diffTone(text: string): Tone {
  if (text.startsWith('+')) return 'good';
  if (text.startsWith('-')) return 'bad';
  return text.startsWith('@@') ? 'busy' : 'plain';
}
