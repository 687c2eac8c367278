import type { Control } from '../domain/control.ts';
import { told } from '../domain/failure.ts';
import { findingKey, isOpenAt, isRepair, verdictOf } from '../domain/session.ts';
import { changeId } from '../domain/step.ts';
import type { VerdictKind } from '../domain/verdict.ts';
import { applyChange, patience } from '../engine/apply.ts';
import { mapBounded } from '../engine/bounded.ts';
import { nodeNameOf } from '../engine/detect.ts';
import { newKeyObstacle } from '../engine/new-key-guard.ts';
import { planControl } from '../engine/plan.ts';
import { previewPodSecurity } from '../engine/preview.ts';
import { previewImages } from '../engine/preview-images.ts';
import { probeToPlan } from '../engine/probe.ts';
import { profileObstacle } from '../engine/profile-guard.ts';
import { secretsOf } from '../engine/secrets.ts';
import { show } from '../engine/show.ts';
import type { Actions } from './actions.ts';
import { askFoundAgain, deedOn } from './asked-again.ts';
import { blockedBy, unseen } from './blocked-by.ts';
import type { Desk } from './desk.ts';
import { noteHolder } from './held.ts';
import { forgetPlansThatWait, waitsForServer } from './one-server.ts';
import { apiSite, appliesAt, connectedNodes, otherNodes, type Site, siteNamed, sitesOf } from './places.ts';
import { plansThatHold } from './plans-that-hold.ts';
import { type AppState, controlById, type PlannedChange } from './state.ts';
import { waiverActions } from './waiver-actions.ts';

