// cluster.ts

import { randomBytes, randomInt } from 'node:crypto';
// capability.ts
import { accessSync, constants, readFileSync } from 'node:fs';
import { mkdir as mkdir4, readFile as readFile4, writeFile as writeFile4 } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname as dirname5, join, join as join6 } from 'node:path';
import { fileURLToPath as fileURLToPath4 } from 'node:url';

var TOOLS = [
  ['systemd-nspawn', 'systemd-container'],
  ['mmdebstrap', 'mmdebstrap'],
  ['ip', 'iproute2'],
  ['nsenter', 'util-linux'],
  ['unshare', 'util-linux'],
  ['flock', 'util-linux'],
  ['ssh-keygen', 'openssh-client'],
  ['openssl', 'openssl'],
];
function onPath(tool) {
  return (process.env.PATH ?? '').split(delimiter).some((folder2) => {
    try {
      accessSync(join(folder2, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
function effectiveCapabilities() {
  const line = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return BigInt(`0x${line?.[1] ?? '0'}`);
}
function nodesCapability() {
  const no = (reason) => ({ ok: false, reason });
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
  if (!readFileSync('/proc/filesystems', 'utf8').includes('	overlay\n'))
    return no('the kernel has no overlayfs');
  return { ok: true };
}

// command.ts
import { spawn } from 'node:child_process';

function run(program, args, stdin = '') {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const out = [];
    const err = [];
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => err.push(chunk));
    child.stdin.on('error', () => void 0);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const number = code ?? 128 + (signal === 'SIGKILL' ? 9 : 15);
      resolve({ code: number, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
    child.stdin.end(stdin);
  });
}
async function must(program, args, stdin = '') {
  const result = await run(program, args, stdin);
  if (result.code !== 0) {
    throw new Error(`${program} ${args.join(' ')}: exit ${result.code}: ${result.stderr.trim()}`);
  }
  return result.stdout;
}
async function until(what, seconds, ask, pause = 15) {
  const end = Date.now() + seconds * 1e3;
  for (;;) {
    const answer = await ask();
    if (answer !== void 0) return answer;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

// layer.ts
// place.ts
import {
  chmod,
  chown,
  mkdir,
  mkdir as mkdir2,
  readdir,
  readFile,
  stat,
  stat as stat2,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, dirname as dirname2, join as join2, join as join3, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

async function folder(layer, base, path) {
  if (path === '.' || path === '/' || (await stat(join2(layer, path)).catch(() => void 0))) return;
  await folder(layer, base, dirname(path));
  const below = await stat(join2(base, path)).catch(() => void 0);
  await mkdir(join2(layer, path), { recursive: true });
  await chmod(join2(layer, path), below ? below.mode & 4095 : 493);
  await chown(join2(layer, path), below?.uid ?? 0, below?.gid ?? 0);
}
async function place(layer, base, path, file) {
  const target = join2(layer, path);
  await folder(layer, base, dirname(join2('/', path)).slice(1) || '.');
  await writeFile(target, file.content);
  await chmod(target, file.mode ?? 420);
  await chown(target, file.uid ?? 0, file.gid ?? 0);
}
async function placeLink(layer, base, path, target) {
  await folder(layer, base, dirname(join2('/', path)).slice(1) || '.');
  await symlink(target, join2(layer, path));
}

// sleeper.ts
var PAUSE = {
  // mov eax, SYS_pause; syscall; jmp to the start
  x64: { machine: 62, code: [184, 34, 0, 0, 0, 15, 5, 235, 247] },
  // ppoll(NULL, 0, NULL, NULL, 0) in a loop: mov x0..x4, 0; mov x8, SYS_ppoll; svc 0; b to the start
  arm64: {
    machine: 183,
    code: [
      0, 0, 128, 210, 1, 0, 128, 210, 2, 0, 128, 210, 3, 0, 128, 210, 4, 0, 128, 210, 40, 9, 128, 210, 1, 0,
      0, 212, 249, 255, 255, 23,
    ],
  },
};
function sleeper(architecture = process.arch) {
  const found = PAUSE[architecture];
  if (!found) throw new Error(`no stand-in processes for ${architecture}`);
  const HEADERS = 64 + 56;
  const ADDRESS = 0x400000n;
  const image = Buffer.alloc(HEADERS + found.code.length);
  Buffer.from([127, 69, 76, 70, 2, 1, 1]).copy(image);
  image.writeUInt16LE(2, 16);
  image.writeUInt16LE(found.machine, 18);
  image.writeUInt32LE(1, 20);
  image.writeBigUInt64LE(ADDRESS + BigInt(HEADERS), 24);
  image.writeBigUInt64LE(64n, 32);
  image.writeUInt16LE(64, 52);
  image.writeUInt16LE(56, 54);
  image.writeUInt16LE(1, 56);
  image.writeUInt32LE(1, 64);
  image.writeUInt32LE(5, 68);
  image.writeBigUInt64LE(ADDRESS, 80);
  image.writeBigUInt64LE(ADDRESS, 88);
  image.writeBigUInt64LE(BigInt(image.length), 96);
  image.writeBigUInt64LE(BigInt(image.length), 104);
  image.writeBigUInt64LE(0x1000n, 112);
  Buffer.from(found.code).copy(image, HEADERS);
  return image;
}

// layer.ts
var HERE = dirname2(fileURLToPath(import.meta.url));
var MASKED = [
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
var STANDIN_PROGRAMS = [
  'containerd',
  'kubelet',
  'kube-proxy',
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'cloud-controller-manager',
];
async function copyTree(from, layer, base, under) {
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.pyc')) continue;
    const source = join3(entry.parentPath, entry.name);
    const path = join3(under, relative(from, source));
    const executable = ((await stat2(source)).mode & 64) !== 0;
    const mode = path.startsWith('etc/sudoers.d/') ? 288 : executable ? 493 : 420;
    await place(layer, base, path, { content: await readFile(source), mode });
  }
}
async function accounts(options) {
  const { base, layer } = options;
  const hash = (await must('openssl', ['passwd', '-6', '-stdin'], options.password)).trim();
  const people = (await readFile(join3(base, 'etc/passwd'), 'utf8'))
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields[2] === '0' || (Number(fields[2]) >= 1e3 && Number(fields[2]) < 6e4));
  let shadow = await readFile(join3(base, 'etc/shadow'), 'utf8');
  for (const [name = '', , uid, gid, , home = ''] of people) {
    shadow = shadow.replace(new RegExp(`^${name}:[^:]*:`, 'm'), () => `${name}:${hash}:`);
    const own = { uid: Number(uid), gid: Number(gid) };
    await place(layer, base, `${home}/.ssh/authorized_keys`, {
      content: options.publicKey,
      mode: 384,
      ...own,
    });
    await must('chown', [`${uid}:${gid}`, join3(layer, home, '.ssh')]);
    await must('chmod', ['700', join3(layer, home, '.ssh')]);
  }
  const group = Number((await stat2(join3(base, 'etc/shadow'))).gid);
  if (options.prepared) {
    shadow += 'etcd:!:20000::::::\n';
    const append = async (path, line) =>
      place(layer, base, path, {
        content: `${await readFile(join3(base, path), 'utf8')}${line}
`,
      });
    await append('etc/passwd', 'etcd:x:994:994:etcd user:/home/etcd:/sbin/nologin');
    await append('etc/group', 'etcd:x:994:');
    const values = 'vm.panic_on_oom=0\nvm.overcommit_memory=1\nkernel.panic=10\nkernel.panic_on_oops=1\n';
    await place(layer, base, 'etc/sysctl.d/60-rke2-cis.conf', { content: values });
  }
  await place(layer, base, 'etc/shadow', { content: shadow, mode: 416, gid: group });
}
async function standin(options, version) {
  const { base, layer } = options;
  await copyTree(join3(HERE, 'standin'), layer, base, 'usr/local/lib/rke2-standin');
  await copyTree(join3(HERE, 'units'), layer, base, 'usr/local/lib/systemd/system');
  await placeLink(layer, base, 'usr/local/bin/rke2', '../lib/rke2-standin/rke2');
  await placeLink(layer, base, 'usr/local/bin/rke2-killall.sh', '../lib/rke2-standin/killall');
  for (const program of STANDIN_PROGRAMS) {
    await place(layer, base, `usr/local/lib/rke2-standin/bin/${program}`, { content: sleeper(), mode: 493 });
  }
  const shipped = 'vm.panic_on_oom=0\nvm.overcommit_memory=1\nkernel.panic=10\nkernel.panic_on_oops=1\n';
  await place(layer, base, 'usr/local/share/rke2/rke2-cis-sysctl.conf', { content: shipped });
  await place(layer, base, 'etc/rke2-standin/version', {
    content: `${version}
`,
  });
}
async function createLayer(options) {
  const { base, layer } = options;
  await mkdir2(layer, { recursive: true, mode: 493 });
  await copyTree(join3(HERE, 'system'), layer, base, '.');
  const wants = 'etc/systemd/system/sysinit.target.wants/private-sysctls.service';
  await placeLink(layer, base, wants, '../private-sysctls.service');
  for (const unit of MASKED) await placeLink(layer, base, `etc/systemd/system/${unit}`, '/dev/null');
  const hosts = options.nodes
    .map(
      (node) => `${node.address} ${node.name}
`,
    )
    .join('');
  await place(layer, base, 'etc/hosts', {
    content: `127.0.0.1 localhost
::1 localhost
${hosts}`,
  });
  await accounts(options);
  if (options.rke2Version !== void 0) await standin(options, options.rke2Version);
}

// machine.ts
import { spawn as spawn2 } from 'node:child_process';
import { mkdir as mkdir3, open, readFile as readFile2, rm, writeFile as writeFile2 } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname as dirname3, join as join4 } from 'node:path';
import { fileURLToPath as fileURLToPath2 } from 'node:url';

var RUN_NODE = join4(dirname3(fileURLToPath2(import.meta.url)), 'run-node.sh');
async function children(pid) {
  const text = await readFile2(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}
var Machine = class {
  constructor(options) {
    this.options = options;
    this.name = options.name;
    this.role = options.role;
    this.address = options.address;
    this.port = options.port;
    this.fingerprint = options.fingerprint;
    this.upper = join4(options.folder, 'up');
  }
  options;
  name;
  role;
  /** Address inside the cluster's network namespace, where sshd listens on port 22. */
  address;
  /** Port on 127.0.0.1 of the test that leads to the node's sshd. */
  port;
  /** SHA256 fingerprint of the node's host key, as ssh shows it. */
  fingerprint;
  /** The files that differ from the layers below; there also while the node is off. */
  upper;
  async wrapperPid() {
    const text = await readFile2(join4(this.options.folder, 'wrapper.pid'), 'utf8').catch(() => '');
    const pid = Number(text);
    const command = pid > 0 ? await readFile2(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') : '';
    return command.includes(this.options.folder) ? pid : void 0;
  }
  /** The node's PID 1 as the machine outside counts, or undefined while it is off. */
  async pid1() {
    const wrapper = await this.wrapperPid();
    if (wrapper === void 0) return void 0;
    for (const nspawn of await children(wrapper)) {
      for (const pid of await children(nspawn)) {
        const status = await readFile2(`/proc/${pid}/status`, 'utf8').catch(() => '');
        if (/^NSpid:\s+\d+\s+1$/m.test(status) && /^Name:\s+(systemd|init)$/m.test(status)) return pid;
      }
    }
    return void 0;
  }
  /** The node's whole file system as a path of this machine, live; undefined while the node is off. */
  async root() {
    const pid = await this.pid1();
    return pid === void 0 ? void 0 : `/proc/${pid}/root`;
  }
  /** Runs a shell command in the node as root, without SSH. */
  async exec(command, stdin = '') {
    const pid = await this.pid1();
    if (pid === void 0) throw new Error(`${this.name} is off`);
    const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    const enter = ['-t', String(pid), '-m', '-u', '-i', '-n', '-p', '-C', '-r', '-w'];
    return run('nsenter', [...enter, 'env', '-i', PATH, 'HOME=/root', 'LANG=C', 'sh', '-c', command], stdin);
  }
  /** Like exec, but a non-zero exit is thrown. */
  async must(command, stdin = '') {
    const result = await this.exec(command, stdin);
    if (result.code !== 0) throw new Error(`${this.name}: ${command}: exit ${result.code}: ${result.stderr}`);
    return result.stdout;
  }
  /** Switches the node on and waits for its sshd. */
  async powerOn() {
    if ((await this.wrapperPid()) !== void 0) return;
    const { folder: folder2, lower, cgroup, netns, store } = this.options;
    const log = await open(join4(folder2, 'log'), 'a');
    const args = [folder2, this.name, lower, cgroup, netns, store];
    const child = spawn2(RUN_NODE, args, { detached: true, stdio: ['ignore', log.fd, log.fd] });
    child.on('error', () => void 0);
    child.unref();
    await log.close();
    await this.waitForSsh();
  }
  sshAnswers() {
    return new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: this.port });
      const end = (answer) => {
        socket.destroy();
        resolve(answer);
      };
      socket.setTimeout(500, end);
      socket
        .on('data', () => end(true))
        .on('error', () => end())
        .on('close', () => end());
    });
  }
  /** Waits until the node's sshd greets. */
  async waitForSsh(seconds = 30) {
    await until(`sshd of ${this.name}`, seconds, () => this.sshAnswers()).catch(async (error) => {
      const log = await readFile2(join4(this.options.folder, 'log'), 'utf8').catch(() => '');
      throw new Error(`${error.message}
${log.slice(-2e3)}`);
    });
  }
  /** Pulls the plug: every process of the node is killed, nothing is written any more. */
  async powerOff() {
    const wrapper = await this.wrapperPid();
    if (wrapper === void 0) return;
    const nspawn = await children(wrapper);
    const init = await this.pid1();
    const doomed = [wrapper, ...(init === void 0 ? [] : [init]), ...nspawn];
    for (const pid of doomed) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {}
    }
    const gone = async () => {
      const left = await Promise.all(doomed.map((pid) => readFile2(`/proc/${pid}/stat`).catch(() => void 0)));
      return left.every((stat4) => stat4 === void 0 || stat4.includes(') Z ')) ? true : void 0;
    };
    await until(`${this.name} to be off`, 10, gone);
  }
  /** Reboots the way an operator does and waits for sshd; accounts, files and journal stay, running sysctls do not. */
  async reboot() {
    const before = await this.pid1();
    await this.exec('systemctl reboot');
    await until(`${this.name} to reboot`, 30, async () => {
      const now = await this.pid1();
      return now !== void 0 && now !== before ? true : void 0;
    });
    await this.waitForSsh();
  }
  /** Pulls the network cable; open connections stay silent. */
  async linkDown() {
    await must('ip', ['-n', this.options.clusterNetns, 'link', 'set', this.options.link, 'down']);
    await mkdir3(join4(this.options.store, 'not-ready'), { recursive: true });
    await writeFile2(join4(this.options.store, 'not-ready', this.name), '');
  }
  /** Plugs the network cable in again. */
  async linkUp() {
    await must('ip', ['-n', this.options.clusterNetns, 'link', 'set', this.options.link, 'up']);
    await rm(join4(this.options.store, 'not-ready', this.name), { force: true });
  }
  /** Resets every connection through the loopback port that is open now. */
  cutConnections() {
    this.options.keeper.cut(this.name);
  }
  /** Delays what goes through the loopback port by so many milliseconds in each direction. */
  delay(milliseconds) {
    this.options.keeper.delay(this.name, milliseconds);
  }
};

// network.ts
import { fork } from 'node:child_process';
import { readFile as readFile3, stat as stat3, writeFile as writeFile3 } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname as dirname4, join as join5 } from 'node:path';
import { fileURLToPath as fileURLToPath3 } from 'node:url';

var HERE2 = dirname4(fileURLToPath3(import.meta.url));
var REMOVE_SCRIPT = join5(HERE2, 'remove.sh');
function addresses(id, names) {
  const second = 64 + (Number.parseInt(id.slice(-4), 36) % 128);
  return names.map((name, index) => ({
    name,
    address: `10.${second}.${1 + Math.floor(index / 200)}.${10 + (index % 200)}`,
    netns: `kh-${id}-${index}`,
    link: `v${index}`,
  }));
}
function hardwareAddress(address) {
  const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return `02:00:${bytes.join(':')}`;
}
async function createNetwork(id, nodes) {
  const netns = `kh-${id}`;
  const gateway = `10.${nodes[0]?.address.split('.')[1] ?? '64'}.0.1`;
  await must(
    'ip',
    ['-batch', '-'],
    [netns, ...nodes.map((node) => node.netns)]
      .map(
        (name) => `netns add ${name}
`,
      )
      .join(''),
  );
  const lines = [
    'link set lo up',
    'link add br0 type bridge',
    `addr add ${gateway}/16 dev br0`,
    'link set br0 up',
  ];
  for (const node of nodes) {
    const peer = `eth0 address ${hardwareAddress(node.address)} netns ${node.netns}`;
    lines.push(`link add ${node.link} type veth peer name ${peer}`, `link set ${node.link} master br0 up`);
  }
  await must(
    'ip',
    ['-n', netns, '-batch', '-'],
    `${lines.join('\n')}
`,
  );
  const inside = (node) => `addr add ${node.address}/16 dev eth0
link set lo up
link set eth0 up
route add default via ${gateway}
`;
  await Promise.all(nodes.map((node) => must('ip', ['-n', node.netns, '-batch', '-'], inside(node))));
  return netns;
}
async function raiseInotifyLimit(folder2) {
  const limit = '/proc/sys/fs/inotify/max_user_instances';
  const now = (await readFile3(limit, 'utf8')).trim();
  if (Number(now) >= 1024) return;
  const saved = join5(dirname4(folder2), 'k8s-harden-nodes.inotify');
  if (!(await stat3(saved).catch(() => void 0)))
    await writeFile3(
      saved,
      `${now}
`,
    );
  await writeFile3(limit, '4096');
}
var Keeper = class _Keeper {
  constructor(child) {
    this.child = child;
  }
  child;
  /** Starts the keeper inside the cluster's network namespace. */
  static start(netns, folder2) {
    const child = fork(join5(HERE2, 'keeper.js'), [REMOVE_SCRIPT, folder2], {
      execPath: 'nsenter',
      execArgv: [`--net=/run/netns/${netns}`, process.execPath],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { PATH: process.env.PATH ?? '' },
    });
    child.unref();
    child.channel?.unref();
    return new _Keeper(child);
  }
  /** Opens a loopback port that leads to port 22 of the node. */
  async forward(node) {
    const server = createServer();
    await new Promise((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('no loopback port');
    await new Promise((resolve, reject) => {
      const onMessage = (message) => {
        if (message.listening !== node.name) return;
        this.child.off('message', onMessage);
        resolve();
      };
      this.child.on('message', onMessage);
      this.child.once('exit', () => reject(new Error('the forwarder of the test nodes ended')));
      this.child.send({ listen: { name: node.name, address: node.address } }, server);
    });
    server.close();
    return bound.port;
  }
  /** Delays every chunk between test and node by so many milliseconds, in each direction. */
  delay(name, milliseconds) {
    this.child.send({ delay: { name, milliseconds } });
  }
  /** Resets every connection to the node that is open now. */
  cut(name) {
    this.child.send({ cut: name });
  }
  /** Ends the keeper without its cleaning up. */
  end() {
    if (this.child.connected) this.child.send({ done: true });
  }
};

// cluster.ts
var HERE3 = dirname5(fileURLToPath4(import.meta.url));
var DEFAULT_DATA_DIR = '/var/lib/rancher/rke2';
async function rootfs(suite2) {
  return (await must(join6(HERE3, 'rootfs.sh'), [suite2])).trim().split('\n').at(-1) ?? '';
}
function specs(nodes) {
  if (typeof nodes !== 'number') return nodes;
  return Array.from({ length: nodes }, (_, index) => ({ name: `cp-${index + 1}`, role: 'server' }));
}
function rke2Config(options, dataDir, first, token) {
  const lines = [`token: ${token}`];
  if (first !== void 0) lines.push(`server: https://${first}:9345`);
  if (dataDir !== DEFAULT_DATA_DIR) lines.push(`data-dir: ${dataDir}`);
  if (options.profile !== void 0) lines.push(`profile: ${options.profile}`);
  return `${lines.join('\n')}
${options.config ?? ''}`;
}
async function build(folder2, options, onKeeper) {
  const id = folder2.slice(folder2.lastIndexOf('-') + 1);
  const suite2 = options.suite ?? 'bookworm';
  const rke2 = options.rke2 === false ? void 0 : (options.rke2 ?? {});
  const dataDir = options.dataDir ?? DEFAULT_DATA_DIR;
  const wanted = specs(options.nodes ?? 3);
  const places = addresses(
    id,
    wanted.map((spec) => spec.name),
  );
  const keyPath = join6(folder2, 'id_ed25519');
  const layer = join6(folder2, 'layer');
  const store = join6(folder2, 'store');
  const password = randomBytes(9).toString('base64url');
  const token = randomBytes(16).toString('hex');
  const [base, netns] = await Promise.all([
    rootfs(suite2),
    createNetwork(id, places),
    must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test-nodes', '-f', keyPath]),
    mkdir4(store),
    raiseInotifyLimit(folder2),
  ]);
  const keeper = Keeper.start(netns, folder2);
  onKeeper(keeper);
  const publicKey = await readFile4(`${keyPath}.pub`, 'utf8');
  const rke2Version = rke2 && (rke2.version ?? 'v1.33.6+rke2r1');
  await createLayer({
    base,
    layer,
    publicKey,
    password,
    nodes: places,
    rke2Version,
    prepared: rke2?.prepared === true,
  });
  const members = places.map(({ name, address }, index) => ({ name, address, role: wanted[index]?.role }));
  await writeFile4(
    join6(store, 'cluster.json'),
    JSON.stringify({ dataDir, version: rke2Version, nodes: members }),
  );
  const knownHosts = [];
  const machine = async (spec, index) => {
    const at = places[index];
    if (!at) throw new Error(`no address for ${spec.name}`);
    const own = join6(folder2, 'nodes', spec.name);
    const up = join6(own, 'up');
    for (const part of ['up/etc/ssh', 'wk', 'root'])
      await mkdir4(join6(own, part), { recursive: true, mode: 493 });
    await place(up, base, 'etc/hostname', {
      content: `${spec.name}
`,
    });
    await place(up, base, 'etc/machine-id', {
      content: `${randomBytes(16).toString('hex')}
`,
      mode: 292,
    });
    const hostKey = join6(up, 'etc/ssh/ssh_host_ed25519_key');
    await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `root@${spec.name}`, '-f', hostKey]);
    const [kind, key] = (await readFile4(`${hostKey}.pub`, 'utf8')).split(' ');
    const fingerprint = (await must('ssh-keygen', ['-l', '-f', `${hostKey}.pub`])).split(' ')[1] ?? '';
    if (rke2) {
      const first = index > 0 ? places[0]?.address : void 0;
      const content = rke2Config(rke2, dataDir, first, token);
      await place(up, base, 'etc/rancher/rke2/config.yaml', { content, mode: 384 });
      const unit = `rke2-${spec.role}.service`;
      if (rke2.running !== false) {
        const link = `etc/systemd/system/multi-user.target.wants/${unit}`;
        await placeLink(up, base, link, `/usr/local/lib/systemd/system/${unit}`);
      }
    }
    for (const [path, file] of Object.entries(spec.files ?? {})) {
      await place(up, base, path, typeof file === 'string' ? { content: file } : file);
    }
    const port = await keeper.forward(at);
    knownHosts.push(`[127.0.0.1]:${port} ${kind} ${key}`, `${at.address} ${kind} ${key}`);
    const shared = {
      lower: `${layer}:${base}`,
      cgroup: `k8s-harden-${id}`,
      clusterNetns: netns,
      store,
      keeper,
    };
    return new Machine({ ...at, ...shared, role: spec.role, folder: own, port, fingerprint });
  };
  const nodes = await Promise.all(wanted.map(machine));
  const knownHostsPath = join6(folder2, 'known_hosts');
  await writeFile4(
    knownHostsPath,
    `${knownHosts.join('\n')}
`,
  );
  const waiting = [...nodes];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next.powerOn();
  };
  await Promise.all(Array.from({ length: 12 }, worker));
  const node = (name) => {
    const found = nodes.find((candidate) => candidate.name === name);
    if (!found) throw new Error(`no node named ${name}`);
    return found;
  };
  const expectsRke2 = rke2 && rke2.running !== false && (rke2.profile === void 0 || rke2.prepared === true);
  if (expectsRke2) await Promise.all(nodes.map((each) => waitForRke2(each)));
  return {
    nodes,
    suite: suite2,
    netns,
    keyPath,
    knownHostsPath,
    password,
    dataDir,
    store,
    node,
    close: async () => void 0,
  };
}
async function waitForRke2(node, seconds = 60) {
  await until(
    `rke2-${node.role} on ${node.name}`,
    seconds,
    async () => {
      const state = await node.exec(`systemctl is-active rke2-${node.role}`);
      return state.stdout.trim() === 'active' ? true : void 0;
    },
    50,
  );
}
async function bootNodes(options = {}) {
  const capability = nodesCapability();
  if (!capability.ok) throw new Error(capability.reason);
  const unique = `${process.pid.toString(36)}${randomInt(36 ** 4)
    .toString(36)
    .padStart(4, '0')}`;
  const folder2 = join6(tmpdir(), `k8s-harden-nodes-${unique}`);
  await mkdir4(folder2, { mode: 493 });
  let keeper;
  const close = async () => {
    await must('sh', [REMOVE_SCRIPT, folder2]);
    keeper?.end();
  };
  try {
    const cluster = await build(folder2, options, (started) => {
      keeper = started;
    });
    return { ...cluster, close };
  } catch (error) {
    await close();
    throw error;
  }
}

// try2.ts
var t = Date.now();
var suite = process.argv[2] ?? 'bookworm';
var c = await bootNodes({ nodes: Number(process.argv[3] ?? 3), suite, rke2: {} }).catch((e) => {
  console.log(e);
  process.exit(1);
});
console.log('boot', Date.now() - t);
var n = c.nodes[0];
var k = '/var/lib/rancher/rke2/bin/kubectl --kubeconfig /etc/rancher/rke2/rke2.yaml ';
for (const cmd of process.argv.slice(4)) {
  const r = await n.exec(cmd.replaceAll('K ', k));
  console.log('$', cmd, '\n' + r.stdout + r.stderr + '[' + r.code + ']');
}
await c.close();
