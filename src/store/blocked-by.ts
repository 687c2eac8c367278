import type { Control } from '../domain/control.ts';
import { leftBehind, unfinished } from '../domain/session.ts';
import type { Desk } from './desk.ts';
import { needWords, titleOf } from './need-words.ts';
import { awaited, needAt } from './needs.ts';
import { type Site, workstationSite } from './places.ts';

/** Why something is refused, and what to do instead. */
export type Refusal = { readonly reason: string; readonly instead: string };

/** Why a control may not be applied at a site now, whatever the operator has looked at; undefined when it may. */
export function blockedBy(desk: Desk, control: Control, site: Site): Refusal | undefined {
  const { session } = desk.get();
  const open = unfinished(session).find((c) => c.change.node === site.name && !leftBehind(session, c));
  if (open) {
    return {
      reason: `A change on ${site.name} has an unknown end (${open.change.control}).`,
      instead: 'U shows it; ask there how far it came, or undo it.',
    };
  }
  const need = needAt(desk.get(), control, site.name);
  if (need) return needWords(desk.get(), need, site);
  const waits = awaited(desk.get(), control, site.name);
  if (waits) {
    const then = waits.nodes.includes(workstationSite)
      ? 'the cluster was made anew from its file'
      : `${waits.nodes.join(', ')} ${waits.nodes.length === 1 ? 'has' : 'have'} restarted`;
    return {
      reason: `It comes with ${titleOf(desk.get(), waits.brings)} once ${then}.`,
      instead: 'Go back to the overview; c there goes on to the restarts.',
    };
  }
  return undefined;
}

/** That what a control would refuse has not been looked at; undefined when it has, or when it refuses nothing. */
export function unseen(desk: Desk, control: Control): Refusal | undefined {
  if (!control.preview || desk.get().session.acknowledged[control.id] !== undefined) return undefined;
  return {
    reason:
      control.preview === 'images'
        ? 'Whether the images in use can be pulled again has not been looked at yet.'
        : 'What it would refuse has not been looked at yet.',
    instead: 'Press w to see it, then come back.',
  };
}
