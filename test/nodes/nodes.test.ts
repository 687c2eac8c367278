import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { Client } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster, PROCESS_ID, rootfs, type Suite } from './cluster.ts';
import { run } from './command.ts';
import type { Machine } from './machine.ts';

const capability = nodesCapability();
if (!capability.ok) console.warn(`test nodes left out: ${capability.reason}`);

function ssh(cluster: Cluster, node: Machine, account: string, command: string) {
  const options = [
    '-o',
    `UserKnownHostsFile=${cluster.knownHostsPath}`,
    '-o',
    'BatchMode=yes',
    '-o',
    'LogLevel=ERROR',
  ];
  const to = ['-F', 'none', '-i', cluster.keyPath, '-p', String(node.port), `${account}@127.0.0.1`];
  return run('ssh', [...options, ...to, command]);
}

function loginWithPassword(cluster: Cluster, node: Machine, interactive: boolean): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    const prompts: string[] = [];
    client.on('keyboard-interactive', (_name, _instructions, _language, asked, finish) => {
      prompts.push(...asked.map((each) => each.prompt));
      finish(asked.map(() => cluster.password));
    });
    client.on('error', reject).on('ready', () => {
      client.end();
      resolve(prompts);
    });
    const how = interactive ? { tryKeyboard: true } : { password: cluster.password };
    client.connect({ host: '127.0.0.1', port: node.port, username: 'opspw', ...how });
  });
}

const KUBECTL = '/var/lib/rancher/rke2/bin/kubectl --kubeconfig=/etc/rancher/rke2/rke2.yaml';

async function lastRefusal(node: Machine): Promise<string> {
  return node.must('journalctl -u rke2-server -o cat --no-pager | grep level=fatal | tail -1');
}

