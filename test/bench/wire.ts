import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Profile } from '../../src/domain/control.ts';
import type { Event } from '../../src/domain/event.ts';
import type { Connector } from '../../src/domain/ports.ts';
import type { Question } from '../../src/domain/question.ts';
import { check } from '../../src/engine/check.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';
import { createConnector } from '../../src/transport/ssh.ts';
import { askExchange } from '../../src/transport/wire/index.ts';
import { createWorkstation } from '../../src/transport/workstation.ts';
import type { Cluster } from '../nodes/cluster.ts';

/** What a check says on the wire: for each node the scripts it is sent, and how many questions are in them. */
export type Wire = {
  readonly scripts: ReadonlyMap<string, readonly string[]>;
  readonly questions: ReadonlyMap<string, number>;
};

/** Runs a check of RKE2's controls once and keeps what every node was asked. */
export async function listen(cluster: Cluster, profiles: string): Promise<Wire> {
  const profile = await rke2(profiles);
  const [benchmark] = profile.benchmarks;
  if (!benchmark) throw new Error('RKE2 has no benchmark');
  const asked = new Map<string, (readonly Question[])[]>();
  const failed: Event[] = [];
  await check({
    profile,
    benchmark,
    level: 1,
    nodes: cluster.nodes.map((n) => ({
      name: n.name,
      host: '127.0.0.1',
      port: n.port,
      user: 'root',
      role: n.role,
    })),
    connector: overhear(
      createConnector({
        knownHosts: cluster.knownHostsPath,
        identity: cluster.keyPath,
        sshConfig: false,
        agent: false,
      }),
      asked,
    ),
    workstation: createWorkstation({ readOnly: true }),
    forks: 8,
    answerer: async () => undefined,
    record: async (event) => {
      if (event.kind === 'node-failed') failed.push(event);
    },
  });
  if (failed.length > 0) throw new Error(`a node could not be checked: ${JSON.stringify(failed[0])}`);
  return {
    scripts: new Map(
      [...asked].map(([name, batches]) => [
        name,
        batches.map((b) => askExchange(b, { marker: randomBytes(16).toString('hex') }).script),
      ]),
    ),
    questions: new Map([...asked].map(([name, batches]) => [name, batches.flat().length])),
  };
}

function overhear(connector: Connector, asked: Map<string, (readonly Question[])[]>): Connector {
  return {
    connect: async (node, options) => {
      const opened = await connector.connect(node, options);
      if (!opened.ok) return opened;
      const { target } = opened.value;
      const ask: typeof target.ask = (questions, how) => {
        asked.set(node.name, [...(asked.get(node.name) ?? []), questions]);
        return target.ask(questions, how);
      };
      return { ...opened, value: { ...opened.value, target: { ...target, ask } } };
    },
  };
}

async function rke2(folder: string): Promise<Profile> {
  const loaded = await loadProfiles([folder], (type, spec) => resources.get(type)?.schema.parse(spec));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
  const found = loaded.value.find((p) => p.distribution.id === 'rke2');
  if (!found) throw new Error('there is no profile for RKE2');
  return found;
}

/** The folder of this repository. */
export const repository = fileURLToPath(new URL('../..', import.meta.url));
