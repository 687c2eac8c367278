import type { Control } from '../domain/control.ts';
import { isRepair } from '../domain/session.ts';
import { faultOf } from '../domain/trouble.ts';
import { isWrong } from '../domain/verdict.ts';
import type { Desk } from './desk.ts';
import { chosen, walked } from './state.ts';

type Found = { readonly control: Control; readonly places: readonly string[]; readonly waits: boolean };

/** What a control is called where something is said of its change: in a repair by the fault that it cures. */
export function deedOn({ get }: Desk, { id, title }: Control, places: readonly string[]): string {
  if (!isRepair(get().session)) return `${title}: done on ${places.join(', ')}.`;
  const fault = faultOf(chosen(get()).profile?.troubles, get().session.trouble, id) ?? title;
  return `“${fault}”: the cure is applied on ${places.join(', ')}.`;
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

/** Says which causes are left, once they were asked again. */
export function sayWhatIsLeft(desk: Desk): void {
  if (!isRepair(desk.get().session)) return;
  const { profile } = chosen(desk.get());
  const left = foundNow(desk).map(({ control, places, waits }) => {
    const name = faultOf(profile?.troubles, desk.get().session.trouble, control.id) ?? control.title;
    return `“${name}” on ${places.join(', ')}${waits ? ', until the restart' : ''}`;
  });
  desk.output(
    left.length === 0
      ? 'Asked again: no cause that was found is left.'
      : `Asked again, and still found: ${left.join('; ')}.`,
  );
}
