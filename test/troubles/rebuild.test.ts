// The containers of a worker made anew on the practice cluster: one check after the other, as the lessons say.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { findingKey } from '../../src/domain/session.ts';
import { brokenPractice } from '../../src/lab/broken.ts';
import { labCluster } from '../../src/lab/cluster.ts';
import { type Lab, startLab } from '../../src/lab/server.ts';
import { readPractice } from '../../src/profiles/index.ts';
import { createConnector } from '../../src/transport/ssh.ts';
import { createRun, type Run, walkToCauses } from '../support/run.ts';

let lab: Lab;
let run: Run;

beforeAll(async () => {
  const data = await readPractice(['profiles'], 'rke2');
  const broken = data.ok ? brokenPractice(data.value, 'damaged-store') : data;
  const cluster = broken.ok ? labCluster(broken.value) : broken;
  if (!cluster.ok) throw new Error(JSON.stringify(cluster.failure));
  lab = await startLab(cluster.value, { readYaml: parse });
  run = await createRun({
    connector: createConnector({ lab: true, knownHosts: lab.knownHosts, identity: lab.clientKey }),
    nodes: lab.nodes,
    answer: () => 'yes',
  });
  await walkToCauses(run, 'trouble-containers');
}, 60_000);

afterAll(async () => {
  run?.actions.quit('left');
  await run?.remove();
  await lab?.close();
});

const kindOf = (control: string, place: string) =>
  run.state().session.findings[findingKey(control, place)]?.verdict.kind;

async function plan(control: string, place: string) {
  run.actions.plan(control);
  await run.idle();
  return run.state().plans[findingKey(control, place)];
}

async function cure(control: string, place: string): Promise<void> {
  expect(await plan(control, place)).toMatchObject({ kind: 'ready' });
  run.actions.apply(control, [place]);
  await run.idle();
}

test('the node is emptied first, then its store is moved aside, the service started, and the node put back', async () => {
  expect(await plan('layers-whole', 'worker-2')).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('A drained node still runs pods'),
  });
  await cure('nodes-out-of-service-empty', 'cluster');
  expect(await plan('nodes-in-service', 'cluster')).toMatchObject({ kind: 'refused' });

  await cure('layers-whole', 'worker-2');
  expect(kindOf('layers-whole', 'worker-2')).toBe('pending-restart');
  expect(run.state().session.restartsDue).toEqual(['worker-2']);
  run.actions.restart(['worker-2']);
  await run.idle(60_000);
  expect(run.state().session.restarts.at(-1)).toMatchObject({
    node: 'worker-2',
    outcome: { kind: 'healthy' },
  });
  run.actions.probeControl('layers-whole');
  await run.idle();
  expect(kindOf('layers-whole', 'worker-2')).toBe('pass');

  await cure('nodes-in-service', 'cluster');
  expect(kindOf('nodes-in-service', 'cluster')).toBe('pass');
}, 120_000);
