import { afterAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ok } from '../../src/domain/failure.ts';
import type { Connector } from '../../src/domain/ports.ts';
import { labCluster, overlay } from '../../src/lab/cluster.ts';
import { createLabStore } from '../../src/lab/store.ts';
import { createLabTarget } from '../../src/lab/target.ts';
import { readPractice } from '../../src/profiles/index.ts';
import { createRun, type Run, walkToProbe } from '../support/run.ts';

const runs: Run[] = [];
afterAll(async () => {
  for (const run of runs) await run.remove();
});

it('an undo waits once where it cannot be told whether what needs the change is in force', async () => {
  const args = '/var/snap/k8s/common/args/kube-apiserver';
  const data = await readPractice(['profiles'], 'canonical');
  const files = { [args]: { mode: '0600', text: '--oidc-username-prefix=$PFX\n' } };
  const cluster = data.ok ? labCluster(overlay(data.value, { nodes: { 'cp-1': { files } } })) : data;
  if (!cluster.ok) throw new Error(JSON.stringify(cluster.failure));
  const store = createLabStore(cluster.value, { readYaml: parse });
  const connector: Connector = {
    connect: async ({ name }) => ok({ target: createLabTarget(store, name), privilege: 'root' }),
  };
  const run = await createRun({ connector, nodes: [{ name: 'cp-1', host: 'cp-1', port: 0, user: 'root' }] });
  runs.push(run);
  await walkToProbe(run, 'hardening-guide', 1, 'canonical');
  run.actions.plan('event-rate-config');
  await run.idle();
  run.actions.apply('event-rate-config', ['cp-1']);
  await run.idle();
  const undo = async (): Promise<string | undefined> => {
    run.actions.undo(
      run.state().session.changes.map(({ change }) => change.id),
      false,
    );
    await run.idle();
    return run.state().session.changes[0]?.undo?.outcome?.kind;
  };
  expect(await undo()).toBeUndefined();
  expect(run.state().view.notice?.text).toContain('which cannot be told: “');
  expect(run.state().view.notice?.text).toContain(`on cp-1 (${args}:1 has a $`);
  // The operator was told, and decides.
  expect(await undo()).toBe('done');
});
