import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type NodesCapability = { readonly ok: true } | { readonly ok: false; readonly reason: string };

const TOOLS: readonly (readonly [tool: string, debianPackage: string])[] = [
  ['systemd-nspawn', 'systemd-container'],
  ['mmdebstrap', 'mmdebstrap'],
  ['ip', 'iproute2'],
  ['nsenter', 'util-linux'],
  ['unshare', 'util-linux'],
  ['flock', 'util-linux'],
  ['ssh-keygen', 'openssh-client'],
  ['openssl', 'openssl'],
];

function onPath(tool: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function effectiveCapabilities(): bigint {
  const line = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return BigInt(`0x${line?.[1] ?? '0'}`);
}

/** Says whether this machine can boot test nodes and, where it cannot, plainly why. */
export function nodesCapability(): NodesCapability {
  const no = (reason: string): NodesCapability => ({ ok: false, reason });
  if (process.platform !== 'linux') return no('the test nodes need Linux');
  if (process.getuid?.() !== 0) return no('the test nodes need root (they boot with systemd-nspawn)');
  if (process.arch !== 'x64' && process.arch !== 'arm64')
    return no(`no stand-in processes for ${process.arch}`);
  const missing = TOOLS.filter(([tool]) => !onPath(tool));
  if (missing.length > 0) {
    const packages = [...new Set(missing.map(([, debianPackage]) => debianPackage))].join(' ');
    return no(`missing ${missing.map(([tool]) => tool).join(', ')} (Debian packages: ${packages})`);
  }
  const held = effectiveCapabilities();
  const SYS_ADMIN = 1n << 21n;
  const NET_ADMIN = 1n << 12n;
  if ((held & SYS_ADMIN) === 0n) return no('root here may not mount (CAP_SYS_ADMIN is missing)');
  if ((held & NET_ADMIN) === 0n) return no('root here may not make networks (CAP_NET_ADMIN is missing)');
  if (!readFileSync('/proc/filesystems', 'utf8').includes('\toverlay\n'))
    return no('the kernel has no overlayfs');
  return { ok: true };
}
