import type { Control } from '../domain/control.ts';
import { findingKey } from '../domain/session.ts';
import { takeLock } from '../engine/apply.ts';
import { stopNode } from '../engine/restart.ts';
import type { Actions } from './actions.ts';
import { cureOf } from './cure.ts';
import type { Desk } from './desk.ts';
import { noteHolder } from './held.ts';
import { walked } from './state.ts';

/** Repairing a node whose service no longer starts: stop, heal, restart and watch. The plan is on the screen before. */
export function repairActions(
  desk: Desk,
  changes: {
    readonly planOne: (control: Control, place: string) => Promise<void>;
    readonly applyAt: (control: Control, place: string) => Promise<boolean>;
    readonly restartOne: (node: string) => Promise<boolean>;
    readonly ask: (controls: readonly Control[]) => Promise<void>;
  },
): Pick<Actions, 'planRepair' | 'repair'> {
  const { get, links, recorder } = desk;

  const repair = async (node: string): Promise<void> => {
    const control = cureOf(get(), node);
    const link = links.get(node);
    if (!control || !link) return desk.notice(`No repair is known for ${node}.`, 'bad');
    if (get().plans[findingKey(control.id, node)]?.kind !== 'ready')
      return desk.notice('Look at the repair first.', 'bad');
    const locked = await takeLock(link.target, desk.holder(), recorder);
    if (locked) {
      noteHolder(desk, locked);
      return desk.report(locked);
    }
    const noted = await recorder.record({
      kind: 'noted',
      text: `Repairing ${node}: stop the service, ${control.title}, restart it.`,
    });
    if (!noted.ok) return;
    const trouble = await stopNode({ ...link, recorder, clock: desk.services, onOutput: desk.output });
    if (trouble) return desk.notice(trouble, 'bad');
    const healed = await changes.applyAt(control, node);
    if (await changes.restartOne(node)) {
      await changes.ask(walked(get()));
      desk.notice(
        `${node} is healthy again${healed ? '' : ', though the change was not made'}.`,
        healed ? 'good' : 'bad',
      );
    }
  };

  return {
    planRepair: (node) =>
      void desk.work('working out the repair', false, async () => {
        const control = cureOf(get(), node);
        if (control) await changes.planOne(control, node);
        else desk.notice(`No repair is known for ${node}.`, 'bad');
      }),
    repair: (node) =>
      void desk.work('repairing', true, async () => {
        desk.patch({ output: [] });
        await repair(node);
      }),
  };
}
