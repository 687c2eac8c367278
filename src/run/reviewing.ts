import { type Benchmark, numbersOf } from '../domain/control.ts';
import { comparePlans, type LoadedPlan, type PlanItem, type ReviewPlan } from '../domain/review-plan.ts';
import { findingKey, type Session, verdictOf } from '../domain/session.ts';
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

/** The plan of a session from its items: what is waived or skipped is not in it, and all stands in one order. */
export function planOf(session: Session, items: readonly PlanItem[]): ReviewPlan {
  const order = new Map(session.nodes.map((node, index) => [node.name, index]));
  const open = items.filter(
    ({ control, place }) =>
      isOpen(verdictOf(session, control, place)?.kind ?? 'unknown') &&
      session.skips[findingKey(control, place)] === undefined,
  );
  const controls = [...new Set(Object.values(session.findings).map((finding) => finding.control))];
  return {
    made: session.lastAt,
    program: session.program,
    operator: session.operator,
    cluster: session.cluster,
    distribution: session.distribution ?? '',
    benchmark: session.benchmark ?? '',
    level: session.level ?? 1,
    nodes: session.nodes.flatMap(({ name, facts }) =>
      facts ? [{ name, version: facts.version ?? '', roles: facts.roles }] : [],
    ),
    missing: session.missing,
    items: open.toSorted(
      (a, b) =>
        controls.indexOf(a.control) - controls.indexOf(b.control) ||
        (order.get(a.place) ?? -1) - (order.get(b.place) ?? -1),
    ),
  };
}
