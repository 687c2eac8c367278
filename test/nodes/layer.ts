import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must } from './command.ts';
import type { NodeAddress } from './network.ts';
import { place, placeLink } from './place.ts';
import { sleeper } from './sleeper.ts';

const HERE = dirname(fileURLToPath(import.meta.url));

const MASKED = [
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'console-getty.service',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'fstrim.timer',
  'getty.target',
  'systemd-update-utmp.service',
  'tmp.mount',
];

const RKE2_PROGRAMS = [
  'containerd',
  'kubelet',
  'kube-proxy',
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'cloud-controller-manager',
];

interface LayerOptions {
  readonly base: string;
  readonly layer: string;
  readonly publicKey: string;
  readonly password: string;
  readonly nodes: readonly NodeAddress[];
  readonly rke2Version: string | undefined;
  readonly prepared: boolean;
}

/** Puts a folder's files into a layer, under this path, with their modes. */
export async function copyTree(from: string, layer: string, base: string, under: string): Promise<void> {
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.pyc')) continue;
    const source = join(entry.parentPath, entry.name);
    const path = join(under, relative(from, source));
    const executable = ((await stat(source)).mode & 0o100) !== 0;
    const mode = path.startsWith('etc/sudoers.d/') ? 0o440 : executable ? 0o755 : 0o644;
    await place(layer, base, path, { content: await readFile(source), mode });
  }
}

async function accounts(options: LayerOptions): Promise<void> {
  const { base, layer } = options;
  const hash = (await must('openssl', ['passwd', '-6', '-stdin'], options.password)).trim();
  const people = (await readFile(join(base, 'etc/passwd'), 'utf8'))
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields[2] === '0' || (Number(fields[2]) >= 1000 && Number(fields[2]) < 60000));
  let shadow = await readFile(join(base, 'etc/shadow'), 'utf8');
  for (const [name = '', , uid, gid, , home = ''] of people) {
    shadow = shadow.replace(new RegExp(`^${name}:[^:]*:`, 'm'), () => `${name}:${hash}:`);
    const own = { uid: Number(uid), gid: Number(gid) };
    await place(layer, base, `${home}/.ssh/authorized_keys`, {
      content: options.publicKey,
      mode: 0o600,
      ...own,
    });
    await must('chown', [`${uid}:${gid}`, join(layer, home, '.ssh')]);
    await must('chmod', ['700', join(layer, home, '.ssh')]);
  }
  const group = Number((await stat(join(base, 'etc/shadow'))).gid);
  if (options.prepared) {
    shadow += 'etcd:!:20000::::::\n';
    const append = async (path: string, line: string) =>
      place(layer, base, path, { content: `${await readFile(join(base, path), 'utf8')}${line}\n` });
    await append('etc/passwd', 'etcd:x:994:994:etcd user:/home/etcd:/sbin/nologin');
    await append('etc/group', 'etcd:x:994:');
    const values = 'vm.panic_on_oom=0\nvm.overcommit_memory=1\nkernel.panic=10\nkernel.panic_on_oops=1\n';
    await place(layer, base, 'etc/sysctl.d/60-rke2-cis.conf', { content: values });
  }
  await place(layer, base, 'etc/shadow', { content: shadow, mode: 0o640, gid: group });
}

async function standin(options: LayerOptions, version: string): Promise<void> {
  const { base, layer } = options;
  await copyTree(join(HERE, 'standin'), layer, base, 'usr/local/lib/rke2-standin');
  await copyTree(join(HERE, 'units'), layer, base, 'usr/local/lib/systemd/system');
  await placeLink(layer, base, 'usr/local/bin/rke2', '../lib/rke2-standin/rke2');
  await placeLink(layer, base, 'usr/local/bin/rke2-killall.sh', '../lib/rke2-standin/killall');
  for (const program of RKE2_PROGRAMS) {
    await place(layer, base, `usr/local/lib/rke2-standin/bin/${program}`, {
      content: sleeper(),
      mode: 0o755,
    });
  }
  const shipped = 'vm.panic_on_oom=0\nvm.overcommit_memory=1\nkernel.panic=10\nkernel.panic_on_oops=1\n';
  await place(layer, base, 'usr/local/share/rke2/rke2-cis-sysctl.conf', { content: shipped });
  await place(layer, base, 'etc/rke2-standin/version', { content: `${version}\n` });
}

/** Makes the layer that all nodes of a cluster share, between the root filesystem and each node's own files. */
export async function createLayer(options: LayerOptions): Promise<void> {
  const { base, layer } = options;
  await mkdir(layer, { recursive: true, mode: 0o755 });
  await copyTree(join(HERE, 'system'), layer, base, '.');
  const wants = 'etc/systemd/system/sysinit.target.wants/private-sysctls.service';
  await placeLink(layer, base, wants, '../private-sysctls.service');
  for (const unit of MASKED) await placeLink(layer, base, `etc/systemd/system/${unit}`, '/dev/null');
  const hosts = options.nodes.map((node) => `${node.address} ${node.name}\n`).join('');
  await place(layer, base, 'etc/hosts', { content: `127.0.0.1 localhost\n::1 localhost\n${hosts}` });
  await accounts(options);
  if (options.rke2Version !== undefined) await standin(options, options.rke2Version);
}
