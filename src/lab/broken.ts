import { fail, ok, type Result } from '../domain/failure.ts';
import { overlay } from './cluster.ts';
import { practiceSchema } from './schema.ts';

/** A way in which a practice cluster is broken, for practice in repairing it. */
export type Broken = {
  readonly name: string;
  /** What was done to it, in one sentence. */
  readonly title: string;
  /** The trouble that shows, by the name of its file. */
  readonly trouble: string;
  /** The checks that must find a cause, and no others. */
  readonly finds: readonly string[];
  readonly patch: unknown;
};

/** The ways in which practice data can be broken. Data that is not whole has none; `labCluster` says what is wrong with it. */
export function brokenWays(data: unknown): readonly Broken[] {
  const read = practiceSchema.safeParse(data);
  if (!read.success) return [];
  return Object.entries(read.data.broken).map(([name, broken]) => ({ name, ...broken }));
}

/** Practice data broken in the way of this name. */
export function brokenPractice(data: unknown, name: string): Result<unknown> {
  const ways = brokenWays(data);
  const way = ways.find((one) => one.name === name);
  if (way) return ok(overlay(data, way.patch));
  const names = ways.map((one) => one.name).join(', ');
  const message = `--broken ${name}: the practice cluster cannot be broken so. ${names ? `Take one of ${names}.` : 'No way to break it is known yet.'}`;
  return fail({ code: 'usage', message });
}
