// Stand-in for rke: makes the containers of every node in cluster.yml with docker, over SSH, and leaves its state file beside it.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { containersOf } from './plan.js';
import { onNode, quoted } from './reach.js';

const log = (level, message) => {
  const time = new Date().toISOString().replace(/\.\d+/, '');
  process.stderr.write(`time="${time}" level=${level} msg=${JSON.stringify(message)}\n`);
};

const [, , verb, flag, file] = process.argv;
if (verb !== 'up' || flag !== '--config' || file === undefined) {
  log('fatal', 'the stand-in knows rke up --config FILE');
  process.exit(1);
}
log('info', 'Running RKE version: v1.4.19');
log('info', 'Initiating Kubernetes cluster');
const config = parse(readFileSync(file, 'utf8'));
const state = join(dirname(file), 'cluster.rkestate');

/** What is wanted of a node, in the order in which rke makes it. */
function scriptFor(node) {
  const server = node.role.includes('controlplane');
  return [
    'set -e; mkdir -p /etc/kubernetes/ssl /var/lib/kubelet /var/log/kube-audit; systemctl start docker',
    'for f in kube-ca.pem kubecfg-kube-node.yaml; do [ -e /etc/kubernetes/ssl/$f ] || echo stand-in > /etc/kubernetes/ssl/$f; done',
    ...(server
      ? [
          'umask 077; mkdir -p /var/lib/etcd',
          "printf 'apiVersion: audit.k8s.io/v1\\nkind: Policy\\nrules:\\n- level: Metadata\\n' > /etc/kubernetes/audit-policy.yaml",
        ]
      : []),
    ...containersOf(config, node).map(({ name, image, binds, words }) =>
      quoted(['/usr/local/lib/rke-standin/make', name, image, binds.join(' '), ...words]),
    ),
    ...(server ? ['/usr/local/lib/rke-standin/seed.py'] : []),
  ].join('\n');
}

const failed = await Promise.all(
  config.nodes.map(async (node) => {
    const host = node.hostname_override ?? node.address;
    log('info', `[dialer] Setup tunnel for host [${host}]`);
    let last = '';
    const code = await onNode(config, node, scriptFor(node), (line) => {
      last = line;
      const made = /^made (.*)$/.exec(line)?.[1];
      if (made) log('info', `[${made}] Successfully updated [${made}] container on host [${host}]`);
    });
    return code === 0 ? [] : [`Failed to bring up host [${host}]: exit code ${code}: ${last}`];
  }),
);
for (const message of failed.flat()) log('fatal', message);
if (failed.flat().length > 0) process.exit(1);
writeFileSync(
  state,
  `${JSON.stringify({ desiredState: { rkeConfig: config }, currentState: { rkeConfig: config } }, null, 2)}\n`,
);
log('info', `Successfully Deployed state file at [${state}]`);
log('info', 'Finished building Kubernetes cluster successfully');
