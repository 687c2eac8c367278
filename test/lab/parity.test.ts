import { rm, rmdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../src/domain/ports.ts';
import { nodeFolder } from '../../src/domain/step.ts';
import { createConnector } from '../../src/transport/ssh.ts';
import { nodesCapability } from '../nodes/capability.ts';
import { bootNodes, type Cluster } from '../nodes/cluster.ts';
import { shellCases, top } from './parity-cases.ts';
import { nodeCases, questionKinds, stepKinds } from './parity-nodes.ts';
import { labSide, nodeSide, shellSide, transcript } from './parity-sides.ts';

const root = process.getuid?.() === 0;
const capability = nodesCapability();

describe('the parity table', () => {
  const acts = [...shellCases, ...nodeCases].flatMap((each) => each.acts);

  it('puts every kind of question', () => {
    const put = acts.flatMap((act) => ('ask' in act ? [act.ask.kind] : []));
    expect([...new Set(put)].sort()).toEqual(questionKinds.toSorted());
  });

  it('puts every kind of step', () => {
    const put = acts.flatMap((act) =>
      'deed' in act && act.deed.kind === 'change' ? act.deed.change.steps : [],
    );
    expect([...new Set(put.map((step) => step.kind))].sort()).toEqual(stepKinds.toSorted());
  });
});

describe.skipIf(!root)('a lab node and a shell as root agree', () => {
  afterAll(async () => {
    await rm(top, { recursive: true, force: true });
    await rm(`${nodeFolder}/session-1`, { recursive: true, force: true });
    // Only if it was ours alone.
    await rmdir(nodeFolder).catch(() => undefined);
  });

  it.each(shellCases)('$name', async (each) => {
    const real = await transcript(await shellSide(each.given), each);
    expect(await transcript(labSide(each.given), each)).toEqual(real);
  });
});

describe.skipIf(!capability.ok)('a lab node and a booted node agree', () => {
  let cluster: Cluster;
  let target: Target;

  beforeAll(async () => {
    cluster = await bootNodes({ nodes: 1, rke2: { version: 'v1.23.17+rke2r1' } });
    const machine = cluster.node('cp-1');
    const connector = createConnector({
      knownHosts: cluster.knownHostsPath,
      identity: cluster.keyPath,
      sshConfig: false,
      agent: false,
    });
    const reached = await connector.connect(
      { name: 'cp-1', host: '127.0.0.1', port: machine.port, user: 'root' },
      { readOnly: false, deadlineMs: 30_000, answerer: async () => undefined },
    );
    if (!reached.ok) throw new Error(JSON.stringify(reached.failure));
    target = reached.value.target;
  });
  afterAll(async () => {
    await target?.close();
    await cluster?.close();
  });

  it.each(nodeCases)('$name', async (each) => {
    const real = await transcript(nodeSide(target), each);
    expect(await transcript(labSide(each.given), each)).toEqual(real);
  });
});

if (!root) console.info('parity with a shell left out: it needs root');
if (!capability.ok) console.info(`parity with booted nodes left out: ${capability.reason}`);
