// Stand-in for the operator's kubectl: asks the API server of the cluster that KUBECONFIG, rke's file beside cluster.yml, belongs to.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { onNode, quoted } from './reach.js';

const kubeconfig = process.env.KUBECONFIG ?? '';
const config = parse(readFileSync(kubeconfig.replace('kube_config_', ''), 'utf8'));
readFileSync(kubeconfig);
const server = config.nodes.find((node) => node.role.includes('controlplane'));
const command = quoted(['/usr/local/lib/rke-standin/kubectl', ...process.argv.slice(2)]);
process.exitCode = await onNode(config, server, command, undefined, 'inherit');
