import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standing, unfinished } from '../../src/domain/session.ts';
import type { Doom, Moment } from '../support/doomed.ts';
import { addressOf, applyOn, manifest, runOn, verdictIn } from '../support/nodes.ts';
import { type Run, walkToProbe } from '../support/run.ts';
import { shared } from '../terminal/build.ts';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster } from './cluster.ts';
import { until } from './command.ts';
import type { Machine } from './machine.ts';

const capability = nodesCapability();

const file = '/etc/sysctl.d/90-kubelet.conf';
const oldText = '# set by hand in spring\nvm.swappiness = 10\n';

/** The process that dies, as one file that Node runs. */
async function bundleDoomed(folder: string): Promise<string> {
  const outfile = join(folder, 'doomed.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, '../support/doomed.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['cpu-features', '*.node'],
    define: { 'import.meta.dirname': JSON.stringify(join(import.meta.dirname, '../support')) },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url), __dirname = '.';",
    },
    logLevel: 'error',
  });
  return outfile;
}

/** Waits until no change and no undo is at work on the node any more. */
function quiet(machine: Machine): Promise<true> {
  return until(`${machine.name} to come to rest`, 20, async () =>
    (await machine.exec('pgrep -fx "/bin/sh -s"')).stdout === '' ? true : undefined,
  );
}

