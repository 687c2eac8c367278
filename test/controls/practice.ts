import { parse } from 'yaml';
import type { Control, Profile } from '../../src/domain/control.ts';
import { type Place, unitAt } from '../../src/domain/distribution.ts';
import type { Deed, DeedReport, RancherService, Target } from '../../src/domain/ports.ts';
import type { Plan } from '../../src/domain/resource.ts';
import type { Change } from '../../src/domain/step.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { detect, detectionQuestions } from '../../src/engine/detect.ts';
import { namedFileWords, placeOf } from '../../src/engine/place.ts';
import { planControl } from '../../src/engine/plan.ts';
import { probeToPlan } from '../../src/engine/probe.ts';
import { labCluster, overlay } from '../../src/lab/cluster.ts';
import { createLabRancher } from '../../src/lab/rancher-service.ts';
import type { LabCluster, LabNode } from '../../src/lab/state.ts';
import { createLabStore, type LabStore } from '../../src/lab/store.ts';
import { createLabTarget } from '../../src/lab/target.ts';
import { loadProfiles, readPractice } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';

/** Where the cases of the workstation's controls keep the cluster template. */
const templatePath = '/home/operator/cluster.yaml';

const patience = { deadlineMs: 1000 };
const monday = Date.UTC(2026, 0, 5) / 1000;

/** The shipped profiles, with the template where the cases have it. */
export async function shippedProfiles(): Promise<readonly Profile[]> {
  const loaded = await loadProfiles(['profiles'], (type, spec) => resources.get(type)?.schema.parse(spec));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
  return loaded.value.map((profile) => {
    const words = { ...profile.distribution.words, ...namedFileWords(templatePath) };
    return { ...profile, distribution: { ...profile.distribution, words } };
  });
}

/** The practice cluster with a patch over it, and one place of it at which a control is asked and changed. */
export class Practice {
  private changes = 0;
  private readonly rancher: RancherService;
  private constructor(
    private readonly store: LabStore,
    readonly target: Target,
    readonly place: Place,
    private readonly time: { now: number },
  ) {
    this.rancher = createLabRancher(store);
  }

  static async open(profile: Profile, patch: unknown, node: string): Promise<Practice> {
    const data = await readPractice(['profiles'], profile.distribution.id);
    if (!data.ok) throw new Error(JSON.stringify(data.failure));
    const cluster = labCluster(overlay(data.value, patch));
    if (!cluster.ok) throw new Error(JSON.stringify(cluster.failure));
    const time = { now: monday };
    const clock = { now: () => time.now * 1000, sleep: async () => undefined };
    const store = createLabStore(cluster.value, { readYaml: parse, clock });
    const target = createLabTarget(store, node);
    const questions = detectionQuestions(profile.distribution);
    const facts = detect(profile.distribution, await target.ask(questions, patience), 'root', undefined);
    if (!facts.known) throw new Error(facts.reason);
    return new Practice(store, target, placeOf(profile.distribution, node, facts.value), time);
  }

  /** What the control is found to be, and what applying it would do. */
  async look(control: Control): Promise<{ readonly verdict: Verdict; readonly plan: Plan }> {
    const { target, place } = this.siteOf(control);
    const { findings, answers } = await probeToPlan(target, control, place, patience);
    const [finding] = findings;
    if (!finding) throw new Error('nothing was found');
    return { verdict: finding.verdict, plan: planControl(control, place, answers) };
  }

  /** Runs the steps of a plan as one change. */
  async apply(control: Control, plan: Plan): Promise<Change> {
    if (plan.kind !== 'steps') throw new Error(`${control.id}: nothing to apply: ${JSON.stringify(plan)}`);
    const id = `change-${++this.changes}`;
    const { node } = this.siteOf(control).place;
    const change: Change = { id, session: 'test', control: control.id, node, via: node, steps: plan.steps };
    this.time.now += 60;
    await this.perform({ kind: 'change', change });
    return change;
  }

  async undo(change: Change): Promise<void> {
    this.time.now += 60;
    await this.perform({ kind: 'undo', change, force: false });
  }

  /** Restarts units, the node agent's unless said, and waits until that has come to its end. */
  async restart(units: readonly string[] = [unitAt(this.place)]): Promise<void> {
    for (const unit of units) {
      this.time.now += 60;
      await this.perform({ kind: 'restart', unit });
      this.time.now += 60;
      const state = this.store.cluster().nodes[this.place.node]?.units[unit];
      if (state?.active !== 'active') throw new Error(`${unit} did not start`);
    }
  }

  /** Everything that an undo must bring back: not the records of changes, nor a snapshot that is kept on purpose. */
  state(): unknown {
    const { rancher, ...cluster }: LabCluster = this.store.cluster();
    return {
      ...cluster,
      nodes: Object.values(cluster.nodes).map(withoutRecords),
      rancher: rancher && withoutIds(rancher),
    };
  }

  private siteOf(control: Control): { readonly target: Target; readonly place: Place } {
    const { rancher, place, target } = this;
    if (control.target !== 'rancher') return { target, place };
    const words = { ...place.words, ...rancher.words('') };
    return { target: rancher.target('', false), place: { ...place, node: 'rancher', words } };
  }

  private async perform(deed: Deed): Promise<void> {
    const there =
      'change' in deed && deed.change.via === 'rancher' ? this.rancher.target('', false) : undefined;
    const report: DeedReport = await (there ?? this.target).perform(deed, patience);
    if (report.kind !== 'done') throw new Error(`${deed.kind}: ${JSON.stringify(report)}`);
  }
}

/** A binding that is made anew has a new id, as on a real server; nothing else may differ. */
function withoutIds(rancher: NonNullable<LabCluster['rancher']>): unknown {
  const { globalRoleBindings = {}, ...lists } = rancher.lists;
  const bindings = Object.values(globalRoleBindings).map((fields) => JSON.stringify(fields));
  // What was removed comes back at the end of the list.
  return { ...rancher, lists: { ...lists, globalRoleBindings: bindings.toSorted() } };
}

function withoutRecords({ changes: _, files, ...node }: LabNode): unknown {
  const kept = Object.entries(files).filter(([path]) => !/\/db\/snapshots\/./.test(path));
  return { ...node, files: Object.fromEntries(kept) };
}
