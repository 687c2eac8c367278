import type { NodeAddress } from '../../src/domain/event.ts';
import type { Connector } from '../../src/domain/ports.ts';
import { findingKey } from '../../src/domain/session.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { type ConnectorOptions, createConnector } from '../../src/transport/ssh.ts';
import type { Cluster } from '../nodes/cluster.ts';
import type { Machine } from '../nodes/machine.ts';
import { createRun, type Run } from './run.ts';

/** A connector that knows the nodes of a cluster, and nothing of the machine the tests run on. */
export function connectorTo(cluster: Cluster, options: ConnectorOptions = {}): Connector {
  return createConnector({
    knownHosts: cluster.knownHostsPath,
    identity: cluster.keyPath,
    sshConfig: false,
    agent: false,
    ...options,
  });
}

/** The address of a test node, for root unless said. */
export function addressOf(machine: Machine, user = 'root'): NodeAddress {
  return { name: machine.name, host: '127.0.0.1', port: machine.port, user, role: machine.role };
}

/** A wizard without a screen on nodes of a cluster: all of them, as root, unless said. */
export function runOn(
  cluster: Cluster,
  options: Partial<Parameters<typeof createRun>[0]> = {},
): Promise<Run> {
  return createRun({
    connector: connectorTo(cluster),
    nodes: cluster.nodes.map((machine) => addressOf(machine)),
    ...options,
  });
}

/** Longest waits, in milliseconds, of one connection, one batch of questions, one deed. */
export type Waits = { readonly connect: number; readonly ask: number; readonly deed: number };

/** The same connector with shorter waits than the wizard asks for. */
export function hasty(connector: Connector, waits: Waits): Connector {
  return {
    connect: async (node, options) => {
      const deadlineMs = Math.min(options.deadlineMs, waits.connect);
      const opened = await connector.connect(node, { ...options, deadlineMs });
      if (!opened.ok) return opened;
      const { target } = opened.value;
      return {
        ok: true,
        value: {
          ...opened.value,
          target: {
            ...target,
            ask: (questions, o) =>
              target.ask(questions, { ...o, deadlineMs: Math.min(o.deadlineMs, waits.ask) }),
            perform: (deed, o) =>
              target.perform(deed, { ...o, deadlineMs: Math.min(o.deadlineMs, waits.deed) }),
          },
        },
      };
    },
  };
}

/** What a run found of a control on a place. */
export function verdictIn(run: Run, control: string, place: string): Verdict | undefined {
  return run.state().session.findings[findingKey(control, place)]?.verdict;
}

/** Works out a control's changes, applies those that are ready on these places, and waits for the end. */
export async function applyOn(run: Run, control: string, places: readonly string[]): Promise<void> {
  run.actions.plan(control);
  await run.idle();
  run.actions.apply(control, places);
  await run.idle(60_000);
}

/** Everything of the session and of the distribution on a node, as one text: path, mode, owner, and a hash of the bytes. */
export function manifest(machine: Machine, more = ''): Promise<string> {
  return machine.must(
    `{ find /etc /var/lib/rancher ${more} -xdev -printf '%p %y %m %u:%g %l\\n'; find /etc /var/lib/rancher ${more} -xdev -type f -exec sha256sum {} +; } | sort`,
  );
}
