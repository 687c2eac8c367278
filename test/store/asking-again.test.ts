import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLab } from '../../src/run/lab.ts';
import { createRun, type Run, walkToProbe } from '../support/run.ts';

describe('what was refused or held', () => {
  let close: () => Promise<void>;
  const runs: Run[] = [];
  const begin = async (operator: string): Promise<Run> => {
    const run = await createRun({
      connector: lab.connector,
      nodes: lab.startNodes,
      answer: () => 'yes',
      services: { operator },
    });
    runs.push(run);
    return run;
  };
  let lab: { readonly connector: Parameters<typeof createRun>[0]['connector'] } & {
    readonly startNodes: Parameters<typeof createRun>[0]['nodes'];
  };
  beforeAll(async () => {
    const opened = await openLab(() => {});
    if (!opened.ok) throw new Error('no lab');
    close = opened.value.close;
    lab = opened.value.services;
  });
  afterAll(async () => {
    for (const run of runs) {
      run.actions.quit('left');
      await run.until('the end', (s) => s.session.ended !== undefined);
      await run.remove();
    }
    await close?.();
  });

  it('is worked out anew when the control is asked again', async () => {
    const run = await begin('ana@desk');
    await walkToProbe(run, 'cis-1.6');
    run.actions.plan('profile');
    await run.idle();
    const plan = () => run.state().plans['profile@cp-1'];
    expect(plan()).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/^It needs /) });
    for (const need of ['kernel-values', 'kernel-key-quotas', 'etcd-account']) {
      run.actions.plan(need);
      await run.idle();
      run.actions.apply(need, ['cp-1']);
      await run.idle();
    }
    run.actions.probeControl('profile');
    await run.idle();
    expect(plan()).toMatchObject({ kind: 'refused', unseen: true });
  });

  it('is asked once, however often that is begun before the answers are there', async () => {
    const run = runs[0] as Run;
    const begun = (): number =>
      readFileSync(run.state().journalPath, 'utf8').split('"kind":"probe-started"').length - 1;
    const before = begun();
    expect(before).toBe(1);
    run.actions.probe();
    run.actions.probe();
    await run.idle();
    expect(begun()).toBe(before + 1);
    run.actions.probe();
    await run.idle();
    expect(begun()).toBe(before + 2);
  });

  it('is remembered of a lock that somebody took meanwhile, and gone once it is taken over', async () => {
    const ana = runs[0] as Run;
    const ben = await begin('ben@sofa');
    await walkToProbe(ben, 'cis-1.6');
    ben.actions.takeOver('cp-1');
    await ben.idle();
    expect(ana.state().progress['cp-1']?.failure).toBeUndefined();
    const change = ana.state().session.changes.at(-1);
    ana.actions.undo([change?.change.id ?? ''], false);
    await ana.idle();
    expect(ana.state().progress['cp-1']?.failure).toMatchObject({ code: 'locked' });
    expect(ana.state().untouched).toBe(true);
    ana.actions.takeOver('cp-1');
    await ana.idle();
    expect(ana.state().progress['cp-1']?.failure).toBeUndefined();
  });
});
