import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodesCapability } from '../nodes/capability.ts';
import { bootNodes, type Cluster } from '../nodes/cluster.ts';
import { ansible, prepareAnsible } from './ansible.ts';
import { contestants } from './contestants.ts';
import { inTurns, median, timed } from './measure.ts';
import { judge, leftOut, tell } from './verdicts.ts';
import { listen, repository } from './wire.ts';

/** `check` beside raw ssh and Ansible, on 10 and on 50 nodes. */
export async function benchChecking(options: {
  readonly program: string;
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly ansible: boolean;
}): Promise<void> {
  const capability = nodesCapability();
  if (!capability.ok) return leftOut('check on booted nodes', capability.reason);
  for (const size of options.sizes) {
    console.log(`\nk8s-harden check on ${size} nodes`);
    const cluster = await bootNodes({ nodes: size });
    const folder = await mkdtemp(join(tmpdir(), 'k8s-harden-bench-'));
    try {
      const ours = await besideSsh(options.program, cluster, folder, options.rounds);
      if (options.ansible && size === options.sizes[0]) await besideAnsible(cluster, folder, ours);
    } finally {
      await cluster.close();
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function besideSsh(program: string, cluster: Cluster, folder: string, rounds: number): Promise<number> {
  const size = cluster.nodes.length;
  const wire = await listen(cluster, join(repository, 'profiles'));
  tell('questions asked of the first node, and of the last', ...ends([...wire.questions.values()]));
  judge({
    what: 'scripts sent to a node, at most',
    figure: Math.max(...[...wire.scripts.values()].map((s) => s.length)),
    atMost: 1,
    unit: '',
  });
  const run = contestants(program, cluster, wire, folder);
  const { check, ssh, nothing } = await inTurns(rounds, {
    check: run.check,
    ssh: run.ssh,
    nothing: run.nothing,
  });
  const [ours, raw, node] = [median(check), median(ssh), median(nothing)];
  tell('check, median', ours, 'ms');
  tell('raw ssh, one process a node, all at once, median', raw, 'ms');
  tell('node -e 0, median', node, 'ms');
  judge({ what: `check / raw ssh on ${size} nodes`, figure: ours / raw, atMost: 1.1, unit: '×' });
  tell('the same without what Node itself takes to start', (ours - node) / raw, '×');
  const { channels, connections } = await countChannels(cluster, run.check);
  judge({ what: 'channels opened on a node by one check, at most', figure: channels, atMost: 1, unit: '' });
  judge({
    what: 'connections made to a node by one check, at most',
    figure: connections,
    atMost: 1,
    unit: '',
  });
  const memory: number[] = [];
  for (let i = 0; i < rounds; i++) memory.push(await run.memory());
  judge({
    what: 'memory of check at its most (maximum RSS)',
    figure: median(memory),
    atMost: 80,
    unit: 'MB',
  });
  return ours;
}

/** Lets the nodes' own sshd count: at LogLevel VERBOSE it writes a line for each connection and each session it starts. */
async function countChannels(
  cluster: Cluster,
  check: () => Promise<number>,
): Promise<{ readonly channels: number; readonly connections: number }> {
  const conf = '/etc/ssh/sshd_config.d/bench.conf';
  await Promise.all(
    cluster.nodes.map((n) => n.must(`echo LogLevel VERBOSE > ${conf}; systemctl reload ssh`)),
  );
  const before = await Promise.all(cluster.nodes.map(lines));
  await check();
  const after = await Promise.all(cluster.nodes.map(lines));
  await Promise.all(cluster.nodes.map((n) => n.must(`rm ${conf}; systemctl reload ssh`)));
  const most = (what: 'sessions' | 'connections'): number =>
    Math.max(...after.map((a, i) => a[what] - (before[i]?.[what] ?? 0)));
  const least = Math.min(...after.map((a, i) => a.sessions - (before[i]?.sessions ?? 0)));
  if (least < 1) throw new Error('sshd did not write down a session: nothing was counted');
  return { channels: most('sessions'), connections: most('connections') };
}

async function lines(
  node: Cluster['nodes'][number],
): Promise<{ readonly sessions: number; readonly connections: number }> {
  const log = await node.must('journalctl --sync; journalctl -q -b -u ssh -o cat');
  return {
    sessions: log.match(/^Starting session: /gm)?.length ?? 0,
    connections: log.match(/^Accepted publickey for /gm)?.length ?? 0,
  };
}

async function besideAnsible(cluster: Cluster, folder: string, ours: number): Promise<void> {
  const missing = prepareAnsible();
  if (missing !== undefined || !existsSync('/usr/bin/ansible-playbook'))
    return leftOut('Ansible', missing ?? 'ansible-playbook is not there after its installation');
  const { words, env } = ansible(cluster, folder);
  const run = await timed(['nsenter', `--net=/run/netns/${cluster.netns}`, ...words], {
    env: { PATH: process.env.PATH ?? '', HOME: folder, ...env },
    out: join(folder, 'ansible.out'),
  });
  if (run.code !== 0) throw new Error(`ansible-playbook ended with ${run.code}: ${run.err}`);
  tell('Ansible, one task a check, 60 checks, once', run.ms, 'ms');
  tell('Ansible / check', run.ms / ours, '×');
  judge({ what: 'check / Ansible', figure: ours / run.ms, atMost: 1 / 60, unit: '×' });
}

function ends(figures: readonly number[]): [number, string] {
  return [figures[0] ?? 0, `and ${figures.at(-1) ?? 0}`];
}
