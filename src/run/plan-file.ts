import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../domain/failure.ts';
import type { LoadedPlan, ReviewPlan } from '../domain/review-plan.ts';
import { canonical } from '../journal/canonical.ts';

/** A plan with the SHA-256 of all it says. */
export function hashed(plan: ReviewPlan): { readonly sha256: string; readonly plan: ReviewPlan } {
  return { sha256: createHash('sha256').update(canonical(plan)).digest('hex'), plan };
}

/** Reads a plan; one that says something else than when it was made is refused. */
export async function loadPlan(file: string): Promise<Result<LoadedPlan>> {
  const read = await (await import('../profiles/review-plan.ts')).readReviewPlan(file);
  if (!read.ok) return read;
  const { sha256, plan } = read.value;
  const is = hashed(plan).sha256;
  if (is === sha256) return ok({ file, sha256, plan });
  return fail({
    code: 'usage',
    message: `--plan ${file}: it was changed after it was made: its hash is ${is}, and it says ${sha256}. Make it anew with k8s-harden plan.`,
  });
}
