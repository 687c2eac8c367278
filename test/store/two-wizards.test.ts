import { afterEach, expect, it } from 'vitest';
import { kubectlAt } from '../../src/domain/distribution.ts';
import type { Deed } from '../../src/domain/ports.ts';
import { openLab } from '../../src/run/lab.ts';
import { createRun, type Run, walkToProbe } from '../support/run.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function practice() {
  const lab = await openLab(() => {});
  if (!lab.ok) throw new Error('no lab');
  ends.push(lab.value.close);
  return lab.value.services;
}

/** A wizard that has only this server in its list. */
async function wizard({ connector, startNodes }: Awaited<ReturnType<typeof practice>>, name: string) {
  let left: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    left = resolve;
  });
  const run = await createRun({
    connector,
    nodes: startNodes.filter((node) => node.name === name),
    answer: () => 'yes',
    services: { lab: true, leave: () => left() },
  });
  ends.push(async () => {
    run.actions.quit('left');
    await gone;
    await run.remove();
  });
  await walkToProbe(run, 'cis-1.6');
  return run;
}

const outcomes = (run: Run) => run.state().session.restarts.map((r) => `${r.node} ${r.outcome?.kind}`);
const restart = async (run: Run, name: string): Promise<void> => {
  run.actions.restart([name]);
  await run.idle();
};

it('two wizards with one server each restart one of them at a time', async () => {
  const lab = await practice();
  const a = await wizard(lab, 'cp-3');
  const b = await wizard(lab, 'cp-2');

  await Promise.all([restart(a, 'cp-3'), restart(b, 'cp-2')]);
  expect([...outcomes(a), ...outcomes(b)]).toHaveLength(1);
  const [second, name, other] =
    outcomes(a).length === 0 ? ([a, 'cp-3', 'cp-2'] as const) : ([b, 'cp-2', 'cp-3'] as const);
  expect(second.state().output.join('\n')).toMatch(
    new RegExp(`${name} is not restarted: .*session .* restarting ${other} since`),
  );

  await restart(second, name);
  expect(outcomes(second)).toEqual([`${name} healthy`]);
});

it('what a wizard that died left behind is named, and taken over only after a time that no restart takes', async () => {
  const lab = await practice();
  const b = await wizard(lab, 'cp-2');
  const cp3 = lab.startNodes.find((node) => node.name === 'cp-3');
  const profile = b.state().profiles.find((p) => p.distribution.id === 'rke2');
  if (!cp3 || !profile) throw new Error('no cp-3');
  const link = await lab.connector.connect(cp3, {
    readOnly: false,
    deadlineMs: 10_000,
    answerer: async () => 'yes',
  });
  if (!link.ok) throw new Error('no link');
  const { target } = link.value;
  ends.push(target.close);
  const kubectl = kubectlAt({
    distribution: profile.distribution,
    words: { 'data-dir': '/var/lib/rancher/rke2', 'config-dir': '/etc/rancher/rke2' },
  });
  const hold = (minutes: number): Deed => ({
    kind: 'hold',
    kubectl,
    hold: { holder: 'alice', node: 'cp-3', since: new Date(Date.now() - minutes * 60_000).toISOString() },
  });
  const perform = (deed: Deed) => target.perform(deed, { deadlineMs: 10_000 });

  expect(await perform(hold(5))).toMatchObject({ kind: 'done' });
  for (const _ of [1, 2]) {
    await restart(b, 'cp-2');
    expect(b.state().view.notice?.text).toMatch(/alice is restarting cp-3 since .*wait/);
    expect(outcomes(b)).toEqual([]);
  }
  expect(await perform({ kind: 'release', kubectl, holder: 'alice' })).toMatchObject({ kind: 'done' });

  expect(await perform(hold(45))).toMatchObject({ kind: 'done' });
  await restart(b, 'cp-2');
  expect(outcomes(b)).toEqual([]);
  expect(b.state().restartHeld).toMatchObject({ holder: 'alice', node: 'cp-3' });
  // The question was asked again with this in it, and the cluster's name typed.
  await restart(b, 'cp-2');
  expect(outcomes(b)).toEqual(['cp-2 healthy']);
  expect(b.state().restartHeld).toBeUndefined();
  expect(await perform(hold(0))).toMatchObject({ kind: 'done' });
});
