import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingKey, standing } from '../../src/domain/session.ts';
import { reachWords, staysWords } from '../../src/ui/undo-reach.ts';
import { runOnLab } from '../support/lab-run.ts';
import type { Run } from '../support/run.ts';

let run: Run;
let end: () => Promise<void>;

beforeAll(async () => {
  ({ run, end } = await runOnLab());
});
afterAll(() => end?.());

const verdict = (control: string, place: string) =>
  run.state().session.findings[findingKey(control, place)]?.verdict.kind;

it('an undo on one server that reaches the whole cluster is asked about there, and says so before', async () => {
  for (const control of ['kernel-values', 'kernel-key-quotas', 'etcd-account', 'profile']) {
    if (control === 'profile') {
      run.actions.preview(control);
      await run.idle();
      run.actions.acknowledge(control);
      await run.until('acknowledged', (s) => s.session.acknowledged.profile !== undefined);
    }
    run.actions.plan(control);
    await run.idle();
    run.actions.apply(control, ['cp-1']);
    await run.idle();
  }
  expect(verdict('network-policies-system', 'cluster')).toBe('fail');
  run.actions.restart(['cp-1']);
  await run.idle(90_000);
  expect(verdict('network-policies-system', 'cluster')).toBe('pass');
  expect(verdict('etcd-data-owner', 'cp-1')).toBe('pass');

  const switched = standing(run.state().session).filter((c) => c.change.control === 'profile');
  expect(reachWords(run.state(), switched)).toContain(
    'NOT ONLY ON cp-1: in the whole cluster 9 objects are removed (networkpolicies)',
  );
  // What RKE2 did by itself stays: taken away now, it would stop the etcd that runs.
  expect(staysWords(run.state(), switched).join()).toContain('etcd:etcd');
  run.actions.undo(
    switched.map((c) => c.change.id),
    false,
  );
  await run.idle();
  expect(standing(run.state().session).map((c) => c.change.control)).not.toContain('profile');
  expect(verdict('network-policies-system', 'cluster')).toBe('fail');
}, 120_000);
