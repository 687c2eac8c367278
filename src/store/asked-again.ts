import type { Control } from '../domain/control.ts';
import { findingKey, isRepair, verdictOf } from '../domain/session.ts';
import { faultOf } from '../domain/trouble.ts';
import { isWrong } from '../domain/verdict.ts';
import type { Desk } from './desk.ts';
import { chosen, walked } from './state.ts';

type Found = { readonly control: Control; readonly places: readonly string[]; readonly waits: boolean };

/** What a control is called where something is said of its change: in a repair by the fault that it cures. */
export function deedOn(desk: Desk, control: Control, places: readonly string[]): string {
  if (!isRepair(desk.get().session)) return `${control.title}: done on ${places.join(', ')}.`;
  return `“${faultFor(desk, control)}”: the cure is applied on ${places.join(', ')}.`;
}

/** The causes of a repair that stand as found, and whether all that each waits for is a restart. */
function foundNow({ get }: Desk): readonly Found[] {
  const findings = Object.values(get().session.findings);
  return walked(get()).flatMap((control): readonly Found[] => {
    const wrong = findings.filter((f) => f.control === control.id && isWrong(f.verdict.kind));
    const waits = wrong.every((f) => f.verdict.kind === 'pending-restart');
    return wrong.length === 0 ? [] : [{ control, places: wrong.map((f) => f.place), waits }];
  });
}

/** After a cure: every cause that stands as found is asked again, for one cure often ends several; then what is left is said. */
export async function askFoundAgain(
  desk: Desk,
  ask: (controls: readonly Control[]) => Promise<void>,
): Promise<void> {
  if (!isRepair(desk.get().session)) return;
  const found = foundNow(desk).map(({ control }) => control);
  if (found.length > 0) await ask(found);
  sayWhatIsLeft(desk);
}

/** Says which causes are left, once they were asked again, and what was healthy before and no longer is for certain. */
export function sayWhatIsLeft(desk: Desk): void {
  if (!isRepair(desk.get().session)) return;
  const left = foundNow(desk).map(
    ({ control, places, waits }) =>
      `“${faultFor(desk, control)}” on ${places.join(', ')}${waits ? ', until the restart' : ''}`,
  );
  const looks = newlyOpen(desk, 'manual');
  const unlearned = newlyOpen(desk, 'unknown');
  desk.output(
    [
      left.length === 0
        ? 'Asked again: no cause that was found is left.'
        : `Asked again, and still found: ${left.join('; ')}.`,
      ...(looks.length > 0 ? [`Healthy at first, and now to be looked at: ${looks.join('; ')}.`] : []),
      ...(unlearned.length > 0 ? [`Healthy at first, and now not learned: ${unlearned.join('; ')}.`] : []),
    ].join(' '),
  );
}

/** What stands so now and was healthy, or of no matter, when it was asked first. */
function newlyOpen(desk: Desk, kind: 'manual' | 'unknown'): readonly string[] {
  const { session } = desk.get();
  return walked(desk.get()).flatMap((control) => {
    const places = Object.values(session.findings)
      .filter((f) => f.control === control.id && verdictOf(session, f.control, f.place)?.kind === kind)
      .map(({ place }) => place)
      .filter((place) => {
        const before = session.before[findingKey(control.id, place)]?.kind;
        return before === 'pass' || before === 'not-applicable';
      });
    return places.length > 0 ? [`“${faultFor(desk, control)}” on ${places.join(', ')}`] : [];
  });
}

function faultFor({ get }: Desk, { id, title }: Control): string {
  return faultOf(chosen(get()).profile?.troubles, get().session.trouble, id) ?? title;
}
