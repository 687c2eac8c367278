import { type Benchmark, numbersOf } from '../domain/control.ts';
import { comparePlans, type LoadedPlan, type PlanItem, planOf } from '../domain/review-plan.ts';
import { type Session, verdictOf } from '../domain/session.ts';
import { isOpen } from '../domain/verdict.ts';
import type { CheckInput } from '../engine/check.ts';
import { reviewControl } from '../engine/review.ts';
import type { Redactor } from '../journal/redactor.ts';
import { movedJson, movedText, planJson, planMarkdown } from '../report/index.ts';
import { hashed } from './plan-file.ts';

/** Planning what a check finds open, without doing it. */
export type Reviewing = {
  /** What was planned so far counts no more. */
  readonly begin: () => void;
  readonly reviewer: (benchmark: Benchmark) => NonNullable<CheckInput['review']>;
  readonly print: (session: Session, verdicts: string) => string;
};

/** Plans for review: prints the plan in a form, or what has moved since one that was made before. */
export function reviewingFor(
  redactor: Redactor,
  want: 'markdown' | 'json' | LoadedPlan | undefined,
  format: 'text' | 'json',
): Reviewing {
  let items: PlanItem[] = [];
  return {
    begin: () => {
      items = [];
    },
    reviewer:
      (benchmark) =>
      async (target, controls, place, { findings, answers }) => {
        const discretion = { addSecret: redactor.add, redact: (text: string) => redactor.redact(text) };
        for (const control of controls) {
          const verdict = findings.find((finding) => finding.control === control.id)?.verdict;
          if (!verdict || !isOpen(verdict.kind)) continue;
          const numbers = numbersOf(benchmark, control.id);
          items.push(await reviewControl(target, control, place, verdict, numbers, discretion, answers));
        }
      },
    print: (session, verdicts) => {
      const now = redactor.redact(planOf(session, items));
      if (want === 'markdown') return planMarkdown(hashed(now));
      if (typeof want !== 'object') return planJson(hashed(now));
      const rows = comparePlans(want.plan, now, (control, place) => verdictOf(session, control, place)?.kind);
      return format === 'json' ? movedJson(want, now, rows) : `${verdicts}\n${movedText(want, now, rows)}`;
    },
  };
}
