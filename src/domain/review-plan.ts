import type { BenchmarkItem, Impact } from './control.ts';
import { findingKey, type Session, verdictOf } from './session.ts';
import { isOpen, type VerdictKind } from './verdict.ts';
import { clusterOf, nodeWord } from './waiver.ts';

/** The name and number of the form of a plan for programs. */
export const planForm = 'k8s-harden/plan/1';

/** What a change would do on one place, in full, for who has to approve it; no secret is in it. */
export type PlanItem = {
  readonly control: string;
  readonly title: string;
  readonly numbers: readonly BenchmarkItem['number'][];
  readonly place: string;
  readonly verdict: VerdictKind;
  readonly found: string;
  readonly wanted: string;
  /** What may stop working with it, and how one would notice. */
  readonly breaks: string;
  readonly impact: Impact;
  /** Controls that must pass first, and do not yet. */
  readonly needs: readonly string[];
  /** Whether there are steps; else why not, and what to do instead. */
  readonly does: 'steps' | 'refused' | 'nothing';
  readonly reason: string;
  readonly instead: string;
  readonly commands: readonly string[];
  readonly diffs: readonly { readonly path: string; readonly text: string }[];
  readonly undo: readonly string[];
  readonly restarts: boolean;
  readonly units: readonly string[];
};

/** Everything that hardening a cluster would change, as it was when it was asked. */
export type ReviewPlan = {
  /** ISO 8601, UTC. */
  readonly made: string;
  readonly program: string;
  readonly operator: string;
  readonly cluster: string;
  readonly distribution: string;
  readonly benchmark: string;
  readonly level: 1 | 2;
  readonly nodes: readonly {
    readonly name: string;
    readonly version: string;
    readonly roles: readonly string[];
    /** Where it is; plans of earlier versions do not say. */
    readonly address?: string | undefined;
  }[];
  /** Places that did not answer, or run another distribution: of them the plan says nothing. */
  readonly missing: readonly string[];
  readonly items: readonly PlanItem[];
};

/** What happens to plans. */
export type PlanEvent =
  | {
      readonly kind: 'plan-written';
      readonly files: readonly string[];
      readonly sha256: string;
      readonly items: number;
    }
  /** A plan that was made before: what is done from now on is held against it. */
  | {
      readonly kind: 'plan-loaded';
      readonly file: string;
      readonly sha256: string;
      readonly made: string;
      readonly items: number;
    };

/** A plan with the hash by which it can be approved, and where it lies. */
export type LoadedPlan = { readonly file: string; readonly sha256: string; readonly plan: ReviewPlan };

/** The plan of a session from its items: what is waived or skipped is not in it, and all stands in one order. */
export function planOf(session: Session, items: readonly PlanItem[]): ReviewPlan {
  // Made where it is used: it takes 5 ms, and every check loads this file.
  const byNumber = new Intl.Collator('en', { numeric: true });
  const order = new Map(session.nodes.map((node, index) => [node.name, index]));
  const open = items.filter(
    ({ control, place }) =>
      isOpen(verdictOf(session, control, place)?.kind ?? 'unknown') &&
      session.skips[findingKey(control, place)] === undefined,
  );
  return {
    made: session.lastAt,
    program: session.program,
    operator: session.operator,
    cluster: clusterOf(session),
    distribution: session.distribution ?? '',
    benchmark: session.benchmark ?? '',
    level: session.level ?? 1,
    nodes: planNodes(session),
    missing: [
      ...session.missing,
      ...session.nodes.flatMap(({ name, facts }) => (facts?.instead ? [name] : [])),
    ].toSorted(),
    // Not as the answers came: that differs from one run to the next.
    items: open
      .toSorted(
        (a, b) =>
          byNumber.compare(a.numbers[0] ?? '', b.numbers[0] ?? '') ||
          byNumber.compare(a.control, b.control) ||
          (order.get(a.place) ?? -1) - (order.get(b.place) ?? -1) ||
          byNumber.compare(a.place, b.place),
      )
      .map((item) => ({ ...item, needs: item.needs.filter((need) => !isMet(session, need, item.place)) })),
  };
}

/** The nodes of a session that have answered, as a plan names them. */
export function planNodes({ nodes }: Pick<Session, 'nodes'>): ReviewPlan['nodes'] {
  return nodes.flatMap((node) => {
    const { name, facts } = node;
    return facts ? [{ name, version: facts.version ?? '', roles: facts.roles, address: nodeWord(node) }] : [];
  });
}

