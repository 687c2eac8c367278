import { expect, it } from 'vitest';
import type { ReviewPlan } from '../../src/domain/review-plan.ts';
import { hashed } from '../../src/run/plan-file.ts';
import type { Services } from '../../src/store/services.ts';
import { runOnLab } from '../support/lab-run.ts';

it('the wizard writes what would be done, says its hash, and changes nothing', {
  timeout: 60_000,
}, async () => {
  const written: ReviewPlan[] = [];
  const writePlan: Services['writePlan'] = async (plan, session) => {
    written.push(plan);
    return { ok: true, value: { files: [`${session}.md`], sha256: hashed(plan).sha256 } };
  };
  const { run, end } = await runOnLab({ writePlan });
  try {
    run.actions.writePlan();
    await run.until('the plan', (state) => state.view.notice?.text.startsWith('Written to') === true);
    expect(run.state().written).toEqual([`${run.state().session.id}.md`]);
    const [plan] = written;
    if (!plan) throw new Error('no plan');
    expect(run.state().view.notice?.text).toContain(hashed(plan).sha256);
    expect(plan.items.find((item) => item.control === 'kernel-values')?.commands).toContain(
      'sysctl -w kernel.panic=10',
    );
    expect(JSON.stringify(plan)).not.toContain('token-that-opens-nothing');
    expect(run.state().session.changes).toEqual([]);
  } finally {
    await end();
  }
});
