import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { fail, ok, type Result } from '../domain/failure.ts';
import { planForm, type ReviewPlan } from '../domain/review-plan.ts';
import { systemWords } from '../domain/system-error.ts';
import { worstFirst } from '../domain/verdict.ts';
import { parseProfileDocument } from './document.ts';
import { validate } from './validate.ts';

const texts = z.array(z.string());
const kinds = worstFirst.filter((s) => s !== 'not-asked' && s !== 'skipped' && s !== 'fixed' && s !== 'gone');
const shape = z.strictObject({
  form: z.literal(planForm),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  made: z.string(),
  program: z.string(),
  operator: z.string(),
  cluster: z.string(),
  distribution: z.string(),
  benchmark: z.string(),
  level: z.union([z.literal(1), z.literal(2)]),
  nodes: z.array(
    z.strictObject({ name: z.string(), version: z.string(), roles: texts, address: z.string().optional() }),
  ),
  missing: texts,
  items: z.array(
    z.strictObject({
      control: z.string(),
      title: z.string(),
      numbers: texts,
      place: z.string(),
      verdict: z.enum(kinds),
      found: z.string(),
      wanted: z.string(),
      breaks: z.string(),
      impact: z.enum([
        'none',
        'traffic',
        'pod-start',
        'service-restart',
        'pod-eviction',
        'reboot',
        'irreversible',
      ]),
      needs: texts,
      does: z.enum(['steps', 'refused', 'nothing']),
      reason: z.string(),
      instead: z.string(),
      commands: texts,
      diffs: z.array(z.strictObject({ path: z.string(), text: z.string() })),
      undo: texts,
      restarts: z.boolean(),
      units: texts,
    }),
  ),
});

/** Reads a plan in its JSON form; the failure names file and line. Whether its hash is that of what it says is for the caller. */
export async function readReviewPlan(
  file: string,
): Promise<Result<{ readonly sha256: string; readonly plan: ReviewPlan }>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return fail({ code: 'file-unreadable', path: file, message: systemWords(error) });
  }
  const whole = shape.safeParse(jsonOf(text));
  if (whole.success) return ok(parted(whole.data));
  // Only what is wrong is read as YAML, for its line: of a large plan that takes a thousand times as long.
  const document = parseProfileDocument(file, text);
  if (!document.ok) return document;
  const read = validate(document.value, shape);
  return read.ok ? ok(parted(read.value)) : read;
}

function parted({ form: _, sha256, ...plan }: z.infer<typeof shape>): {
  readonly sha256: string;
  readonly plan: ReviewPlan;
} {
  return { sha256, plan };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