describe.skipIf(!capability.ok).each<Suite>(['bookworm', 'trixie'])('nodes of %s', (suite) => {
  let cluster: Cluster;
  let node: Machine;

  beforeAll(async () => {
    await rootfs(suite);
    const agent = { name: 'worker-1', role: 'agent' } as const;
    cluster = await bootNodes({
      suite,
      nodes: [{ name: 'cp-1', role: 'server' }, { name: 'cp-2', role: 'server' }, agent],
    });
    node = cluster.node('cp-1');
  }, 300_000);

  afterAll(() => cluster?.close(), 60_000);

  it('let an operator in with the host key they said', async () => {
    const answer = await ssh(cluster, node, 'root', 'hostname; systemctl is-system-running');
    expect(answer).toEqual({ code: 0, stdout: 'cp-1\nrunning\n', stderr: '' });
    expect((await run('ssh-keygen', ['-l', '-f', cluster.knownHostsPath])).stdout).toContain(
      node.fingerprint,
    );
  });

  it('have accounts with every kind of sudo', async () => {
    const said = async (account: string, command: string) => ssh(cluster, node, account, command);
    expect((await said('ops', 'sudo -n id -u')).stdout).toBe('0\n');
    expect((await said('opspw', 'sudo -n id -u')).stderr).toContain('a password is required');
    const typed = await said('opspw', `echo '${cluster.password}' | sudo -S -p '' id -u`);
    expect(typed.stdout).toBe('0\n');
    expect((await said('nosudo', `echo '${cluster.password}' | sudo -S -p '' id -u`)).stderr).toContain(
      'not in the sudoers',
    );
    expect((await said('ttyuser', 'sudo -n id -u')).stderr).toContain('tty');
    for (const shell of ['dash', 'zsh', 'fish', 'csh', 'busybox']) {
      expect((await said(`ops-${shell}`, 'sudo -n id -u')).stdout, shell).toBe('0\n');
    }
  });

  it('take the password, typed or asked for', async () => {
    expect(await loginWithPassword(cluster, node, false)).toEqual([]);
    expect(await loginWithPassword(cluster, node, true)).toEqual(['Password: ']);
  });

  it('can have a connection reset and delayed', async () => {
    const cut = ssh(cluster, node, 'root', 'sleep 30');
    await node.must('until pgrep -x sleep; do sleep 0.02; done');
    node.cutConnections();
    expect((await cut).code).toBe(255);
    node.delay(50);
    const start = Date.now();
    await ssh(cluster, node, 'root', 'true');
    expect(Date.now() - start).toBeGreaterThan(400);
    node.delay(0);
  });

  it('keep kernel values to themselves and lose them at a reboot', async () => {
    const outside = readFileSync('/proc/sys/kernel/panic', 'utf8');
    await node.must(
      'sysctl -w kernel.panic=10 vm.overcommit_memory=1; echo vm.panic_on_oom=1 > /etc/sysctl.d/50-x.conf',
    );
    await node.must('systemctl restart systemd-sysctl');
    expect(await node.must('cat /proc/sys/kernel/panic /proc/sys/vm/panic_on_oom')).toBe('10\n1\n');
    expect(await cluster.node('cp-2').must('cat /proc/sys/kernel/panic')).toBe('0\n');
    expect(readFileSync('/proc/sys/kernel/panic', 'utf8')).toBe(outside);
    const boot = await node.must('cat /proc/sys/kernel/random/boot_id');
    await node.reboot();
    expect(await node.must('cat /proc/sys/kernel/random/boot_id')).not.toBe(boot);
    expect(await node.must('cat /proc/sys/kernel/panic /proc/sys/vm/panic_on_oom')).toBe('0\n1\n');
    await node.must('rm /etc/sysctl.d/50-x.conf');
  });

  it('survive a pulled plug', async () => {
    const worker = cluster.node('worker-1');
    await worker.must('echo here > /etc/kept && sync');
    await worker.powerOff();
    expect(await worker.pid1()).toBeUndefined();
    await worker.powerOn();
    expect(await worker.must('cat /etc/kept')).toBe('here\n');
  });

  it('run an RKE2 that refuses in the words of the vendor until the node is prepared', async () => {
    const kubectl = (words: string) => node.must(`${KUBECTL} ${words}`);
    await node.must('until systemctl is-active -q rke2-server; do sleep 0.1; done');
    expect(await node.must('journalctl -u rke2-server -o cat --no-pager')).toContain(
      'msg="not running in CIS mode"',
    );
    await node.must('echo "profile: cis" >> /etc/rancher/rke2/config.yaml');
    expect((await node.exec('systemctl restart rke2-server')).code).toBe(1);
    expect(await lastRefusal(node)).toContain(
      String.raw`invalid kernel parameter value vm.overcommit_memory=0 - expected 1\n`,
    );
    await node.must('cp /usr/local/share/rke2/rke2-cis-sysctl.conf /etc/sysctl.d/60-rke2-cis.conf');
    await node.must('sysctl -p /etc/sysctl.d/60-rke2-cis.conf; ! systemctl restart rke2-server');
    expect(await lastRefusal(node)).toContain(
      String.raw`"missing required: user: unknown user etcd\nmissing required: group: unknown group etcd\n"`,
    );
    await node.must('useradd -r -c "etcd user" -s /sbin/nologin -M etcd -U; systemctl restart rke2-server');
    const owners =
      'stat -c "%U:%G %a" /var/lib/rancher/rke2/server/db/etcd /etc/rancher/rke2/audit-policy.yaml';
    expect(await node.must(owners)).toBe('etcd:etcd 700\nroot:root 600\n');
    expect(await node.must('ps -o args= -C kube-apiserver')).toMatch(
      /^kube-apiserver .*--audit-log-maxage=30/,
    );
    expect(await kubectl('get netpol -n kube-public -o name')).toBe(
      'networkpolicy.networking.k8s.io/default-network-policy\n',
    );
    const automount = '{.items[?(@.metadata.namespace!="shop")].automountServiceAccountToken}';
    expect(await kubectl(`get sa -A -o jsonpath='${automount}'`)).toBe('false false false false');
    const label = await node.exec(
      `${KUBECTL} label --dry-run=server ns shop pod-security.kubernetes.io/enforce=restricted`,
    );
    expect(label.stderr).toContain(
      'existing pods in namespace "shop" violate the new PodSecurity enforce level "restricted:latest"',
    );
  });

  it('answer kubectl only while a server of the cluster is active', async () => {
    expect(await cluster.node('cp-2').must(`${KUBECTL} get nodes --no-headers | grep -c ' Ready '`)).toBe(
      '3\n',
    );
    await Promise.all(['cp-1', 'cp-2'].map((name) => cluster.node(name).must('systemctl stop rke2-server')));
    const refused = await node.exec(`${KUBECTL} get nodes`);
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?\n',
    });
  });

  it('leave nothing behind', async () => {
    const folder = dirname(cluster.keyPath);
    const id = folder.slice(folder.lastIndexOf('-') + 1);
    await cluster.close();
    await cluster.close();
    expect(existsSync(folder)).toBe(false);
    expect((await run('ip', ['netns', 'list'])).stdout).not.toContain(`kh-${id}`);
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(id);
    for (const tree of ['systemd', 'unified', '.'])
      expect(existsSync(`/sys/fs/cgroup/${tree}/k8s-harden-${id}`)).toBe(false);
    const commands = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        } catch {
          return '';
        }
      });
    expect(commands.filter((line) => line.includes(folder) && line.includes('nspawn'))).toEqual([]);
  });
});

describe.skipIf(!capability.ok)('a failed boot', () => {
  it('takes back what it had made', async () => {
    // Other test files boot and remove clusters meanwhile: only what this process made is looked at.
    const ours = new RegExp(`^(kh|k8s-harden|k8s-harden-nodes)-${PROCESS_ID}[a-z0-9]{4}(-\\d+)?$`);
    const left = async () => [
      ...(await run('ip', ['netns', 'list'])).stdout.split(/\s+/).filter((name) => ours.test(name)),
      ...['/sys/fs/cgroup', '/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified', tmpdir()]
        .flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []))
        .filter((name) => ours.test(name)),
      ...readFileSync('/proc/mounts', 'utf8')
        .split(/[\s/]+/)
        .filter((name) => ours.test(name)),
    ];
    const before = await left();
    const twins = [
      { name: 'same', role: 'server' },
      { name: 'same', role: 'server' },
    ] as const;
    await expect(bootNodes({ nodes: twins })).rejects.toThrow();
    expect(await left()).toEqual(before);
  });
});

describe.skipIf(!capability.ok)('two clusters', () => {
  it('live side by side, and one goes without the other', async () => {
    const bare = { nodes: 1, rke2: false } as const;
    const [one, other] = await Promise.all([bootNodes(bare), bootNodes(bare)]);
    try {
      await one.close();
      expect(await other.node('cp-1').must('hostname')).toBe('cp-1\n');
      expect((await ssh(other, other.node('cp-1'), 'ops', 'command -v rke2')).code).toBe(1);
    } finally {
      await Promise.all([one.close(), other.close()]);
    }
  });
});
