import type { Distribution, Role } from './distribution.ts';
import type { Trouble } from './trouble.ts';
import type { Gate } from './upgrade.ts';

/** Where a control is asked and changed. */
export type TargetKind = 'node' | 'cluster' | 'workstation' | 'rancher';

/** What applying a control does beyond its own files; shown and filtered by, before anything starts. */
export type Impact =
  | 'none'
  /** Connections between pods may be cut at once. */
  | 'traffic'
  /** Pods that run go on; one may fail when it is next created. */
  | 'pod-start'
  | 'service-restart'
  | 'pod-eviction'
  | 'reboot'
  | 'irreversible';

/** One wish of a control: a resource type and what the YAML says for it, already validated by that type's schema. */
export type Want = { readonly type: string; readonly spec: unknown };

/** A command that runs before the steps of a change, and what the service itself makes in the cluster once the change is in force. */
export type FirstCommand = {
  readonly words: readonly string[];
  readonly roles: readonly Role[];
  readonly why: string;
  /** What undo takes away again, or sets back, because it was otherwise before. */
  readonly leaves?: readonly Leaving[];
  /** What the service also did by itself and undo leaves as it is, with the reason and the way out; said before an undo. */
  readonly stays?: string;
};

/** An object, or one value in it, that a service changes on its own. `list` is what to get; `at` the way to the value. */
export type Leaving = {
  readonly list: readonly string[];
  readonly namespace?: string;
  readonly name: string;
  readonly at?: readonly string[];
};

/** A control, as `profiles/<distribution>/controls/*.yaml` states it. Ids are ours and stable. */
export type Control = {
  readonly id: string;
  readonly title: string;
  readonly target: TargetKind;
  readonly roles: readonly Role[];
  /** What could happen without it, for a newcomer. */
  readonly why: string;
  /** What may stop working with it, and how one would notice. */
  readonly breaks: string;
  readonly impact: Impact;
  /** What applying it does beyond its own files, where the general sentence of its impact would mislead. */
  readonly risk?: string;
  /** Why there is nothing to ask on this distribution; such a control wants nothing. */
  readonly notApplicable?: string;
  readonly wants: readonly Want[];
  /** It matters only where one of these holds, or is configured and not in force yet; elsewhere it is not applicable. */
  readonly onlyIf?: readonly Want[];
  /** Controls that must pass on the same node (or anywhere, for cluster controls) before this one may be applied. */
  readonly needs: readonly string[];
  /** Controls whose change makes the service bring it at its next start, where it has no change of its own. */
  readonly broughtBy?: readonly string[];
  /** Kubernetes versions it is for; absent means all. */
  readonly versions?: string;
  /** Questions whose answers the operator must see before the apply key works, by name of the engine's preview. */
  readonly preview?: 'pod-security' | 'images';
  /** Refused while the cluster is not whole or the data folder was moved; afterwards a start that is not hardened is no good start. Or: refused while another server may have a key, for all must have the same. */
  readonly guarded?: 'profile-switch' | 'one-key';
  /** What it means while only some of its places have it, and whether that may be left for a while. */
  readonly partly?: string;
  /** Commands that run before the steps of a change, by role (an etcd snapshot); what undo takes away again is in `leaves`, and `why` is shown. */
  readonly first?: readonly FirstCommand[];
  /** Log lines (regular expressions) of a start that failed, which this control's change heals while the service is stopped. */
  readonly cures?: readonly string[];
  readonly sources: readonly string[];
};

/** One line of a benchmark: its published number, level, and our control. */
export type BenchmarkItem = {
  readonly number: string;
  readonly level: 1 | 2;
  /** When the published text wants it met: by the defaults, by what the bootstrap was given, by work afterwards, or never. */
  readonly class?: 'default' | 'bootstrap' | 'post-deployment' | 'not-applicable';
  readonly control: string;
  /** The control itself says that it is listed here; the published text does not have it. */
  readonly added?: true;
};

/** A published benchmark as a selection of our controls. */
export type Benchmark = {
  readonly id: string;
  readonly distribution: string;
  readonly title: string;
  /** Kubernetes versions the published text is for. */
  readonly kubernetes: string;
  /** What the published text calls its levels, where it does not number them. */
  readonly levels?: readonly [string, string];
  readonly items: readonly BenchmarkItem[];
};

/** Everything loaded from `profiles/` for one distribution. */
export type Profile = {
  readonly distribution: Distribution;
  readonly controls: readonly Control[];
  readonly benchmarks: readonly Benchmark[];
  /** What versions no longer take. */
  readonly gates?: readonly Gate[];
  /** What one may see of a broken cluster, with its possible causes. */
  readonly troubles?: readonly Trouble[];
  /** Controls that only troubles have. */
  readonly checks?: readonly Control[];
};

/** A control of a profile, or a check of its troubles, by its id. */
export function controlOf(profile: Profile | undefined, id: string): Control | undefined {
  const named = (control: Control): boolean => control.id === id;
  return profile?.controls.find(named) ?? profile?.checks?.find(named);
}

/** A benchmark of a profile, or a trouble, by its id. */
export function benchmarkOf(profile: Profile | undefined, id: string | undefined): Benchmark | undefined {
  const named = (one: Benchmark): boolean => one.id === id;
  return profile?.benchmarks.find(named) ?? profile?.troubles?.find(named);
}

/** The controls of a benchmark up to a level, each once, in the benchmark's order, prerequisites first. */
export function selectControls(profile: Profile, benchmark: Benchmark, level: 1 | 2): readonly Control[] {
  const byId = new Map(profile.controls.map((c) => [c.id, c]));
  const chosen: Control[] = [];
  const add = (id: string): void => {
    const control = byId.get(id) ?? controlOf(profile, id);
    if (!control || chosen.includes(control)) return;
    for (const need of control.needs) add(need);
    if (!chosen.includes(control)) chosen.push(control);
  };
  for (const item of benchmark.items) if (item.level <= level) add(item.control);
  return chosen;
}

/** A level in the words of its benchmark. */
export function levelName({ levels }: Benchmark, level: 1 | 2): string {
  return levels?.[level - 1] ?? `Level ${level}`;
}

/** What the class of an item is called. */
const classWords: Readonly<Record<NonNullable<BenchmarkItem['class']>, string>> = {
  default: 'met by default',
  bootstrap: 'set at bootstrap',
  'post-deployment': 'met after deployment',
  'not-applicable': 'not applicable by its text',
};

/** When the text of a benchmark wants a control met, with the numbers it says that of; empty where it does not say. */
export function classesOf(
  benchmark: Benchmark,
  control: string,
): readonly { readonly words: string; readonly numbers: readonly string[] }[] {
  const items = benchmark.items.filter((item) => item.control === control && item.class !== undefined);
  return [...new Set(items.map((item) => item.class ?? 'default'))].map((each) => ({
    words: classWords[each],
    numbers: items.filter((item) => item.class === each).map((item) => item.number),
  }));
}

/** The numbers under which a benchmark lists a control. */
export function numbersOf(benchmark: Benchmark, control: string): readonly string[] {
  return benchmark.items.filter((item) => item.control === control).map((item) => item.number);
}
