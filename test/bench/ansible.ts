import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../nodes/cluster.ts';

const aptGet = '/usr/bin/apt-get';

const kernel = [
  ...['vm.overcommit_memory', 'vm.panic_on_oom', 'vm.max_map_count', 'kernel.panic', 'kernel.panic_on_oops'],
  ...[
    'kernel.keys.root_maxbytes',
    'kernel.keys.root_maxkeys',
    'kernel.dmesg_restrict',
    'kernel.kptr_restrict',
  ],
  ...['fs.inotify.max_user_instances', 'fs.inotify.max_user_watches', 'fs.suid_dumpable', 'fs.file-max'],
  ...['net.ipv4.ip_forward', 'net.ipv4.conf.all.rp_filter', 'net.ipv4.conf.all.accept_redirects'],
  ...['net.ipv4.conf.all.send_redirects', 'net.ipv4.conf.default.accept_redirects'],
  ...['net.ipv4.conf.all.accept_source_route', 'net.ipv4.tcp_syncookies', 'net.ipv6.conf.all.forwarding'],
  'net.ipv4.conf.all.log_martians',
];
const files = [
  ...[
    'passwd',
    'group',
    'shadow',
    'gshadow',
    'sudoers',
    'hostname',
    'hosts',
    'fstab',
    'crontab',
    'sysctl.conf',
  ],
  ...['ssh/sshd_config', 'rancher/rke2/config.yaml', 'systemd/system', 'cron.d', 'pam.d', 'sudoers.d'],
].map((name) => `/etc/${name}`);
const settings = [
  ...['PermitRootLogin', 'PasswordAuthentication', 'UsePAM', 'X11Forwarding', 'MaxSessions', 'MaxAuthTries'],
  ...['ClientAliveInterval', 'LoginGraceTime', 'PermitEmptyPasswords', 'AllowUsers', 'Banner', 'LogLevel'],
];
const units = ['rke2-server', 'ssh', 'systemd-journald', 'dbus'];
const commands = ['id etcd', 'getent group etcd', 'uname -r', 'hostname', 'date +%s', 'rke2 --version'];

/** Sixty checks, one task each, none of which changes anything. */
function playbook(): string {
  const command = (words: string): string =>
    `    - { command: ${JSON.stringify(words)}, changed_when: false, failed_when: false }`;
  const tasks = [
    ...kernel.map((key) => command(`sysctl -n ${key}`)),
    ...files.map((path) => `    - { stat: { path: ${path}, get_checksum: false } }`),
    ...settings.map((key) => command(`grep -E "^${key}" /etc/ssh/sshd_config`)),
    ...units.map((unit) => command(`systemctl show ${unit}`)),
    ...commands.map(command),
  ];
  if (tasks.length !== 60) throw new Error(`${tasks.length} checks instead of 60`);
  return `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.join('\n')}\n`;
}

/** Installs ansible-core from apt where that is possible; says why not where it is not. */
export function prepareAnsible(): string | undefined {
  if (existsSync('/usr/bin/ansible-playbook')) return undefined;
  if (process.getuid?.() !== 0 || !existsSync(aptGet))
    return 'ansible-core is not installed, and only root on a Debian-like system can install it';
  console.log('Installing ansible-core …');
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync(aptGet, ['update', '-qq'], { env, stdio: 'ignore' });
    execFileSync(aptGet, ['install', '-y', '-qq', '--no-install-recommends', 'ansible-core'], {
      env,
      stdio: 'ignore',
    });
    return undefined;
  } catch (error) {
    return `apt-get could not install ansible-core: ${(error as Error).message.split('\n')[0]}`;
  }
}

/** The command that runs the playbook on a cluster as fast as Ansible can: pipelining, kept connections, no facts, a fork a node. */
export function ansible(
  cluster: Cluster,
  folder: string,
): { readonly words: readonly string[]; readonly env: NodeJS.ProcessEnv } {
  const inventory = cluster.nodes.map(
    (n) => `${n.name} ansible_host=${n.address} ansible_python_interpreter=/usr/bin/python3`,
  );
  mkdirSync(join(folder, 'cp'), { recursive: true });
  writeFileSync(join(folder, 'hosts'), `${inventory.join('\n')}\n`);
  writeFileSync(join(folder, 'play.yaml'), playbook());
  writeFileSync(
    join(folder, 'ansible.cfg'),
    [
      '[defaults]',
      `forks = ${cluster.nodes.length}`,
      'gathering = explicit',
      'retry_files_enabled = false',
      `private_key_file = ${cluster.keyPath}`,
      'remote_user = root',
      `local_tmp = ${join(folder, 'tmp')}`,
      '[ssh_connection]',
      'pipelining = true',
      `control_path_dir = ${join(folder, 'cp')}`,
      `ssh_args = -F none -C -o ControlMaster=auto -o ControlPersist=5s -o UserKnownHostsFile=${cluster.knownHostsPath} -o KexAlgorithms=curve25519-sha256`,
      '',
    ].join('\n'),
  );
  return {
    words: ['/usr/bin/ansible-playbook', '-i', join(folder, 'hosts'), join(folder, 'play.yaml')],
    env: { ANSIBLE_CONFIG: join(folder, 'ansible.cfg'), ANSIBLE_NOCOLOR: '1', LC_ALL: 'C.UTF-8' },
  };
}
