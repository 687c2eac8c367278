import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../nodes/cluster.ts';
import { type Timed, timed } from './measure.ts';
import type { Wire } from './wire.ts';

/** The programs that are compared, all started inside the cluster's network, where nothing stands between them and the nodes. */
export type Contestants = {
  /** `k8s-harden check` as an operator runs it. */
  readonly check: () => Promise<number>;
  /** The same with our own measure of it: the most memory it held at once, in MB. */
  readonly memory: () => Promise<number>;
  /** One `ssh` a node, all at once, each with the very script that `check` sends to that node. */
  readonly ssh: () => Promise<number>;
  /** Node itself, doing nothing. */
  readonly nothing: () => Promise<number>;
};

/** Makes the contestants for a cluster; their files lie in `folder`. */
export function contestants(program: string, cluster: Cluster, wire: Wire, folder: string): Contestants {
  mkdirSync(folder, { recursive: true });
  const inside = ['nsenter', `--net=/run/netns/${cluster.netns}`];
  const env = { PATH: process.env.PATH ?? '', HOME: folder, LC_ALL: 'C.UTF-8' };
  const inventory = join(folder, 'inventory.yaml');
  writeFileSync(
    inventory,
    `cluster: bench\nnodes:\n${cluster.nodes
      .map((n) => `  - { name: ${n.name}, host: ${n.address}, port: 22, user: root, role: ${n.role} }\n`)
      .join('')}`,
  );
  const check = [
    program,
    ...[
      'check',
      '--inventory',
      inventory,
      '--benchmark',
      'cis-1.6',
      '--format',
      'json',
      '--ssh-config',
      'none',
    ],
    ...['--known-hosts', cluster.knownHostsPath, '--identity', cluster.keyPath],
  ];
  const report = join(folder, 'report.json');
  const held = join(folder, 'held');
  const watcher = join(folder, 'watcher.cjs');
  writeFileSync(
    watcher,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(held)}, String(process.resourceUsage().maxRSS)));\n`,
  );
  const raw = join(folder, 'raw.sh');
  writeFileSync(raw, rawSsh(cluster, wire, folder));
  const checked = (run: Timed): number => {
    if (run.code !== 0 && run.code !== 3) throw new Error(`check ended with ${run.code}: ${run.err}`);
    const missing = cluster.nodes.filter((n) => !readFileSync(report, 'utf8').includes(`"${n.name}"`));
    if (missing.length > 0) throw new Error(`check has not a word of ${missing[0]?.name}`);
    return run.ms;
  };
  return {
    check: async () => checked(await timed([...inside, process.execPath, ...check], { env, out: report })),
    memory: async () => {
      rmSync(held, { force: true });
      checked(await timed([...inside, process.execPath, '-r', watcher, ...check], { env, out: report }));
      return Number(readFileSync(held, 'utf8')) / 1024;
    },
    ssh: async () => {
      const run = await timed([...inside, 'sh', raw], { env });
      if (run.code !== 0) throw new Error(`ssh ended with ${run.code}: ${run.err}`);
      return run.ms;
    },
    nothing: async () => (await timed([...inside, process.execPath, '-e', '0'], { env })).ms,
  };
}

/** A script that starts all `ssh` at once and fails when one of them fails or brings no whole answer. */
function rawSsh(cluster: Cluster, wire: Wire, folder: string): string {
  const options = [
    '-F none -T -o BatchMode=yes -o ControlPath=none -o KexAlgorithms=curve25519-sha256 -o IdentitiesOnly=yes',
    `-o UserKnownHostsFile=${cluster.knownHostsPath} -o GlobalKnownHostsFile=/dev/null -i ${cluster.keyPath}`,
  ].join(' ');
  const starts = cluster.nodes.map((node) => {
    const [script, ...more] = wire.scripts.get(node.name) ?? [];
    if (script === undefined || more.length > 0)
      throw new Error(`${node.name} was sent ${more.length + 1} scripts, which one ssh cannot do`);
    const file = join(folder, `${node.name}.sh`);
    writeFileSync(file, script);
    return `ssh ${options} root@${node.address} 'exec sh -s' < ${file} > ${folder}/${node.name}.out 2> /dev/null & pids="$pids $!"`;
  });
  return ['pids=', ...starts, 'for p in $pids; do wait $p || exit 1; done', ''].join('\n');
}