/** Whether a needed control holds, or will with the next start: on the place, or where it was not asked there, wherever it was. */
function isMet(session: Session, need: string, place: string): boolean {
  const places = Object.values(session.findings).flatMap((f) => (f.control === need ? [f.place] : []));
  const where = places.includes(place) ? [place] : places;
  const holds: readonly (VerdictKind | undefined)[] = ['pass', 'not-applicable', 'pending-restart'];
  return where.length > 0 && where.every((at) => holds.includes(verdictOf(session, need, at)?.kind));
}

/** The files into which the plan of a session is written: for people and for programs. */
export function planFiles(session: string): readonly [markdown: string, json: string] {
  return [`k8s-harden-${session}-plan.md`, `k8s-harden-${session}-plan.json`];
}

/** Where reality stands against one item of a plan. */
export type Moved =
  /** Still open, and the very same would be done. */
  | 'same'
  /** It is as it should be by now, or accepted as it is. */
  | 'done'
  /** Still open, but something else would be done. */
  | 'differs'
  /** Open now, and not in the plan. */
  | 'new'
  /** It has not been asked, or no answer came. */
  | 'unknown';

/** What is so now of one control on one place. */
export type PlanNow = {
  readonly verdict: VerdictKind | undefined;
  /** What would be done now, if that is known. */
  readonly item?: Pick<PlanItem, 'does' | 'commands' | 'diffs'> | undefined;
};

/** One control on one place against the plan; undefined where there is nothing to say. */
export function movedSince(planned: PlanItem | undefined, now: PlanNow): Moved | undefined {
  const { verdict, item } = now;
  const settled =
    verdict !== undefined && ['pass', 'not-applicable', 'waived', 'pending-restart'].includes(verdict);
  if (!planned) return settled || verdict === undefined ? undefined : 'new';
  if (settled) return 'done';
  if (verdict === undefined || (verdict === 'unknown' && planned.verdict !== 'unknown') || !item)
    return 'unknown';
  return work(planned) === work(item) ? 'same' : 'differs';
}

/** A row of a comparison. */
export type MovedRow = {
  readonly control: string;
  readonly title: string;
  readonly place: string;
  readonly moved: Moved;
};

/** A whole plan against what is so now: `verdicts` by control and place, `now` as it would be planned today. */
export function comparePlans(
  planned: ReviewPlan,
  now: ReviewPlan,
  verdictAt: (control: string, place: string) => VerdictKind | undefined,
): readonly MovedRow[] {
  const current = new Map(now.items.map((item) => [keyOf(item), item]));
  const known = new Set(planned.items.map(keyOf));
  const rows = [...planned.items, ...now.items.filter((item) => !known.has(keyOf(item)))];
  return rows.flatMap((item) => {
    const { control, title, place } = item;
    const moved = movedSince(known.has(keyOf(item)) ? item : undefined, {
      verdict: verdictAt(control, place),
      item: current.get(keyOf(item)),
    });
    return moved === undefined ? [] : [{ control, title, place, moved }];
  });
}

/** The item of a plan for a control on a place. */
export function planItemAt(plan: ReviewPlan, control: string, place: string): PlanItem | undefined {
  return plan.items.find((item) => item.control === control && item.place === place);
}

/** Why a plan is for something else than what is asked now, in one sentence; undefined when it is not. */
export function otherPlan(
  plan: ReviewPlan,
  now: Pick<ReviewPlan, 'cluster' | 'distribution' | 'benchmark' | 'level' | 'nodes'>,
): string | undefined {
  for (const key of ['cluster', 'distribution', 'benchmark', 'level'] as const)
    if (plan[key] !== now[key])
      return `The plan is for the ${key} ${plan[key]}, and this is ${now[key]}: what is said of it holds only where both have the same.`;
  if (plan.cluster !== clusterOf({ cluster: '' })) return undefined;
  // Clusters without a name all have the same one.
  const moved = plan.nodes.flatMap(({ name, address }) => {
    const here = now.nodes.find((node) => node.name === name)?.address;
    return address === undefined || address === here
      ? []
      : [{ planned: address, here: here ?? `no ${name}` }];
  });
  const [first] = moved;
  return first
    ? `The plan is for ${first.planned}, and here is ${first.here}: what is said of it holds only where both are the same machine.`
    : undefined;
}

function keyOf({ control, place }: Pick<PlanItem, 'control' | 'place'>): string {
  return `${control}@${place}`;
}

/** All that would be done, as one text to compare; the heads of diffs say nothing that the commands do not. */
function work({ does, commands, diffs }: Pick<PlanItem, 'does' | 'commands' | 'diffs'>): string {
  return JSON.stringify([does, commands, diffs.map(({ path, text }) => [path, text])]);
}
