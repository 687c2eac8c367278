import type { Control } from '../domain/control.ts';
import { told } from '../domain/failure.ts';
import { isStillWaiting } from '../domain/one-server.ts';
import { rancherSite } from '../domain/rancher.ts';
import type { ChangeState } from '../domain/session.ts';
import { isHere, reachOf } from '../domain/undo.ts';
import { undoBlocker } from '../domain/undo-order.ts';
import { recordFindings } from '../engine/apply.ts';
import { settleChange } from '../engine/settle.ts';
import { otherMachine, undoChange } from '../engine/undo.ts';
import type { Actions } from './actions.ts';
import type { Desk } from './desk.ts';
import { noteHolder } from './held.ts';
import { neededBy } from './needed-by.ts';
import { forgetPlansThatWait, waitsForServer } from './one-server.ts';
import { rancherSites, type Site, siteNamed, siteOf } from './places.ts';
import { controlById, walked } from './state.ts';

/** Undo and settling of changes whose end is not known. */
export function undoActions(
  desk: Desk,
  ask: (controls: readonly Control[]) => Promise<void>,
): Pick<Actions, 'undo' | 'settle'> {
  const { get, recorder } = desk;
  /** What was not known of those that may need a change, once the operator was told. */
  const said = new Set<string>();

  const siteOfChange = (state: ChangeState): Site | undefined => {
    const link = desk.links.get(state.change.via);
    if (link)
      return { ...siteOf(link), name: state.change.node, place: { ...link.place, node: state.change.node } };
    // Only the server on which it was made, whichever is asked now.
    if (state.change.via === rancherSite) return rancherSites(desk, state.machine)[0];
    const control = controlById(get(), state.change.control);
    return control?.target === 'workstation' ? siteNamed(desk, control, state.change.node) : undefined;
  };

  const away = (state: ChangeState): string | undefined => {
    const link = desk.links.get(state.change.via);
    return link && otherMachine(state, link.facts.machineId);
  };

  const undoOne = async (state: ChangeState, force: boolean): Promise<boolean> => {
    const site = siteOfChange(state);
    const control = controlById(get(), state.change.control);
    const title = control?.title ?? state.change.control;
    const failed = (text: string): false => {
      desk.output(text);
      desk.notice(text, 'bad');
      return false;
    };
    if (!site && !isHere(state.change) && !get().session.nodes.some((n) => n.name === state.change.via))
      return failed(
        `${state.change.node} is not undone: ${state.change.via} is no longer in the list. Add it again under this name and its address on the Nodes screen, then undo again.`,
      );
    if (!site)
      return failed(
        `${state.change.node} is not undone: ${state.change.via} is not connected. C connects, then undo again.`,
      );
    const elsewhere = away(state);
    if (elsewhere) return failed(elsewhere);
    const blocker = undoBlocker(get().session, state, walked(get()));
    if (blocker) return failed(`${title} on ${state.change.node}: ${blocker}.`);
    const needed = await neededBy(desk, state, control, site, said);
    for (const mark of needed?.unless ?? []) said.add(mark);
    if (needed) return failed(`${title} on ${state.change.node}: ${needed.why}.`);
    const result = await undoChange({
      target: site.target,
      place: site.place,
      state,
      control,
      force,
      holder: desk.holder(),
      recorder,
      redact: desk.services.redact,
      onOutput: (line) => desk.output(`${state.change.node}: ${line}`),
    });
    if (!result.ok) return failed(told(result.failure));
    if (result.value.kind === 'done') {
      desk.output(`${state.change.node}: undone, ${title}`);
      return true;
    }
    noteHolder(desk, result.value.failure);
    return failed(told(result.value.failure));
  };

  /** Why a change is not taken back before another server was restarted; what never came into force can be at any time. */
  const waits = async (state: ChangeState): Promise<string | undefined> => {
    const site = siteOfChange(state);
    if (!site || isStillWaiting(get().session, site.place.distribution, state)) return undefined;
    const wait = await waitsForServer(desk, site, state, 'undo');
    return wait && `${state.change.node}: ${wait.reason} ${wait.instead}`;
  };

  const undoAll = async (
    states: readonly ChangeState[],
    force: boolean,
    step: (done: number, of: number) => void,
  ): Promise<void> => {
    let done = 0;
    const waiting = new Map<string, string>();
    for (const state of states) {
      if (get().stopping) return desk.notice('Stopped, as you asked; the rest stands.', 'plain');
      step(done, states.length);
      // What was changed there before stays, too: it may be needed by what stays.
      if (waiting.has(state.change.node)) continue;
      const wait = await waits(state);
      if (wait) {
        desk.output(wait);
        waiting.set(state.change.node, wait);
        continue;
      }
      if (!(await undoOne(state, force))) return;
      forgetPlansThatWait(desk);
      done += 1;
    }
    const due = get().session.restartsDue.length > 0 ? ' Restarts are due for it to take effect.' : '';
    const undone = `Undone: ${done} ${done === 1 ? 'change' : 'changes'}.`;
    if (waiting.size > 0) desk.notice([undone, 'Not on', [...waiting.values()].join(' ')].join(' '), 'bad');
    else desk.notice(`${undone}${due}`, 'good');
  };

  return {
    undo: (ids, force) =>
      void desk.work('undoing', true, async (step) => {
        desk.patch({ output: [] });
        const states = get()
          .session.changes.filter((c) => ids.includes(c.change.id))
          .toReversed();
        await undoAll(states, force, step);
        // What was taken back in the whole cluster is what other controls have found there.
        if (states.some(({ change }) => reachOf(change).length > 0))
          await ask(walked(get()).filter((control) => control.target === 'cluster'));
      }),
    settle: (id) =>
      void desk.work('asking how far it came', false, async () => {
        const state = get().session.changes.find((c) => c.change.id === id);
        const site = state && siteOfChange(state);
        if (!state || !site)
          return desk.notice('That node is not connected. C connects, then ask again.', 'bad');
        // Another machine would say that it never began.
        const elsewhere = away(state);
        if (elsewhere) return desk.notice(elsewhere, 'bad');
        const outcome = await settleChange(site.target, state, recorder);
        const words = {
          done: 'it was finished',
          'put-back': 'it had been put back',
          refused: 'it never began',
          unknown: 'it began and did not finish',
        };
        desk.notice(
          outcome
            ? `The node says: ${words[outcome.kind]}.`
            : 'It began and did not finish: undo it, then apply it again.',
          outcome ? 'good' : 'bad',
        );
        const control = controlById(get(), state.change.control);
        if (control && outcome) {
          await recordFindings(site.target, [control], site.place, recorder);
        }
      }),
  };
}
