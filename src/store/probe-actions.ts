import type { Control } from '../domain/control.ts';
import type { Place } from '../domain/distribution.ts';
import { patience } from '../engine/apply.ts';
import { mapBounded } from '../engine/bounded.ts';
import { learnWords } from '../engine/learn.ts';
import { probe } from '../engine/probe.ts';
import type { Actions } from './actions.ts';
import type { Desk } from './desk.ts';
import { type Site, siteOf, sitesOf } from './places.ts';
import { walked } from './state.ts';

/** Asking: everything, or one control. */
export function probeActions(
  desk: Desk,
  planAgain: (control: string) => Promise<void>,
): Pick<Actions, 'probe' | 'probeControl'> & {
  readonly ask: (controls: readonly Control[], step?: (done: number, of: number) => void) => Promise<void>;
} {
  const { recorder, get, links } = desk;

  const askSite = async (site: Site, controls: readonly Control[]): Promise<void> => {
    const report = (phase: 'asking' | 'done', done: number, of: number): void =>
      desk.patch({
        progress: { ...get().progress, [site.name]: { ...get().progress[site.name], phase, done, of } },
      });
    report('asking', 0, 0);
    const { findings } = await probe(site.target, controls, site.place, {
      deadlineMs: patience.ask,
      onAnswer: (done, of) => report('asking', done, of),
    });
    report('done', 1, 1);
    await desk.found(findings);
  };

  const ask = async (
    controls: readonly Control[],
    step: (done: number, of: number) => void = () => {},
  ): Promise<void> => {
    const bySite = new Map<string, { site: Site; controls: Control[] }>();
    for (const link of links.values()) bySite.set(link.place.node, { site: siteOf(link), controls: [] });
    for (const control of controls) {
      for (const site of sitesOf(desk, control)) {
        const entry = bySite.get(site.name) ?? { site, controls: [] };
        entry.controls.push(control);
        bySite.set(site.name, entry);
      }
    }
    const jobs = [...bySite.values()].filter((job) => job.controls.length > 0);
    let done = 0;
    await mapBounded(jobs, desk.services.forks, async ({ site, controls: mine }) => {
      await askSite(site, mine);
      step(++done, jobs.length);
    }).finally(desk.showFound);
  };

  /** What the running cluster knows of itself goes into the words of every place. */
  const learn = async (): Promise<void> => {
    const [site] = sitesOf(desk, { target: 'cluster' });
    if (!site) return;
    const learned = await learnWords(site.target, site.place, { deadlineMs: patience.ask });
    // Nodes alike keep one object, so that what depends on the words is worked out once.
    const together = new Map<Place['words'], Place['words']>();
    for (const [name, link] of links) {
      const words = together.get(link.place.words) ?? { ...link.place.words, ...learned };
      together.set(link.place.words, words);
      links.set(name, { ...link, place: { ...link.place, words } });
    }
  };

  const probeAll = async (step: (done: number, of: number) => void): Promise<void> => {
    const controls = walked(get());
    const expected = get().session.nodes.map((n) => n.name);
    await recorder.record({ kind: 'probe-started', places: expected, controls: controls.length });
    if (get().session.purpose === 'repair') await learn();
    await ask(controls, step);
    const missing = expected.filter((name) => !links.has(name));
    await recorder.record({ kind: 'probe-ended', missing });
  };

  return {
    ask,
    // Who steps back and on again while every control is being asked is shown that, and asks no node twice.
    probe: () => {
      const label = 'asking every control';
      if (!get().work.some((work) => work.label === label)) void desk.work(label, false, probeAll);
    },
    probeControl: (id) =>
      void desk.work('asking again', false, async (step) => {
        const control = walked(get()).find((c) => c.id === id);
        if (!control) return;
        if (links.size === 0)
          return desk.notice('No node is connected. C connects, then r asks again.', 'bad');
        await ask([control], step);
        // What was refused may be possible by now, and what was possible refused.
        if (Object.values(get().plans).some((p) => p.control === id)) await planAgain(id);
      }),
  };
}
