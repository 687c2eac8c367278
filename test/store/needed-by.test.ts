import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLab } from '../../src/run/lab.ts';
import { createRun, type Run, walkToProbe } from '../support/run.ts';

const runs: Run[] = [];
let close: () => Promise<void>;
let begin: (operator: string) => Promise<Run>;
beforeAll(async () => {
  const lab = await openLab(() => {});
  if (!lab.ok) throw new Error('no lab');
  close = lab.value.close;
  const { connector, startNodes } = lab.value.services;
  begin = async (operator) => {
    const run = await createRun({
      connector,
      nodes: startNodes.filter((node) => node.name === 'cp-1'),
      answer: () => 'yes',
      services: { operator, lab: true },
    });
    runs.push(run);
    await walkToProbe(run, 'cis-1.6');
    return run;
  };
});
afterAll(async () => {
  for (const run of runs) {
    run.actions.quit('left');
    await run.until('the end', (s) => s.session.ended !== undefined);
    await run.remove();
  }
  await close?.();
});

const apply = async (run: Run, control: string): Promise<void> => {
  run.actions.plan(control);
  await run.idle();
  run.actions.apply(control, ['cp-1']);
  await run.idle();
};
const undo = async (run: Run, control: string): Promise<string | undefined> => {
  const change = run.state().session.changes.findLast((c) => c.change.control === control)?.change.id;
  run.actions.undo([change ?? ''], false);
  await run.idle();
  return run.state().session.changes.find((c) => c.change.id === change)?.undo?.outcome?.kind;
};
const restart = async (run: Run): Promise<void> => {
  run.actions.restart(['cp-1']);
  await run.idle();
  expect(run.state().session.restarts.at(-1)?.outcome?.kind).toBe('healthy');
};

it('what another session built on a change is not pulled from under it, and is free again without it', async () => {
  const ana = await begin('ana@desk');
  for (const need of ['kernel-values', 'kernel-key-quotas', 'etcd-account']) await apply(ana, need);
  const ben = await begin('ben@sofa');
  ben.actions.takeOver('cp-1');
  await ben.idle();
  ben.actions.preview('profile');
  await ben.until('the preview', (s) => s.previews.profile?.kind === 'ready');
  ben.actions.acknowledge('profile');
  await ben.until('the acknowledgement', (s) => s.session.acknowledged.profile !== undefined);
  await apply(ben, 'profile');
  const takeOver = async (run: Run): Promise<void> => {
    run.actions.takeOver('cp-1');
    await run.idle();
  };
  const refusal =
    /undo “RKE2 runs with its hardening profile” first: it needs this one\. It is in force on cp-1/;

  await takeOver(ana);
  expect(await undo(ana, 'etcd-account')).toBeUndefined();
  expect(ana.state().view.notice?.text).toMatch(refusal);

  await takeOver(ben);
  await restart(ben);
  await takeOver(ana);
  expect(await undo(ana, 'etcd-account')).toBeUndefined();
  expect(ana.state().view.notice?.text).toMatch(refusal);

  await takeOver(ben);
  expect(await undo(ben, 'profile')).toBe('done');
  // The next start does without it, so nothing need restart before.
  await takeOver(ana);
  expect(await undo(ana, 'etcd-account')).toBe('done');
});
