import { expect, it } from 'vitest';
import { runOnLab } from '../support/lab-run.ts';

it('changes are numbered in the order in which they are made, whenever they were planned', {
  timeout: 60_000,
}, async () => {
  const { run, end } = await runOnLab();
  try {
    for (const control of ['kernel-values', 'etcd-account']) {
      run.actions.plan(control);
      await run.idle();
    }
    run.actions.apply('kernel-values', ['cp-3']);
    await run.idle();
    run.actions.apply('etcd-account', ['cp-1']);
    await run.idle();
    expect(run.state().session.changes.map((c) => [c.change.id, c.outcome?.kind])).toEqual([
      ['0001-kernel-values_at_cp-3', 'done'],
      ['0002-etcd-account_at_cp-1', 'done'],
    ]);
  } finally {
    await end();
  }
});
