import {
  type Benchmark,
  type Control,
  numbersOf,
  type Profile,
  selectControls,
  type TargetKind,
} from '../domain/control.ts';
import { findingKey, type Session, verdictOf } from '../domain/session.ts';
import type { Verdict } from '../domain/verdict.ts';

/** A control in one place: first verdict, latest verdict with attestations taken in, and the reason if it was skipped. */
export type Cell = {
  readonly place: string;
  readonly before: Verdict | undefined;
  readonly after: Verdict | undefined;
  readonly skipped: string | undefined;
};

/** A control with every place where an answer is expected. */
export type Row = {
  readonly control: string;
  readonly title: string;
  readonly numbers: readonly string[];
  readonly cells: readonly Cell[];
};

/** Every answer that the session should have: controls times places, whether it came or not. */
export function scopeOf(
  session: Session,
  controls: readonly Control[],
  benchmark?: Benchmark,
): readonly Row[] {
  const found = new Map<string, Set<string>>();
  for (const { control, place } of Object.values(session.findings)) {
    const places = found.get(control) ?? new Set();
    found.set(control, places.add(place));
  }
  const known = new Map(controls.map((control) => [control.id, control]));
  const rest = [...found.keys()].filter((id) => !known.has(id)).toSorted();
  return [...known.keys(), ...rest].map((id) => {
    const seen = found.get(id) ?? new Set();
    const places = new Set([...placesOf(session, known.get(id)?.target ?? guess(seen)), ...seen]);
    return {
      control: id,
      title: known.get(id)?.title ?? id,
      numbers: benchmark ? numbersOf(benchmark, id) : [],
      cells: [...places].map((place) => ({
        place,
        before: session.before[findingKey(id, place)],
        after: verdictOf(session, id, place),
        skipped: session.skips[findingKey(id, place)],
      })),
    };
  });
}

/** The controls that a session chose from its profile, and the benchmark that numbers them. */
export function chosen(
  session: Session,
  profile: Profile | undefined,
): { readonly controls: readonly Control[]; readonly benchmark?: Benchmark } {
  const benchmark = profile?.benchmarks.find((b) => b.id === session.benchmark);
  if (!profile || !benchmark) return { controls: [] };
  return { controls: selectControls(profile, benchmark, session.level ?? 1), benchmark };
}

function placesOf(session: Session, target: TargetKind): readonly string[] {
  return target === 'node' ? session.nodes.map((n) => n.name) : [target];
}

function guess(places: ReadonlySet<string>): TargetKind {
  if (places.has('cluster')) return 'cluster';
  return places.has('workstation') ? 'workstation' : 'node';
}
