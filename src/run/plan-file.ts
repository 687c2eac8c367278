import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../domain/failure.ts';
import type { LoadedPlan, ReviewPlan } from '../domain/review-plan.ts';
import { canonical } from '../journal/canonical.ts';
import { messageOf } from '../journal/system-message.ts';
import { planJson, planMarkdown } from '../report/index.ts';
import { writeWhole } from './whole-file.ts';

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

/** Writes a plan in both forms into the working directory, readable by its owner only. */
export async function writePlan(
  plan: ReviewPlan,
  session: string,
): Promise<Result<{ readonly files: readonly string[]; readonly sha256: string }>> {
  const made = hashed(plan);
  const files: string[] = [];
  for (const [ending, render] of [
    ['md', planMarkdown],
    ['json', planJson],
  ] as const) {
    const path = `k8s-harden-${session}-plan.${ending}`;
    try {
      await writeWhole(path, render(made));
    } catch (error) {
      return fail({ code: 'file-unwritable', path, message: messageOf(error) });
    }
    files.push(path);
  }
  return ok({ files, sha256: made.sha256 });
}
