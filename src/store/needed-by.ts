import type { Control } from '../domain/control.ts';
import type { ChangeState } from '../domain/session.ts';
import { standingOf } from '../engine/needed-by.ts';
import type { Desk } from './desk.ts';
import { type Site, sitesOf } from './places.ts';
import { chosen } from './state.ts';

/**
 * Why a change cannot be undone before what another session, or somebody by hand, built on it: the machine is asked, for the record
 * of this session does not tell. Undefined when nothing stands in the way, or the answer did not come.
 */
export async function neededBy(
  desk: Desk,
  { change }: ChangeState,
  control: Control | undefined,
  site: Site,
): Promise<string | undefined> {
  // What needs no start stops nothing. That etcd's files belong to its account is what RKE2 itself leaves behind.
  const needing = (chosen(desk.get()).profile?.controls ?? []).filter(
    ({ needs, impact }) => needs.includes(change.control) && impact !== 'none',
  );
  const own = control?.target ?? 'node';
  const near = needing.filter(({ target }) => target === own);
  const far = needing.filter(({ target }) => target !== own && target !== 'node');
  const asked: readonly (readonly [readonly Control[], Site])[] = [
    [near, site],
    ...far.flatMap((each) => sitesOf(desk, each).map((at) => [[each], at] as const)),
  ];
  for (const [controls, at] of asked) {
    const [first] = await standingOf(controls, at.target, at.place);
    if (first)
      return `undo “${first.title}” first: it needs this one. It is in force on ${at.name}, though not by a change of this session that could be undone: undo it in the session that made it, or take it out by hand`;
  }
  return undefined;
}
