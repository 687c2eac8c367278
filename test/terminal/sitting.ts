import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, vi } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { nodesCapability } from '../nodes/capability.ts';
import type { Cluster } from '../nodes/cluster.ts';
import { type Built, builtProgram } from './build.ts';
import { type Operator, sitDown } from './operator.ts';
import { whyNoTmux } from './tmux.ts';

const capability = nodesCapability();
const missing = whyNoTmux() ?? (capability.ok ? undefined : capability.reason);
// A busy machine may take its time; what must not happen is still waited for no longer than it takes.
vi.setConfig({ testTimeout: 180_000 });

/** A session in a real terminal on real nodes, step by step. */
export type Sitting = {
  readonly at: Operator;
  readonly cluster: Cluster;
  /** Starts the program, knowing the nodes and their keys. */
  readonly start: (...more: readonly string[]) => Promise<void>;
  /** What a command of the program prints, without a terminal. */
  readonly run: (...args: readonly string[]) => Promise<string>;
  readonly events: <K extends Event['kind']>(kind: K) => readonly (Event & { readonly kind: K })[];
};

/** A block of steps of which each stands on the one before it; left out, with the reason, where this machine cannot have them. */
export function sitting(
  title: string,
  options: {
    readonly columns: number;
    readonly rows: number;
    readonly boot: () => Promise<Cluster>;
    /** Who the operator is on a node; root unless said. */
    readonly users?: Readonly<Record<string, string>>;
    readonly env?: (home: string) => Readonly<Record<string, string>>;
  },
  steps: (session: Sitting) => void,
): void {
  if (missing) console.warn(`LEFT OUT: ${title}: ${missing}`);
  const { columns, rows, boot, users = {}, env = () => ({}) } = options;
  describe.skipIf(missing !== undefined)(`${title} at ${columns}×${rows}`, () => {
    let built: Built;
    let cluster: Cluster;
    let at: Operator;
    let broken = false;
    beforeAll(async () => {
      [built, cluster] = await Promise.all([builtProgram(), boot()]);
      const home = join(cluster.store, '../home');
      mkdirSync(home);
      at = await sitDown({ program: built.program, columns, rows, home, env: env(home) });
      const nodes = cluster.nodes.map(
        ({ name, port, role }) =>
          `  - { name: ${name}, host: 127.0.0.1, port: ${port}, user: ${users[name] ?? 'root'}, role: ${role} }`,
      );
      writeFileSync(join(home, 'prod.yaml'), ['cluster: prod', 'nodes:', ...nodes, ''].join('\n'));
    });
    afterAll(async () => {
      await at?.close();
      // The operator's home goes with it.
      await cluster?.close();
      built?.remove();
    });

    beforeEach((context) => {
      if (broken) context.skip('an earlier step failed');
    });
    afterEach(async ({ task }) => {
      if (task.result?.state !== 'fail') return;
      broken = true;
      console.error(`${(await at.screen()).join('\n')}\n${JSON.stringify(at.records().slice(-3), null, 1)}`);
    });

    steps({
      get at() {
        return at;
      },
      get cluster() {
        return cluster;
      },
      start: async (...more) => {
        const nodes = ['--inventory', 'prod.yaml', '--known-hosts', cluster.knownHostsPath];
        await at.start(...nodes, '--identity', cluster.keyPath, '--ssh-config', 'none', ...more);
        await at.see('Harden a cluster', /❯ Harden/);
      },
      run: async (...args) => {
        const own = { XDG_STATE_HOME: join(at.home, 'state'), XDG_DATA_HOME: at.home };
        const where = { env: { ...process.env, ...own }, cwd: at.home };
        const ran = promisify(execFile)(process.execPath, [built.program, ...args], where);
        const { stdout } = await ran.catch((error: Error & { readonly stdout: string }) => {
          throw new Error(`${error.message}\n${error.stdout}`);
        });
        return stdout;
      },
      events: (kind) =>
        at
          .records()
          .flatMap(({ event }) => (event.kind === kind ? [event as Event & { kind: typeof kind }] : [])),
    });
  });
}

/** Flags with which a start of this distribution need not be watched for long; nothing in a test dies late. */
export function hurried(home: string, distribution: string): readonly string[] {
  const source = resolve(import.meta.dirname, '../../profiles', distribution, 'distribution.yaml');
  const text = readFileSync(source, 'utf8');
  mkdirSync(join(home, 'hurried', distribution), { recursive: true });
  writeFileSync(
    join(home, 'hurried', distribution, 'distribution.yaml'),
    text.replace(/settle: \d+/, 'settle: 2'),
  );
  return ['--profiles', 'hurried'];
}
