import type { Benchmark, Profile } from '../domain/control.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import { troubleId } from '../domain/trouble.ts';
import type { Invocation } from '../flags.ts';
import { loadProfiles } from './services.ts';

/** Answers no question: nobody is there. */
export const nobody = async (): Promise<undefined> => undefined;

/** The trouble of a distribution that the command line names. */
export function namedTrouble({ distribution, troubles = [] }: Profile, name: string): Result<Benchmark> {
  const trouble = troubles.find(({ id }) => id === troubleId(name));
  if (trouble) return ok(trouble);
  const names = troubles.map(({ id, title }) => [id.slice(troubleId('').length), title] as const);
  const wide = Math.max(0, ...names.map(([id]) => id.length));
  const listed = names.map(([id, title]) => `\n  ${id.padEnd(wide)}  ${title}`).join('');
  return usage(
    `--trouble ${name}: for ${distribution.title} it is one of ${listed === '' ? 'none, for there are none.' : `these:${listed}`}`,
  );
}

/** The benchmark of a distribution that the command line names. */
export function namedBenchmark({ benchmarks }: Profile, name: string, why = ''): Result<Benchmark> {
  const found = benchmarks.find(({ id }) => id === name);
  return found
    ? ok(found)
    : usage(`--benchmark ${name}: ${why}it is one of ${benchmarks.map((b) => b.id).join(', ')}.`);
}

/** The distribution and the benchmark or trouble that the command line names, else the first. */
export async function readProfile(invocation: Invocation): Promise<
  Result<{
    readonly profiles: readonly Profile[];
    readonly profile: Profile;
    readonly benchmark: Benchmark;
  }>
> {
  const value = (name: string): string | undefined => invocation.values.get(name)?.[0];
  const loaded = await loadProfiles(invocation);
  if (!loaded.ok) return loaded;
  const wanted = value('benchmark');
  // What the nodes run is not known yet; a benchmark that only one distribution has says it.
  const having = loaded.value.filter((p) => p.benchmarks.some((b) => b.id === wanted));
  const [only] = having.length === 1 ? having : [];
  const id = value('distribution') ?? only?.distribution.id ?? 'rke2';
  const profile = loaded.value.find((p) => p.distribution.id === id);
  if (!profile)
    return usage(
      `--distribution ${id}: it is one of ${loaded.value.map((p) => p.distribution.id).join(', ')}.`,
    );
  const named = value('trouble');
  if (named !== undefined) {
    const trouble = namedTrouble(profile, named);
    return trouble.ok ? ok({ profiles: loaded.value, profile, benchmark: trouble.value }) : trouble;
  }
  const benchmark = namedBenchmark(profile, wanted ?? profile.benchmarks[0]?.id ?? '');
  return benchmark.ok ? ok({ profiles: loaded.value, profile, benchmark: benchmark.value }) : benchmark;
}

/** A command line that cannot be followed, and why. */
export function usage<T>(message: string): Result<T> {
  return fail({ code: 'usage', message });
}
