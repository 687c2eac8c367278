import type { Control } from '../domain/control.ts';
import { type ChangeState, verdictOf } from '../domain/session.ts';
import { standingOf } from '../engine/needed-by.ts';
import type { Desk } from './desk.ts';
import { type Site, sitesOf } from './places.ts';
import { chosen } from './state.ts';

/** Why a change is not undone now, in words that end without a full stop. */
export type Needed = {
  readonly why: string;
  /** What to remember once it was said, where the operator may go on all the same: that it is needed is not known. */
  readonly unless: readonly string[];
};

/**
 * Why a change cannot be undone before what another session, or somebody by hand, built on it: the machine is asked, for the record
 * of this session does not tell. Undefined when nothing stands in the way. Where it cannot be told, that is said once, and what was
 * `said` stops nothing any more: a machine that does not answer would keep its changes for ever.
 */
export async function neededBy(
  desk: Desk,
  { change }: ChangeState,
  control: Control | undefined,
  site: Site,
  said: ReadonlySet<string>,
): Promise<Needed | undefined> {
  const { controls = [] } = chosen(desk.get()).profile ?? {};
  /** Taken back already where it is set: what runs is brought up to that by a step of its own, after the undo. */
  const takenBack = (id: string): boolean =>
    controls
      .filter((each) => each.id === id && each.target !== 'node')
      .flatMap((each) => sitesOf(desk, each))
      .some((at) => verdictOf(desk.get().session, id, at.name)?.kind === 'fail');
  // What needs no start stops nothing. That etcd's files belong to its account is what RKE2 itself leaves behind.
  const needing = controls.filter(
    ({ needs, impact, broughtBy = [] }) =>
      needs.includes(change.control) && impact !== 'none' && !broughtBy.some(takenBack),
  );
  const own = control?.target ?? 'node';
  const near = needing.filter(({ target }) => target === own);
  const far = needing.filter(({ target }) => target !== own && target !== 'node');
  const asked: readonly (readonly [readonly Control[], Site])[] = [
    [near, site],
    ...far.flatMap((each) => sitesOf(desk, each).map((at) => [[each], at] as const)),
  ];
  const open: { readonly words: string; readonly mark: string }[] = [];
  for (const [controls, at] of asked) {
    const { inForce, unsure } = await standingOf(controls, at.target, at.place);
    const [first] = inForce;
    if (first)
      return {
        why: `undo “${first.title}” first: it needs this one. It is in force on ${at.name}, though not by a change of this session that could be undone: undo it in the session that made it, or take it out by hand`,
        unless: [],
      };
    for (const { control: needs, reason } of unsure)
      open.push({
        words: `“${needs.title}” on ${at.name} (${reason})`,
        mark: `${at.name} ${needs.id} ${reason}`,
      });
  }
  const fresh = open.filter(({ mark }) => !said.has(mark));
  if (fresh.length === 0) return undefined;
  return {
    why: `what needs this one may be in force, which cannot be told: ${fresh.map(({ words }) => words).join('; ')}. Look at that first; to go on all the same, undo once more`,
    unless: fresh.map(({ mark }) => mark),
  };
}
