import { fileAt } from './files.ts';
import { dataDir, oneValue, type Rke2Config } from './rke2-config.ts';
import type { LabNode } from './state.ts';

const known = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'];

/**
 * The resolver that RKE2 lets its kubelet hand out: the one that is named; else the first in which every server is a globally routable one; else
 * a file of its own.
 */
export function resolver(node: LabNode, config: Rke2Config): string {
  const named = oneValue(config, 'resolv-conf');
  if (named !== '') return named;
  return known.find((path) => isReal(fileAt(node, path)?.text)) ?? ownResolver(config);
}

/** The file that RKE2 writes where no other names a real server. */
export function ownResolver(config: Rke2Config): string {
  return `${dataDir(config)}/agent/etc/resolv.conf`;
}

function isReal(text: string | undefined): boolean {
  const servers = [...(text ?? '').matchAll(/^nameserver (\S+)/gm)].map(([, server = '']) => server);
  return (
    servers.length > 0 &&
    servers.every((server) => !/^(127\.|::1$|169\.254\.|fe80:|22[4-9]\.|23\d\.)/i.test(server))
  );
}
