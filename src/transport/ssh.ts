import { type Failure, fail, ok } from '../domain/failure.ts';
import type { Answerer, Connector } from '../domain/ports.ts';
import { createBareConfig } from './bare-config.ts';
import { fired, startDeadline } from './deadline.ts';
import { dial, type Memory } from './dial.ts';
import { createEntrance } from './enter.ts';
import { createJumps } from './jumps.ts';
import { createIdentityReader } from './keys.ts';
import { createKnownHostsReader } from './known-hosts-file.ts';
import { ended, type Link } from './link.ts';
import { createNewKeys } from './new-keys.ts';
import { resolveRoute } from './route.ts';
import { holding } from './shared.ts';
import type { ConfigSource } from './ssh-config.ts';
import { createTarget } from './target.ts';
import { sharing } from './tool.ts';

/** How SSH is spoken. */
export type ConnectorOptions = {
  /** The nodes are those of the practice cluster: OpenSSH's files, keys and agent are left alone. */
  readonly lab?: boolean;
  /** This known_hosts file alone, instead of those of the ssh configuration. */
  readonly knownHosts?: string;
  /** The ssh configuration; `false` for none. */
  readonly sshConfig?: string | false;
  /** The agent's socket; `false` for none. */
  readonly agent?: string | false;
  /** A key file to try first. */
  readonly identity?: string;
  readonly sshBinary?: string;
  readonly keepaliveMs?: number;
  /** Told every secret that a person types, before it is used, so that no record can hold it. */
  readonly onSecret?: (secret: string) => void;
};

/** A connector over SSH, as OpenSSH would connect: its configuration, its known_hosts, its keys and agent. */
export function createConnector(options: ConnectorOptions = {}): Connector {
  const memory: Memory = {
    readKnownHosts: createKnownHostsReader(),
    readIdentity: createIdentityReader(),
    keepaliveMs: options.keepaliveMs ?? 10_000,
    onSecret: options.onSecret ?? (() => undefined),
    opened: new Map(),
    refused: new Map(),
    accepted: new Set(),
  };
  const ssh = options.sshBinary ?? 'ssh';
  const source: ConfigSource = {
    ssh: options.lab ? undefined : ssh,
    bare: createBareConfig(ssh),
    run: sharing(),
    file: options.sshConfig,
    agent: options.lab ? false : options.agent,
    knownHosts: options.knownHosts,
    identity: options.identity,
  };
  const jumps = createJumps(memory);
  const newKey = createNewKeys(memory.onSecret);

  return {
    connect: async (node, { readOnly, deadlineMs, answerer, signal }) => {
      const deadline = startDeadline(deadlineMs, signal);
      const seconds = Math.max(1, Math.round(deadlineMs / 1000));
      const ask: Answerer = holding(deadline, answerer);
      const late = (failure?: Failure): Failure => {
        if (failure?.code === 'deadline' && failure.last) return { ...failure, seconds };
        return deadline.signal.aborted || !failure ? ended({ node: node.name, seconds, deadline }) : failure;
      };
      let leave = (): void => undefined;
      let link: Link | undefined;
      try {
        const route = await resolveRoute(node, source);
        if (!route.ok) return route;
        const config = route.value.at(-1);
        if (!config) throw new Error('a route has an end');
        let via: Link | undefined;
        if (route.value.length > 1) {
          const opening = jumps.open(route.value.slice(0, -1), {
            node: node.name,
            clock: deadline,
            deadlineMs,
            ask: answerer,
          });
          const way = await Promise.race([opening, fired(deadline.signal)]);
          if (way === 'fired') {
            void opening.then((opened) => opened.ok && opened.value.leave());
            return fail(late());
          }
          if (!way.ok) return way;
          leave = way.value.leave;
          via = way.value.via;
        }
        const call = { node: node.name, label: node.name, jump: false, config, via, deadline, seconds, ask };
        const dialled = await dial(call, memory);
        if (!dialled.ok) return dialled;
        link = dialled.value;
        const entrance = createEntrance(link, {
          node: node.name,
          user: config.user,
          onSecret: memory.onSecret,
        });
        const entered = await entrance.open(deadline, ask);
        if (!entered.ok) return fail(late(entered.failure));
        const target = createTarget({
          name: node.name,
          link,
          readOnly,
          lab: options.lab ?? false,
          waiting: entered.value,
          open: entrance.open,
          leave,
          newKey,
        });
        link = undefined;
        leave = () => undefined;
        return ok({ target, privilege: entrance.privilege() });
      } finally {
        deadline.cancel();
        await link?.close();
        leave();
      }
    },
  };
}
