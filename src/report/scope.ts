import {
  type Benchmark,
  benchmarkOf,
  type Control,
  classesOf,
  numbersOf,
  type Profile,
  selectControls,
} from '../domain/control.ts';
import { type Misfit, misfits, misfitWords } from '../domain/fitness.ts';
import { type ScopeRow, scopeOf } from '../domain/scope.ts';
import type { Session } from '../domain/session.ts';

/** A control with every place where an answer is expected, and what the profile calls it. */
export type Row = ScopeRow & {
  readonly title: string;
  readonly numbers: readonly string[];
  /** When the benchmark wants it met, with the numbers it says that of. */
  readonly classes: ReturnType<typeof classesOf>;
};

/** Every answer that counts, with the names of the controls; see `domain/scope.ts`. */
export function rowsOf(
  session: Session,
  controls: readonly Control[],
  benchmark?: Benchmark,
): readonly Row[] {
  const titles = new Map(controls.map((control) => [control.id, control.title]));
  return scopeOf(session, controls).map((row) => ({
    ...row,
    title: titles.get(row.control) ?? row.control,
    numbers: benchmark ? numbersOf(benchmark, row.control) : [],
    classes: benchmark ? classesOf(benchmark, row.control) : [],
  }));
}

/** The controls that a session chose from its profile, and the benchmark that numbers them. */
export function chosen(
  session: Session,
  profile: Profile | undefined,
): { readonly controls: readonly Control[]; readonly benchmark?: Benchmark } {
  const benchmark = benchmarkOf(profile, session.benchmark);
  if (!profile || !benchmark) return { controls: [] };
  return { controls: selectControls(profile, benchmark, session.level ?? 1), benchmark };
}

/** What the cluster runs, and since when nobody mends it, where that is so. */
export function distributionWords(session: Session, profile: Profile | undefined): string | undefined {
  const { title = session.distribution, endOfLife } = profile?.distribution ?? {};
  return endOfLife ? `${title} (end of life ${endOfLife.date})` : title;
}

/** The versions that the chosen benchmark was not written for, each with its sentence. */
export function misfitsOf(
  session: Session,
  profile: Profile | undefined,
): readonly (Misfit & { readonly sentence: string })[] {
  const { benchmark } = chosen(session, profile);
  if (!profile || !benchmark) return [];
  return misfits(session.nodes, profile, benchmark).map((misfit) => ({
    ...misfit,
    sentence: misfitWords(misfit, profile, benchmark),
  }));
}
