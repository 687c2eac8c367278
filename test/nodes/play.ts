import { parseArgs } from 'node:util';
import { nodesCapability } from './capability.ts';
import { bootNodes, rootfs, type Suite } from './cluster.ts';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '3' },
    suite: { type: 'string', default: 'bookworm' },
    version: { type: 'string', default: 'v1.33.6+rke2r1' },
  },
});

const capability = nodesCapability();
if (!capability.ok) {
  console.error(`This machine cannot boot test nodes: ${capability.reason}.`);
  console.error('The practice cluster needs nothing: npm run lab');
  process.exit(2);
}

const suite: Suite = values.suite === 'trixie' ? 'trixie' : 'bookworm';
console.log(`Building Debian ${suite} for the nodes (once; half a minute) …`);
await rootfs(suite);
const cluster = await bootNodes({ nodes: Number(values.nodes), suite, rke2: { version: values.version } });

const rows = cluster.nodes.map((node) => `  root@127.0.0.1:${node.port} ${node.role}`);
const first = cluster.nodes[0];
console.log(`
${cluster.nodes.length} nodes are up: ${cluster.nodes.map((node) => node.name).join(', ')}, RKE2 ${values.version} (a stand-in).

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