/** Planning, previewing, applying, skipping and attesting a control. */
export function controlActions(
  desk: Desk,
  ask: (controls: readonly Control[]) => Promise<void>,
): Pick<Actions, 'plan' | 'preview' | 'acknowledge' | 'apply' | 'skip' | 'waive' | 'unskip' | 'attest'> & {
  readonly planOne: (control: Control, place: string) => Promise<void>;
  readonly planAll: (control: string) => Promise<void>;
  readonly applyAt: (control: Control, place: string) => Promise<boolean>;
} {
  const { recorder, get } = desk;

  const planAt = async (control: Control, site: Site): Promise<PlannedChange> => {
    const at = { control: control.id, place: site.name };
    const closed = blockedBy(desk, control, site);
    if (closed) return { kind: 'refused', ...at, reason: closed.reason, instead: closed.instead };
    const obstacle = await guardOf(control, site);
    if (obstacle)
      return { kind: 'refused', ...at, reason: obstacle, instead: 'Put that right first, then ask again.' };
    // Last, so that nobody reads a long list for what is refused anyway.
    const first = unseen(desk, control);
    if (first) return { kind: 'refused', ...at, ...first, unseen: true };
    const { answers, findings } = await probeToPlan(site.target, control, site.place, {
      deadlineMs: patience.ask,
    });
    await recorder.record({ kind: 'found', findings });
    const plan = planControl(control, site.place, answers);
    if (plan.kind === 'nothing') return { kind: 'nothing', ...at };
    if (plan.kind === 'refused') return { ...plan, ...at };
    const wait = await waitsForServer(desk, site, { change: plan, units: plan.units }, 'plan');
    if (wait) return { kind: 'refused', ...at, ...wait };
    const change = {
      id: changeId(get().session.changes.length, control.id, site.name),
      session: get().session.id,
      control: control.id,
      node: site.name,
      via: site.target.name,
      steps: plan.steps,
    };
    secretsOf(change).forEach(desk.services.addSecret);
    const { restarts, units } = plan;
    return { kind: 'ready', ...at, change, ...show(change, desk.services.redact), restarts, units };
  };

  const guardOf = async (control: Control, site: Site): Promise<string | undefined> => {
    if (control.guarded === 'one-key') return newKeyObstacle(control, otherNodes(desk, site), desk.records());
    const link = desk.links.get(site.name);
    if (control.guarded !== 'profile-switch' || !link) return undefined;
    return profileObstacle(site.target, site.place, apiSite(desk, site.name), nodeNameOf(link.facts));
  };

  /** What another server got since the plan was made. */
  const lateGuard = async (control: Control, site: Site): Promise<string | undefined> =>
    control.guarded === 'one-key' ? guardOf(control, site) : undefined;

  const plan = async (id: string): Promise<void> => {
    const control = controlById(get(), id);
    if (!control) return;
    const open = sitesOf(desk, control).filter(
      (site) => isOpenAt(get().session, id, site.name) && appliesAt(control, site),
    );
    const planned = await plansAt(control, open);
    const others = Object.fromEntries(Object.entries(get().plans).filter(([, p]) => p.control !== id));
    desk.patch({ plans: { ...others, ...planned } });
  };

  /** Where something was done while it was asked, the answers may be from before that, so it is asked once more. */
  const plansAt = async (control: Control, sites: readonly Site[]): Promise<AppState['plans']> => {
    const before = get().session;
    const planned = await mapBounded(sites, desk.services.forks, (site) => planAt(control, site));
    const all = Object.fromEntries(planned.map((p) => [findingKey(control.id, p.place), p]));
    const held = plansThatHold(all, before, get().session);
    const overtaken = sites.filter((site) => !held[findingKey(control.id, site.name)]);
    return overtaken.length === 0 ? held : { ...held, ...(await plansAt(control, overtaken)) };
  };

  /** Why it did not come about; `halt` when no other place may be changed after that. */
  type Applied = 'done' | { readonly text: string; readonly halt: boolean };

  const applyAt = async (control: Control, place: string): Promise<Applied> => {
    const planned = get().plans[findingKey(control.id, place)];
    const site = siteNamed(desk, control, place);
    if (!site) return failed(place, `${place} is not connected.`);
    if (planned?.kind !== 'ready') return failed(place, `Nothing is planned on ${place}.`);
    if (get().session.readOnly) return failed(place, 'This session is read-only; nothing was sent.');
    const closed = blockedBy(desk, control, site) ?? unseen(desk, control);
    if (closed) return failed(place, closed.reason);
    const late = await lateGuard(control, site);
    if (late) return failed(place, late);
    // The server before it in this very batch counts, too.
    const wait = await waitsForServer(desk, site, planned, 'apply');
    if (wait) return failed(place, `${wait.reason} ${wait.instead}`);
    const result = await applyChange({
      target: site.target,
      place: site.place,
      control,
      // Numbered as it is made, not as it was planned: what others keep on the node is taken back by that order.
      change: { ...planned.change, id: changeId(get().session.changes.length, control.id, site.name) },
      commands: planned.commands,
      restarts: planned.restarts,
      units: planned.units,
      holder: desk.holder(),
      recorder,
      onOutput: (line) => desk.output(`${place}: ${line}`),
    });
    if (!result.ok) return { ...failed(place, told(result.failure)), halt: true };
    desk.patch({
      plans: Object.fromEntries(
        Object.entries(get().plans).filter(([key]) => key !== findingKey(control.id, place)),
      ),
    });
    if (result.value.kind === 'done') {
      desk.output(`${place}: done, ${doneWord(verdictOf(get().session, control.id, place)?.kind)}`);
      return 'done';
    }
    const { kind, failure } = result.value;
    noteHolder(desk, failure);
    // A change that fails on one node would on the next; one that was refused or lost its link says nothing about others.
    return {
      ...failed(place, told(failure)),
      halt: kind === 'put-back' || failure.code === 'undo-failed',
    };
  };

  const doneWord = (kind: VerdictKind | undefined): string =>
    kind === 'pass' && isRepair(get().session) ? 'and healthy when asked again' : (kind ?? 'not asked again');

  const failed = (place: string, text: string): { readonly text: string; readonly halt: boolean } => {
    desk.output(`${place}: ${text}`);
    desk.notice(text, 'bad');
    return { text, halt: false };
  };

  /** One after the other; a node that refuses or is lost holds up no other, for nothing restarts here. */
  const applyAll = async (
    control: Control,
    places: readonly string[],
    step: (done: number, of: number) => void,
  ): Promise<void> => {
    const done: string[] = [];
    const not: string[] = [];
    let first = '';
    for (const [index, place] of places.entries()) {
      if (get().stopping) return desk.notice(`Stopped before ${place}, as you asked.`, 'plain');
      step(index, places.length);
      const applied = await applyAt(control, place);
      if (applied === 'done') done.push(place);
      else {
        if (applied.halt) {
          const rest = places.slice(index + 1);
          return rest.length > 0 ? desk.output(`Not begun on ${rest.join(', ')}.`) : undefined;
        }
        not.push(place);
        first ||= applied.text;
      }
    }
    const on = done.length > 0 ? deedOn(desk, control, done) : '';
    if (not.length === 0) return desk.notice(on, 'good');
    desk.notice([on, `Not on ${not.join(', ')}: ${first}`].filter((t) => t !== '').join(' '), 'bad');
  };

  const planOne = async (control: Control, place: string): Promise<void> => {
    const site = siteNamed(desk, control, place);
    if (!site) return desk.notice(`${place} is not connected.`, 'bad');
    const planned = await plansAt(control, [site]);
    desk.patch({ plans: { ...get().plans, ...planned } });
  };

  return {
    planOne,
    planAll: plan,
    applyAt: async (control, place) => (await applyAt(control, place)) === 'done',
    plan: (id) => void desk.work('working out the change', false, () => plan(id)),
    preview: (id) =>
      void desk.work('asking what would be refused', false, async () => {
        const control = controlById(get(), id);
        // It speaks of the whole cluster, so it is asked where that is.
        const [api] = control ? sitesOf(desk, { ...control, target: 'cluster' }) : [];
        desk.patch({ previews: { ...get().previews, [id]: { kind: 'asking' } } });
        const read = !api
          ? { known: false as const, reason: 'no server is connected' }
          : control?.preview === 'images'
            ? await previewImages(api, connectedNodes(desk))
            : await previewPodSecurity(api);
        desk.patch({
          previews: {
            ...get().previews,
            [id]: read.known ? { kind: 'ready', lines: read.value } : { kind: 'failed', reason: read.reason },
          },
        });
      }),
    acknowledge: (id) => {
      const preview = get().previews[id];
      const text =
        preview?.kind === 'ready'
          ? preview.lines.join('\n')
          : preview?.kind === 'failed'
            ? `not known: ${preview.reason}`
            : undefined;
      if (text !== undefined) void recorder.record({ kind: 'acknowledged', control: id, text });
    },
    apply: (id, places) =>
      void desk.work('changing', true, async (step) => {
        const control = controlById(get(), id);
        if (!control) return;
        desk.patch({ output: [] });
        await applyAll(control, places, step);
        await askFoundAgain(desk, ask);
        forgetPlansThatWait(desk);
      }),
    ...waiverActions(desk),
    attest: (control, places, pass, statement) =>
      void Promise.all(
        places.map((place) => recorder.record({ kind: 'attested', control, place, pass, statement })),
      ),
  };
}
