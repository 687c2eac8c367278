import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import { readContainer } from '../../src/domain/container.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import { addressOf, connectorTo } from '../support/nodes.ts';
import { nodesCapability } from './capability.ts';
import type { Cluster } from './cluster.ts';
import type { Machine } from './machine.ts';
import { bootDocker } from './rke.ts';

const capability = nodesCapability();
const names = ['kubelet', 'kube-proxy', 'etcd', 'service-sidekick'] as const;
const question = (name: string): Question => ({ kind: 'container', name });

describe.skipIf(!capability.ok).each([['bookworm'], ['trixie']] as const)('docker of %s', (suite) => {
  let cluster: Cluster;
  let node: Machine;

  /** What is answered of each of the containers, all asked together. */
  const answers = async (user = 'root'): Promise<Readonly<Record<string, Answer | undefined>>> => {
    const opened = await connectorTo(cluster).connect(addressOf(node, user), {
      readOnly: true,
      deadlineMs: 20_000,
      answerer: async () => undefined,
    });
    if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
    const { target } = opened.value;
    try {
      const all = await target.ask(names.map(question), { deadlineMs: 20_000 });
      return Object.fromEntries(names.map((name) => [name, all.get(questionKey(question(name)))]));
    } finally {
      await target.close();
    }
  };
  const container = (said: Answer | undefined, name: string) => {
    const read = readContainer(said ?? { kind: 'absent' }, name);
    return read.known ? read.value : undefined;
  };

  beforeAll(async () => {
    cluster = await bootDocker([{ name: 'n-1', role: 'agent' }], { suite });
    [node] = cluster.nodes as [Machine];
    const make = '/usr/local/lib/rke-standin/make';
    const entry = '/opt/rke-tools/entrypoint.sh';
    await node.must(`systemctl start docker; mkdir -p /etc/kubernetes
      ${make} service-sidekick rancher/rke-tools:v0.1.90 '' /bin/bash
      ${make} kubelet rancher/hyperkube:v1.24.17-rancher1 /etc/kubernetes:/etc/kubernetes:z ${entry} kubelet '--a=b c' '--d="é"'
      ${make} kube-proxy rancher/hyperkube:v1.24.17-rancher1 '' ${entry} kube-proxy
      docker kill kube-proxy`);
  });
  afterAll(async () => cluster?.close());

  it('tells what runs, what was killed, what never ran and what is not there', async () => {
    const said = await answers();
    expect(container(said.kubelet, 'kubelet')).toMatchObject({
      image: 'rancher/hyperkube:v1.24.17-rancher1',
      args: ['kubelet', '--a=b c', '--d="é"'],
      binds: ['/etc/kubernetes:/etc/kubernetes:z'],
      state: 'running',
    });
    expect(container(said['kube-proxy'], 'kube-proxy')?.state).toBe('exited');
    expect(container(said['service-sidekick'], 'service-sidekick')?.state).toBe('created');
    expect(said.etcd).toEqual({ kind: 'absent' });
  });

  it('tells the same through sudo', async () => {
    expect(await answers('ops')).toEqual(await answers());
  });

  it('a docker that is down makes no container absent', async () => {
    // It waits for those that run, and they for nothing.
    await node.must('docker rm -f kubelet && systemctl stop docker.socket docker');
    for (const answer of Object.values(await answers()))
      expect(['said', 'absent']).not.toContain(answer?.kind);
    await node.must('systemctl start docker');
    expect((await answers()).etcd).toEqual({ kind: 'absent' });
  });
});
