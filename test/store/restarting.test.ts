import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOnLab } from '../support/lab-run.ts';
import type { Run } from '../support/run.ts';

describe('after restarts that were stopped', () => {
  let run: Run;
  let end: () => Promise<void>;
  beforeAll(async () => {
    ({ run, end } = await runOnLab());
  });
  afterAll(() => end?.());

  const kind = (control: string, place: string) =>
    run.state().session.findings[`${control}@${place}`]?.verdict.kind;
  const apply = async (control: string, places: readonly string[]): Promise<void> => {
    run.actions.plan(control);
    await run.idle();
    run.actions.apply(control, places);
    await run.idle();
  };

  it('every control is asked again: what was found before them is no longer true', async () => {
    const servers = ['cp-1', 'cp-3'];
    await apply('kernel-values', servers);
    await apply('kernel-key-quotas', servers);
    await apply('etcd-account', ['cp-1']);
    run.actions.preview('profile');
    await run.until('the preview', (s) => s.previews.profile?.kind === 'ready');
    run.actions.acknowledge('profile');
    await run.until('the acknowledgement', (s) => s.session.acknowledged.profile !== undefined);
    await apply('profile', servers);
    expect(servers.map((name) => kind('profile', name))).toEqual(['pending-restart', 'pending-restart']);

    run.actions.restart(servers);
    await run.until('the first to be healthy', (s) =>
      s.session.restarts.some((r) => r.outcome?.kind === 'healthy'),
    );
    run.actions.stopAfterStep();
    await run.idle();
    expect(run.state().session.restarts.map((r) => r.node)).toEqual(['cp-1']);
    expect(run.state().session.restartsDue).toEqual(['cp-3']);
    expect(servers.map((name) => kind('profile', name))).toEqual(['pass', 'pending-restart']);
  });
});
