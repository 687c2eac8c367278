import type { Outcome } from '../../domain/event.ts';
import { word } from '../../domain/failure.ts';
import { openDeed, unfinished } from '../../domain/session.ts';
import type { Change } from '../../domain/step.ts';
import { isHere, undoByHand } from '../../domain/undo.ts';
import { type AppState, controlById } from '../../store/state.ts';
import { canForce } from '../acts/confirm.ts';
import { blank, type Line, labelled, line, paragraph, span } from '../line.ts';
import { highlighted, unfinishedChoices } from '../lists.ts';
import { type Screen, textPage } from '../page.ts';
import { isConnected } from '../standing.ts';
import { row } from '../table.ts';
import { count } from '../words.ts';
import { cramped } from './ask.ts';

/** A change was begun and its end is not known: what it was, and what can be done. */
export const unfinishedScreen: Screen = (state, look) => {
  const all = unfinished(state.session);
  const [first] = all;
  if (!first) return textPage([blank], [line(span(' Every change has a known end.', 'good'))]);
  const { change, undo } = first;
  const ofUndo = openDeed(first) === 'undo';
  const outcome = ofUndo ? undo?.outcome : first.outcome;
  const why =
    outcome?.kind === 'unknown' ? word(outcome.failure).sentence : 'The program ended in the middle of it.';
  const chosen = highlighted(state);
  const choices = unfinishedChoices(state);
  const labels: Readonly<Record<string, string>> = {
    ask: `Ask ${change.node} how far it came    changes nothing`,
    undo: 'Undo it                      shows the commands first',
    later: state.clusterGone
      ? 'Read on'
      : 'Later                        nothing else is changed there until then',
  };
  const title = controlById(state, change.control)?.title ?? change.control;
  const top: readonly Line[] = [
    line(span(` ${ofUndo ? 'An undo' : 'A change'} on ${change.node} has no known end`, 'bad')),
    ...(all.length > 1 ? [line(span(` and ${count(all.length - 1, 'other')}; this one first.`, 'dim'))] : []),
    blank,
    ...labelled('Control', title, look.columns, 2),
    ...labelled('Begun', `${moment(first.at)}, ${count(change.steps.length, 'step')}`, look.columns, 1),
    ...labelled('Why', why, look.columns, 2),
    ...(state.clusterGone
      ? paragraph(
          'The practice cluster of this session is gone: there is nothing left to ask or to undo.',
          look.columns,
          'warn',
        )
      : labelled(
          'By hand',
          `on ${isHere(change) ? 'this machine' : change.via}: ${undoByHand(change)}`,
          look.columns,
          look.height < cramped ? 2 : 4,
          'dim',
        )),
    ...(state.clusterGone || change.node === 'cluster' || isReached(state, change)
      ? []
      : paragraph(`${unreached(change)} is not connected: press C first.`, look.columns, 'warn')),
    blank,
  ];
  return {
    // A low screen has no room for blanks above the choices.
    top: look.height < cramped ? top.filter((l) => l.length > 0) : top,
    middle: {
      kind: 'list',
      count: choices.length,
      focus: Math.max(0, choices.indexOf(chosen ?? '')),
      at: (i) => {
        const id = choices[i] ?? '';
        return row([span(labels[id] ?? '')], [look.columns - 5], look, id === chosen);
      },
    },
    bottom: state.clusterGone
      ? []
      : [
          blank,
          ...paragraph(
            'To finish it, ask first; if it was not done, apply the control again.',
            look.columns,
            'dim',
          ),
          ...(canForce(state) === true
            ? labelled(
                'Refused',
                `${refusal(undo?.outcome)} F shows what undoing it by force would do.`,
                look.columns,
                1,
                'warn',
              )
            : []),
        ],
  };
};

/** `2026-03-02 11:50 UTC`. */
function moment(at: string): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`;
}

/** Why its undo was refused. */
function refusal(outcome: Outcome | undefined): string {
  return outcome?.kind === 'refused' ? word(outcome.failure).sentence : '';
}

/** What is changed from this machine is asked for once any node is connected, which says what the cluster runs. */
function isReached(state: AppState, change: Change): boolean {
  return isHere(change)
    ? state.session.nodes.some((node) => isConnected(state, node.name))
    : isConnected(state, change.node);
}

function unreached(change: Change): string {
  return isHere(change) ? 'The cluster' : change.node;
}
