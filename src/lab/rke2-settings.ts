import { protectsKernel } from './rke2-checks.ts';
import { dataDir, type Rke2Config } from './rke2-config.ts';
import { resolver } from './rke2-resolver.ts';
import type { LabNode } from './state.ts';

/** Settings in which RKE2 tells its etcd how to run. */
export function etcdSettings(data: string): string {
  const tls = `${data}/server/tls/etcd`;
  return `client-transport-security:
  cert-file: ${tls}/server-client.crt
  client-cert-auth: true
  key-file: ${tls}/server-client.key
  trusted-ca-file: ${tls}/server-ca.crt
data-dir: ${data}/server/db/etcd
listen-client-urls: https://127.0.0.1:2379
listen-peer-urls: https://127.0.0.1:2380
peer-transport-security:
  cert-file: ${tls}/peer-server-client.crt
  client-cert-auth: true
  key-file: ${tls}/peer-server-client.key
  trusted-ca-file: ${tls}/peer-ca.crt
`;
}

/** Settings in which a newer RKE2 tells its kubelet how to run. */
export function kubeletSettings(node: LabNode, config: Rke2Config): string {
  const agent = `${dataDir(config)}/agent`;
  return `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous:
    enabled: false
  webhook:
    enabled: true
  x509:
    clientCAFile: ${agent}/client-ca.crt
authorization:
  mode: Webhook
containerRuntimeEndpoint: unix:///run/k3s/containerd/containerd.sock
protectKernelDefaults: ${protectsKernel(config)}
resolvConf: ${resolver(node, config)}
staticPodPath: ${agent}/pod-manifests
streamingConnectionIdleTimeout: 4h0m0s
tlsCertFile: ${agent}/serving-kubelet.crt
tlsPrivateKeyFile: ${agent}/serving-kubelet.key
`;
}

/** How the API server encrypts Secrets; the key of the practice cluster opens nothing. */
export const encryption = JSON.stringify({
  kind: 'EncryptionConfiguration',
  apiVersion: 'apiserver.config.k8s.io/v1',
  resources: [
    {
      resources: ['secrets'],
      providers: [{ aescbc: { keys: [{ name: 'practice', secret: 'opens-nothing' }] } }, { identity: {} }],
    },
  ],
});
