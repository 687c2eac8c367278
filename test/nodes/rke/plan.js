// What rke makes of a cluster.yml: the containers of each node, with the arguments of the practice cluster as its defaults.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const practice = parse(
  readFileSync(new URL('../../../profiles/practice/rke.yaml', import.meta.url), 'utf8'),
  { merge: true },
);
const server = { ...practice.common.containers, ...practice.nodes['cp-1'].containers };
const wrapper = '/opt/rke-tools/entrypoint.sh';
const tools = 'rancher/rke-tools:v0.1.90';

/** @param {string} name @returns {Map<string, string>} */
function defaults(name) {
  const flags = server[name].args.filter((/** @type {string} */ word) => word.startsWith('--'));
  return new Map(flags.map((/** @type {string} */ word) => word.slice(2).split(/=(.*)/s)));
}

/** What keys of the API server's own do to its flags. */
function apiServer(api = {}) {
  const flags = defaults('kube-apiserver');
  const plugins = (flags.get('enable-admission-plugins') ?? '').split(',');
  if (api.always_pull_images) plugins.push('AlwaysPullImages');
  if (api.pod_security_policy) plugins.push('PodSecurityPolicy');
  if (api.event_rate_limit?.enabled) {
    plugins.push('EventRateLimit');
    flags.set('admission-control-config-file', '/etc/kubernetes/admission.yaml');
  }
  flags.set('enable-admission-plugins', plugins.join(','));
  if (api.secrets_encryption_config?.enabled)
    flags.set('encryption-provider-config', '/etc/kubernetes/ssl/encryption.yaml');
  return flags;
}

/** The containers of a node, in the order in which they are made. */
export function containersOf(config, node) {
  const services = config.services ?? {};
  const hyperkube = `rancher/hyperkube:${String(config.kubernetes_version).replace(/-\d+$/, '')}`;
  const component = (name, flags, own) => ({
    name,
    image: name === 'etcd' ? server.etcd.image : hyperkube,
    binds: [...(server[name]?.binds ?? []), ...(own?.extra_binds ?? [])],
    words: [
      ...(name === 'etcd' ? ['/usr/local/bin/etcd'] : [wrapper, name]),
      ...[...flags, ...Object.entries(own?.extra_args ?? {})]
        .reduce((all, [flag, value]) => all.set(flag, `--${flag}=${value}`), new Map())
        .values(),
    ],
  });
  const own = { image: tools, binds: [] };
  const sidekick = { ...own, name: 'service-sidekick', words: ['/bin/bash'] };
  const proxy = { ...own, name: 'nginx-proxy', words: ['/usr/bin/nginx-proxy', 'CP_HOSTS'] };
  const controlplane = node.role.includes('controlplane');
  return [
    sidekick,
    ...(node.role.includes('etcd') ? [component('etcd', defaults('etcd'), services.etcd)] : []),
    ...(controlplane
      ? [
          component('kube-apiserver', apiServer(services['kube-api']), services['kube-api']),
          component(
            'kube-controller-manager',
            defaults('kube-controller-manager'),
            services['kube-controller'],
          ),
          component('kube-scheduler', defaults('kube-scheduler'), services.scheduler),
        ]
      : [proxy]),
    component('kubelet', defaults('kubelet'), services.kubelet),
    component('kube-proxy', defaults('kube-proxy'), services.kubeproxy),
  ];
}
