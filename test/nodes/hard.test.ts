import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { word } from '../../src/domain/failure.ts';
import { findingKey, unfinished } from '../../src/domain/session.ts';
import { addressOf, applyOn, connectorTo, hasty, runOn, verdictIn } from '../support/nodes.ts';
import { type Run, walkToProbe } from '../support/run.ts';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster } from './cluster.ts';
import { until } from './command.ts';
import type { Machine } from './machine.ts';

const capability = nodesCapability();
/** Long enough for a node of a crowded machine to answer; the others cost a test that long. */
const waits = { connect: 8000, ask: 8000, deed: 30_000 };

type Closable = { readonly port: number; readonly close: () => Promise<void> };

/** A port that accepts and then says nothing. */
async function silentPort(): Promise<Closable> {
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket.on('error', () => undefined));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return {
    port: bound.port,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A port whose queue is full and whose owner sleeps: what is sent there vanishes, as behind a firewall that drops. */
async function blackHole(): Promise<Closable> {
  const listen =
    "const s = require('net').createServer(); s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))";
  const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(line.toString());
  child.kill('SIGSTOP');
  const queued: Socket[] = [];
  for (let full = false; !full; ) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    queued.push(socket);
    const connected = once(socket, 'connect').then(() => true);
    full = !(await Promise.race([connected, new Promise((resolve) => setTimeout(resolve, 400, false))]));
  }
  return {
    port,
    close: async () => {
      for (const socket of queued) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Puts a program before the real one that says it was reached and waits until it is let go. */
async function holdUp(machine: Machine, program: string): Promise<{ reached: () => Promise<unknown> }> {
  await machine.must(
    `real=$(command -v ${program}); cat > /usr/local/sbin/${program}; sed -i "s|@real@|$real|" /usr/local/sbin/${program}; chmod 755 /usr/local/sbin/${program}`,
    `#!/bin/sh\n: > /run/reached-${program}\nwhile [ ! -e /run/go-${program} ]; do sleep 0.05; done\nexec @real@ "$@"\n`,
  );
  return {
    reached: () =>
      until(`${program} on ${machine.name}`, 15, async () =>
        (await machine.exec(`test -e /run/reached-${program}`)).code === 0 ? true : undefined,
      ),
  };
}

async function letGo(machine: Machine, program: string): Promise<void> {
  await machine.must(`: > /run/go-${program}; rm -f /usr/local/sbin/${program}`);
}

describe.skipIf(!capability.ok)('nodes that make trouble', () => {
  let cluster: Cluster;
  let run: Run;
  let silent: Closable;
  let dark: Closable;
  const users: Readonly<Record<string, string>> = { denied: 'nosudo', bare: 'ops', tty: 'ttyuser' };

  beforeAll(async () => {
    const agent = (name: string) => ({ name, role: 'agent' }) as const;
    [cluster, silent, dark] = await Promise.all([
      bootNodes({
        rke2: { version: 'v1.23.17+rke2r1' },
        nodes: [
          { name: 'cp-1', role: 'server' },
          { name: 'cp-2', role: 'server' },
          ...['denied', 'bare', 'tty', 'full', 'sealed', 'frozen', 'gone'].map(agent),
        ],
      }),
      silentPort(),
      blackHole(),
    ]);
    await Promise.all([
      ...['cp-1', 'cp-2'].map((name) => cluster.node(name).must('useradd -r -M -U etcd')),
      cluster.node('bare').must('mv /usr/bin/sudo /usr/bin/not-sudo'),
      cluster
        .node('full')
        .must(
          'mount -t tmpfs -o size=64k,mode=755 none /etc/sysctl.d && ! head -c 1M /dev/zero > /etc/sysctl.d/filler 2>/dev/null',
        ),
      cluster.node('sealed').must('mount --bind /etc /etc && mount -o remount,bind,ro /etc'),
      cluster
        .node('frozen')
        .must(
          'mkdir -p /var/lib/k8s-harden && mount -t tmpfs -o size=16k,mode=700 none /var/lib/k8s-harden && ! head -c 1M /dev/zero > /var/lib/k8s-harden/filler 2>/dev/null',
        ),
    ]);
    const nowhere = { host: '127.0.0.1', user: 'root', role: 'agent' } as const;
    run = await runOn(cluster, {
      connector: hasty(connectorTo(cluster), waits),
      nodes: [
        { ...nowhere, name: 'silent', port: silent.port },
        { ...nowhere, name: 'dark', port: dark.port },
        ...cluster.nodes.map((machine) => addressOf(machine, users[machine.name])),
      ],
      answer: (question) => (question.kind === 'sudo-password' ? cluster.password : undefined),
    });
  });

  afterAll(async () => {
    run?.actions.quit('left');
    await run?.remove();
    await silent?.close();
    await dark?.close();
    await cluster?.close();
  });

  const failureOf = (name: string) => run.state().session.nodes.find((n) => n.name === name)?.failure;
  const said = (name: string) => {
    const failure = failureOf(name);
    return failure ? word(failure).sentence : undefined;
  };
  const fit = ['cp-1', 'cp-2', 'full', 'sealed', 'frozen', 'gone'];

  it('are each told in their own words while the others are connected and asked', async () => {
    const started = performance.now();
    await walkToProbe(run, 'cis-1.6');
    expect(performance.now() - started).toBeLessThan(15_000);

    expect(failureOf('silent')).toMatchObject({ code: 'connect-timeout', seconds: waits.connect / 1000 });
    for (const name of ['silent', 'dark'])
      expect(said(name)).toBe(`${name} did not finish connecting within ${waits.connect / 1000} s.`);
    expect(failureOf('denied')?.code).toBe('sudo-not-allowed');
    expect(said('denied')).toBe('nosudo may not use sudo on denied.');
    expect(failureOf('bare')?.code).toBe('sudo-missing');
    expect(said('bare')).toBe('bare has no sudo, and ops is not root.');
    expect(failureOf('tty')?.code).toBe('sudo-needs-tty');
    expect(said('tty')).toBe('sudo on tty insists on a terminal (requiretty) for ttyuser.');

    for (const name of fit) {
      expect(failureOf(name), name).toBeUndefined();
      expect(verdictIn(run, 'kernel-values', name)?.kind, name).toBe('fail');
    }
    const { findings, missing } = run.state().session;
    expect([...missing].sort()).toEqual(['bare', 'dark', 'denied', 'silent', 'tty']);
    expect(Object.values(findings).filter((f) => missing.includes(f.place))).toEqual([]);
  });

  it('refuse a change in their own words, untouched, while the others finish', async () => {
    const before = await cluster
      .node('full')
      .must('stat -c "%n %a %U:%G %s" /etc/sysctl.d /etc/sysctl.d/*; cat /proc/sys/vm/overcommit_memory');
    await applyOn(run, 'kernel-values', ['full', 'sealed', 'frozen', 'cp-1']);
    const outcomes = Object.fromEntries(
      run.state().session.changes.map((c) => [c.change.node, c.outcome] as const),
    );
    expect(outcomes.full).toEqual({
      kind: 'refused',
      failure: { code: 'node-full', node: 'full', path: '/etc/sysctl.d' },
    });
    expect(outcomes.sealed).toEqual({
      kind: 'refused',
      failure: { code: 'node-read-only', node: 'sealed', path: '/etc/sysctl.d' },
    });
    expect(outcomes.frozen).toMatchObject({
      kind: 'refused',
      failure: { code: 'node-full', node: 'frozen' },
    });
    expect(outcomes['cp-1']).toEqual({ kind: 'done' });
    const output = run.state().output.join('\n');
    expect(output).toContain('The disk of full is full at /etc/sysctl.d.');
    expect(output).toContain('/etc/sysctl.d on sealed is on a read-only filesystem.');
    expect(output).toContain('The disk of frozen is full at /var/lib/k8s-harden');
    for (const name of ['full', 'sealed', 'frozen'])
      expect(verdictIn(run, 'kernel-values', name)?.kind, name).toBe('fail');
    expect(verdictIn(run, 'kernel-values', 'cp-1')?.kind).toBe('pass');
    expect(run.state().view.notice?.text).toContain('cp-1');
    expect(
      await cluster
        .node('full')
        .must('stat -c "%n %a %U:%G %s" /etc/sysctl.d /etc/sysctl.d/*; cat /proc/sys/vm/overcommit_memory'),
    ).toBe(before);
    expect(await cluster.node('frozen').must('ls -A /var/lib/k8s-harden')).toBe('filler\n');
  });

  it('leave a verdict unknown when the link drops in the middle of a probe', async () => {
    const node = cluster.node('cp-2');
    expect(verdictIn(run, 'etcd-data-owner', 'cp-2')?.kind).toBe('fail');
    const held = await holdUp(node, 'find');
    run.actions.probe();
    await held.reached();
    node.cutConnections();
    await run.idle();
    await letGo(node, 'find');
    expect(failureOf('cp-2')?.code).toBe('link-lost');
    expect(said('cp-2')).toMatch(/^The link to cp-2 was lost: \S/);
    expect(verdictIn(run, 'etcd-data-owner', 'cp-2')).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('was not answered: The link to cp-2 was lost'),
    });
    expect(run.state().session.missing).toContain('cp-2');
    expect(verdictIn(run, 'etcd-data-owner', 'cp-1')?.kind).toBe('fail');
    run.actions.connect('cp-2');
    await run.idle();
    run.actions.probeControl('etcd-data-owner');
    await run.idle();
    expect(verdictIn(run, 'etcd-data-owner', 'cp-2')?.kind).toBe('fail');
  });

  it('hold nobody up when they fall silent in the middle of a probe', async () => {
    await cluster.node('gone').linkDown();
    const started = performance.now();
    run.actions.probeControl('kernel-key-quotas');
    await run.idle();
    expect(performance.now() - started).toBeLessThan(waits.ask + 4000);
    expect(verdictIn(run, 'kernel-key-quotas', 'gone')).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining(`gone gave no answer within ${waits.ask / 1000} s`),
    });
    expect(verdictIn(run, 'kernel-key-quotas', 'cp-1')?.kind).toBe('fail');
    await cluster.node('gone').linkUp();
  });

  it('block the next step after a change whose link dropped, until it is settled', async () => {
    const node = cluster.node('cp-2');
    const held = await holdUp(node, 'sysctl');
    run.actions.plan('kernel-values');
    await run.idle();
    run.actions.apply('kernel-values', ['cp-2', 'cp-1']);
    await held.reached();
    node.cutConnections();
    await run.idle();

    const [change] = unfinished(run.state().session);
    expect(change?.change.node).toBe('cp-2');
    expect(change?.outcome).toMatchObject({ kind: 'unknown', failure: { code: 'link-lost', node: 'cp-2' } });
    expect(verdictIn(run, 'kernel-values', 'cp-2')?.kind).toBe('unknown');
    expect(run.state().output.join('\n')).toContain('The link to cp-2 was lost');

    run.actions.connect('cp-2');
    await run.idle();
    run.actions.plan('kernel-key-quotas');
    await run.idle();
    const planned = (place: string) => run.state().plans[findingKey('kernel-key-quotas', place)];
    expect(planned('cp-2')).toMatchObject({
      kind: 'refused',
      reason: 'A change on cp-2 has an unknown end (kernel-values).',
    });
    expect(planned('cp-1')?.kind).toBe('ready');

    const id = change?.change.id ?? '';
    run.actions.settle(id);
    await run.idle();
    expect(unfinished(run.state().session), 'still at work on the node').toHaveLength(1);
    await letGo(node, 'sysctl');
    await until('the change to end', 15, async () =>
      (await node.exec('cat /var/lib/k8s-harden/*/*/ended')).stdout === 'done\n' ? true : undefined,
    );
    run.actions.settle(id);
    await run.idle();
    expect(unfinished(run.state().session)).toEqual([]);
    expect(run.state().session.changes.find((c) => c.change.id === id)?.outcome).toEqual({ kind: 'done' });
    expect(verdictIn(run, 'kernel-values', 'cp-2')?.kind).toBe('pass');
    await applyOn(run, 'kernel-key-quotas', ['cp-2']);
    expect(verdictIn(run, 'kernel-key-quotas', 'cp-2')?.kind).toBe('pass');
  });

  it('stop the rest when a change fails on one of them and cannot be put back, until it is undone', async () => {
    const node = cluster.node('gone');
    run.actions.connect('gone');
    await run.idle();
    await node.must(
      'cat > /usr/local/sbin/sysctl && chmod 755 /usr/local/sbin/sysctl',
      // It takes the new value all the same, so that going back fails on a value that is not the old one.
      '#!/bin/sh\ncase $* in *vm.overcommit_memory=1) /usr/sbin/sysctl "$@" ;; esac\necho "sysctl: permission denied on key" >&2\nexit 255\n',
    );
    const made = run.state().session.changes.length;
    await applyOn(run, 'kernel-values', ['gone', 'sealed']);
    const changes = run.state().session.changes.slice(made);
    expect(changes.map((c) => [c.change.node, c.outcome?.kind])).toEqual([['gone', 'unknown']]);
    expect(run.state().output.join('\n')).toContain('Not begun on sealed.');
    await node.must('rm /usr/local/sbin/sysctl');
    const id = changes[0]?.change.id ?? '';
    run.actions.undo([id], false);
    await run.idle();
    expect(run.state().session.changes.at(-1)?.undo?.outcome, run.state().output.join('\n')).toEqual({
      kind: 'done',
    });
    expect((await node.exec('cat /etc/sysctl.d/90-kubelet.conf')).code).toBe(1);
    expect(verdictIn(run, 'kernel-values', 'gone')?.kind).toBe('fail');
  });
});
