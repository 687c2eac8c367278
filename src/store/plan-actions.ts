import { numbersOf } from '../domain/control.ts';
import { planOf } from '../domain/review-plan.ts';
import { isOpenAt, verdictOf } from '../domain/session.ts';
import { mapBounded } from '../engine/bounded.ts';
import { discreet, reviewControl } from '../engine/review.ts';
import type { Actions } from './actions.ts';
import type { Desk } from './desk.ts';
import { appliesAt, sitesOf } from './places.ts';
import { chosen, walked } from './state.ts';

/** Writing what would be done for review; it changes nothing. */
export function planActions(desk: Desk): Pick<Actions, 'writePlan'> {
  const { get, recorder } = desk;

  const write = async (step: (done: number, of: number) => void): Promise<void> => {
    // Asked for each time: practice has services of its own.
    const { services } = desk;
    const { benchmark } = chosen(get());
    if (!benchmark || !services.writePlan) return desk.notice('Choose a benchmark first.', 'bad');
    const open = walked(get()).flatMap((control) =>
      sitesOf(desk, control)
        .filter((site) => isOpenAt(get().session, control.id, site.name) && appliesAt(control, site))
        .map((site) => ({ control, site })),
    );
    let done = 0;
    const items = await mapBounded(open, services.forks, async ({ control, site }) => {
      const verdict = verdictOf(get().session, control.id, site.name);
      const numbers = numbersOf(benchmark, control.id);
      done += 1;
      step(done, open.length);
      return verdict
        ? [await reviewControl(site.target, control, site.place, verdict, numbers, services)]
        : [];
    });
    const plan = planOf(
      get().session,
      items.flat().map((item) => discreet(item, services.redact)),
    );
    const written = await services.writePlan(plan, get().session.id);
    if (!written.ok) return desk.report(written.failure);
    const { files, sha256 } = written.value;
    await recorder.record({ kind: 'plan-written', files, sha256, items: plan.items.length });
    desk.patch({ written: [...new Set([...(get().written ?? []), ...files])] });
    desk.notice(`Written to ${files.join(' and ')}. SHA-256 ${sha256}`, 'good');
  };

  return { writePlan: () => void desk.work('planning all that is open', false, write) };
}

/** Takes in the plan that was named, where there is one; the record says which. */
export async function takePlan({ services, recorder, patch, notice }: Desk): Promise<void> {
  const loaded = services.plan;
  patch({ plan: loaded });
  if (!loaded) return;
  const { file, sha256, plan } = loaded;
  await recorder.record({ kind: 'plan-loaded', file, sha256, made: plan.made, items: plan.items.length });
  notice(`Plan ${file}, SHA-256 ${sha256}: its controls stand first.`, 'plain');
}