describe.skipIf(!capability.ok)('a wizard that dies in the middle of a change', () => {
  let cluster: Cluster;
  let machine: Machine;
  let scratch: string;
  let program: string;
  let start: string;
  let newText = '';
  let trial = 0;

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'k8s-harden-crash-'));
    [cluster, program] = await Promise.all([
      bootNodes({
        rke2: { version: 'v1.23.17+rke2r1' },
        nodes: [{ name: 'w-1', role: 'agent', files: { [file]: { content: oldText, mode: 0o640 } } }],
      }),
      bundleDoomed(scratch),
    ]);
    machine = cluster.node('w-1');
    start = await manifest(machine);
    await slowly();
  });

  afterAll(async () => {
    await cluster?.close();
    await rm(scratch, { recursive: true, force: true });
  });

  /** Gives every running value its time, so that no moment comes after the end. */
  const slowly = () =>
    machine.must(
      'cat > /usr/local/sbin/sysctl && chmod 755 /usr/local/sbin/sysctl',
      '#!/bin/sh\nsleep 0.08\nexec /usr/sbin/sysctl "$@"\n',
    );

  /** Runs the doomed process to its end, reading the file all the while, and opens its session again. */
  const crash = async (
    moment: Moment,
  ): Promise<{ readonly run: Run; readonly seen: ReadonlySet<string> }> => {
    const folder = join(scratch, `trial-${trial}`);
    const session = `crash-${trial++}`;
    const doom: Doom = {
      node: addressOf(machine),
      keyPath: cluster.keyPath,
      knownHostsPath: cluster.knownHostsPath,
      folder,
      session,
      control: 'kernel-values',
      moment,
    };
    const child = spawn(process.execPath, [program], {
      env: { PATH: process.env.PATH, [shared]: process.env[shared], DOOM: JSON.stringify(doom) },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const seen = new Set<string>();
    let watching = true;
    const watch = (async () => {
      while (watching) {
        seen.add(await readFile(join(machine.upper, file), 'utf8'));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    const [, signal] = await once(child, 'exit');
    await quiet(machine);
    watching = false;
    await watch;
    expect(signal).toBe('SIGKILL');
    const run = await runOn(cluster, { folder });
    run.actions.resumeSession(session);
    await run.until('resumed', (s) => s.session.id === session && s.work.length === 0);
    run.actions.connect();
    await run.idle();
    return { run, seen };
  };

  const finish = async (run: Run): Promise<void> => {
    for (const { change } of unfinished(run.state().session)) {
      run.actions.settle(change.id);
      await run.idle();
    }
    const left = [...unfinished(run.state().session), ...standing(run.state().session)];
    run.actions.undo([...new Set(left.map((c) => c.change.id))], false);
    await run.idle();
    expect(unfinished(run.state().session), run.state().output.join('\n')).toEqual([]);
    expect(standing(run.state().session)).toEqual([]);
    expect(await manifest(machine)).toBe(start);
    expect(await machine.must('cat /proc/sys/vm/overcommit_memory /proc/sys/kernel/panic')).toBe('0\n0\n');
  };

  const leave = async (run: Run): Promise<void> => {
    run.actions.quit('left');
    await until('the lock to be given back', 10, async () =>
      (await machine.exec('test -e /run/k8s-harden/lock')).code === 0 ? undefined : true,
    );
  };

  const moments: readonly (readonly [string, Moment, unfinishedThen: boolean])[] = [
    ['before the intent is written', { kind: 'before', event: 'change-intended' }, false],
    ['after the intent is written', { kind: 'after', event: 'change-intended' }, true],
    ...[0, 10, 25, 50, 90, 140].map(
      (ms) => [`${ms} ms into the change`, { kind: 'into', deed: 'change', ms }, true] as const,
    ),
    ...[1, 2, 4].map(
      (number) =>
        [`at line ${number} of the change`, { kind: 'line', deed: 'change', number }, true] as const,
    ),
    ['before the end is written', { kind: 'before', event: 'change-ended' }, true],
    ['after the end is written', { kind: 'after', event: 'change-ended' }, false],
    ['after the intent to undo', { kind: 'after', event: 'undo-intended' }, true],
    ['30 ms into the undo', { kind: 'into', deed: 'undo', ms: 30 }, true],
    ['at line 2 of the undo', { kind: 'line', deed: 'undo', number: 2 }, true],
    ['before the end of the undo is written', { kind: 'before', event: 'undo-ended' }, true],
  ];

  it.each(moments)(
    '%s: says so at the next start, and goes back to the byte',
    async (_, moment, open) => {
      const { run, seen } = await crash(moment);
      try {
        const left = unfinished(run.state().session);
        expect(left.map((c) => [c.change.control, c.change.node])).toEqual(
          open ? [['kernel-values', 'w-1']] : [],
        );
        if (open) {
          expect(run.state().view.overlay).toMatchObject({ kind: 'unfinished' });
          run.actions.plan('kernel-key-quotas');
          await run.idle();
          expect(Object.values(run.state().plans)).toMatchObject([
            { kind: 'refused', reason: expect.stringContaining('unknown end') },
          ]);
        }
        for (const text of seen) {
          if (text !== oldText) newText ||= text;
          expect([oldText, newText]).toContain(text);
        }
        if (newText) expect(newText).toContain(oldText);
        await finish(run);
      } finally {
        await leave(run);
      }
    },
    60_000,
  );

  it('can be taken back on the console without the wizard, which then knows it', async () => {
    const { run } = await crash({ kind: 'line', deed: 'change', number: 2 });
    try {
      await machine.must(
        'sh /var/lib/k8s-harden/crash-*/*kernel-values*/undo.sh'.replace('crash-*', `crash-${trial - 1}`),
      );
      expect(await manifest(machine)).toBe(start);
      const [state] = unfinished(run.state().session);
      run.actions.settle(state?.change.id ?? '');
      await run.idle();
      expect(unfinished(run.state().session)).toEqual([]);
      expect(standing(run.state().session)).toEqual([]);
      expect(run.state().session.changes[0]?.outcome?.kind).toBe('put-back');
      expect(verdictIn(run, 'kernel-values', 'w-1')?.kind).toBe('fail');
      await finish(run);
    } finally {
      await leave(run);
    }
  });

  describe('on a node that loses power or its link meanwhile', () => {
    let run: Run;
    beforeAll(async () => {
      run = await runOn(cluster, { folder: join(scratch, 'alive') });
      await walkToProbe(run, 'cis-1.6');
    });
    afterAll(() => leave(run));

    /** Holds sysctl up, so that the file is written and the running values are not; its lines say when it is there. */
    const halfWay = async (): Promise<void> => {
      await machine.must(
        'cat > /usr/local/sbin/sysctl && chmod 755 /usr/local/sbin/sysctl',
        '#!/bin/sh\n: > /run/reached\nwhile [ ! -e /run/go ]; do sleep 0.02; done\nexec /usr/sbin/sysctl "$@"\n',
      );
      run.actions.plan('kernel-values');
      await run.idle();
      run.actions.apply('kernel-values', ['w-1']);
      await until('sysctl', 15, async () =>
        (await machine.exec('test -e /run/reached')).code === 0 ? true : undefined,
      );
    };
    const carryOn = async (): Promise<void> => {
      await machine.must('rm -f /usr/local/sbin/sysctl /run/reached /run/go');
      run.actions.connect();
      await run.idle();
    };

    it('finds the file whole after the power came back, and undoes what was begun', async () => {
      await halfWay();
      await machine.powerOff();
      await run.idle();
      await machine.powerOn();
      await carryOn();
      expect(await machine.must(`cat ${file}`)).toBe(newText);
      const [state] = unfinished(run.state().session);
      expect(state?.outcome).toMatchObject({ kind: 'unknown', failure: { code: 'link-lost' } });
      run.actions.settle(state?.change.id ?? '');
      await run.idle();
      expect(run.state().view.notice?.text).toBe(
        'It began and did not finish: undo it, then apply it again.',
      );
      await finish(run);
      await applyOn(run, 'kernel-values', ['w-1']);
      expect(verdictIn(run, 'kernel-values', 'w-1')?.kind).toBe('pass');
      await finish(run);
    });

    it('lets the change end when only the link was cut', async () => {
      await halfWay();
      machine.cutConnections();
      await run.idle();
      expect(unfinished(run.state().session)).toHaveLength(1);
      await machine.must(': > /run/go');
      await quiet(machine);
      await carryOn();
      const [state] = unfinished(run.state().session);
      run.actions.settle(state?.change.id ?? '');
      await run.idle();
      expect(standing(run.state().session).map((c) => c.change.id)).toEqual([state?.change.id]);
      expect(verdictIn(run, 'kernel-values', 'w-1')?.kind).toBe('pass');
      await finish(run);
    });
  });
});
