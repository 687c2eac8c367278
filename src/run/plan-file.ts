import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../domain/failure.ts';
import { type LoadedPlan, planFiles, type ReviewPlan } from '../domain/review-plan.ts';
import { canonical } from '../journal/canonical.ts';
import { messageOf } from '../journal/system-message.ts';
import { planJson, planMarkdown } from '../report/index.ts';
import { writeWhole } from './whole-file.ts';

/** A plan with the SHA-256 of what is planned, whoever asked for it when: of the same state it is the same. */
export function hashed(plan: ReviewPlan): { readonly sha256: string; readonly plan: ReviewPlan } {
  const { made: _, program: __, operator: ___, ...planned } = plan;
  return { sha256: hashOf(planned), plan };
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

/** Reads a plan; one that says something else than when it was made is refused. */
export async function loadPlan(file: string): Promise<Result<LoadedPlan>> {
  const read = await (await import('../profiles/review-plan.ts')).readReviewPlan(file);
  if (!read.ok) return read;
  const { sha256, plan } = read.value;
  const is = hashed(plan).sha256;
  if (is === sha256) return ok({ file, sha256, plan });
  if (hashOf(plan) === sha256)
    return fail({
      code: 'usage',
      message: `--plan ${file}: it is as it was made, but by an earlier version, whose hash was also of when it was made and by whom. Make it anew with k8s-harden plan; what is planned has the hash ${is} now.`,
    });
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
  const [markdown, json] = planFiles(session);
  for (const [path, render] of [
    [markdown, planMarkdown],
    [json, planJson],
  ] as const) {
    try {
      await writeWhole(path, render(made));
    } catch (error) {
      return fail({ code: 'file-unwritable', path, message: messageOf(error) });
    }
    files.push(path);
  }
  return ok({ files, sha256: made.sha256 });
}
