import { fillWords } from '../domain/distribution.ts';
import { findingKey, isRepair } from '../domain/session.ts';
import { faultOf, isSign } from '../domain/trouble.ts';
import type { Need } from './needs.ts';
import type { Site } from './places.ts';
import { type AppState, chosen, controlById } from './state.ts';

/** What a control is called in a sentence: by its title; in a repair by its fault, as the list of possible causes has it. */
export function titleOf(state: AppState, control: string): string {
  const fault = isRepair(state.session)
    ? faultOf(chosen(state).profile?.troubles, state.session.trouble, control)
    : undefined;
  return `“${fault ?? controlById(state, control)?.title ?? control}”`;
}

/** That a need is not met at a site, and the way to meet it. */
export function needWords(
  state: AppState,
  { needed, first, brings }: Need,
  site: Site,
): { readonly reason: string; readonly instead: string } {
  const [title, before] = [titleOf(state, needed), titleOf(state, first)];
  const cured = isRepair(state.session);
  const instead = otherWay(state, first, site);
  if (instead !== undefined)
    return {
      reason: `${before} has to be put right first.`,
      instead: `${instead} Then ask there again (f goes there, r asks) and come back.`,
    };
  if (first !== needed)
    return {
      reason: cured
        ? `${before} has to be cured first (f goes there), then ${title}.`
        : `It needs ${before} first (f goes there), then ${title}.`,
      instead: 'Apply them in that order, then come back.',
    };
  const passes = cured ? `${title} has to be cured first.` : `It needs ${title} to pass first.`;
  return {
    reason: brings ? `It comes with ${cured ? 'the cure of ' : ''}${title}.` : passes,
    instead: 'f goes there; apply it, then come back.',
  };
}

/** What is done instead for a control that is known to have no change of its own here; undefined for one that may have one. */
function otherWay(state: AppState, control: string, { name, place }: Site): string | undefined {
  const plan = state.plans?.[findingKey(control, name)];
  if (plan?.kind === 'refused' && !plan.unseen) return plan.instead;
  const of = controlById(state, control);
  if (!of || !isSign(of)) return undefined;
  const said = of.wants.map(({ spec }) => (spec as { readonly instead?: string }).instead ?? '');
  return `By hand: ${fillWords(said, place.words).join(' ')}`;
}
