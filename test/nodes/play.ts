import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bootCanonical } from './canonical.ts';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster, type NodeSpec, rootfs, type Suite } from './cluster.ts';
import { bootDocker, rkeUp, writeRkeSide } from './rke.ts';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '3' },
    suite: { type: 'string', default: 'bookworm' },
    version: { type: 'string' },
    distribution: { type: 'string', default: 'rke2' },
  },
});

/** A cluster of a distribution, with what it is called here and how the wizard is started for it. */
type Played = { readonly cluster: Cluster; readonly called: string; readonly start: readonly string[] };

/** The last node is a worker where there are two or more. */
const specs: readonly NodeSpec[] = Array.from({ length: Number(values.nodes) }, (_, i) =>
  i > 0 && i + 1 === Number(values.nodes)
    ? { name: 'w-1', role: 'agent' }
    : { name: `cp-${i + 1}`, role: 'server' },
);

async function boot(suite: Suite): Promise<Played | undefined> {
  const { version } = values;
  const own = { suite, ...(version ? { version } : {}) };
  switch (values.distribution) {
    case 'rke2': {
      const { version: played = 'v1.33.6+rke2r1' } = own;
      const cluster = await bootNodes({ nodes: Number(values.nodes), suite, rke2: { version: played } });
      return { cluster, called: `RKE2 ${played} (a stand-in)`, start: [] };
    }
    case 'canonical': {
      const cluster = await bootCanonical(specs, own);
      return { cluster, called: 'Canonical Kubernetes (a stand-in)', start: [] };
    }
    case 'rke': {
      const cluster = await bootDocker(specs, own);
      const folder = join(cluster.store, '../operator');
      await mkdir(folder);
      const side = await writeRkeSide(cluster, folder, version && `${version}-1`);
      await rkeUp(side);
      const start = [`PATH=${side.bin}:$PATH`, 'k8s-harden', '--template', side.clusterFile];
      return { cluster, called: 'RKE (a stand-in, its containers in a real docker)', start };
    }
    default:
      return undefined;
  }
}

const capability = nodesCapability();
if (!capability.ok) {
  console.error(`This machine cannot boot test nodes: ${capability.reason}.`);
  console.error('The practice cluster needs nothing: npm run lab');
  process.exit(2);
}

const suite: Suite = values.suite === 'trixie' ? 'trixie' : 'bookworm';
console.log(`Building Debian ${suite} for the nodes (once; half a minute) …`);
await rootfs(suite);
const played = await boot(suite);
if (!played) {
  console.error(
    `There are no test nodes for ${values.distribution}; there are some for rke2, canonical and rke.`,
  );
  process.exit(2);
}
const { cluster } = played;

const rows = cluster.nodes.map((node) => `  root@127.0.0.1:${node.port} ${node.role}`);
const first = cluster.nodes[0];
console.log(`
${cluster.nodes.length} nodes are up: ${cluster.nodes.map((node) => node.name).join(', ')}, ${played.called}.
${played.start.length > 0 ? `\nThe wizard, with rke, kubectl and cluster.yml of this cluster:\n  ${played.start.join(' ')}\n` : ''}
Lines for the wizard's node list:
${rows.join('\n')}

  key          ${cluster.keyPath}
  known_hosts  ${cluster.knownHostsPath}
  password     ${cluster.password}   (every account: root by key only; ops, opspw, nosudo, ttyuser)
${cluster.nodes.map((node) => `  host key     ${node.name} ${node.fingerprint}`).join('\n')}

By hand:
  ssh -i ${cluster.keyPath} -o UserKnownHostsFile=${cluster.knownHostsPath} -p ${first?.port} root@127.0.0.1

Ctrl+C removes them.`);

const forever = setInterval(() => undefined, 1 << 30);
const signal = await new Promise<string>((resolve) => {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, () => resolve(name));
});
clearInterval(forever);
console.log(`\n${signal}: removing the nodes …`);
await cluster.close();
process.exit(0);
