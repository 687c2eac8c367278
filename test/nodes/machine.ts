import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CommandResult, must, run, until } from './command.ts';
import type { Keeper, NodeAddress } from './network.ts';

const RUN_NODE = join(dirname(fileURLToPath(import.meta.url)), 'run-node.sh');

export type Role = 'server' | 'agent';

interface MachineOptions extends NodeAddress {
  readonly role: Role;
  readonly folder: string;
  readonly lower: string;
  readonly bootFlags: readonly string[];
  readonly cgroup: string;
  readonly clusterNetns: string;
  readonly store: string;
  readonly port: number;
  readonly fingerprint: string;
  readonly keeper: Keeper;
}

async function children(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

/** One booted Debian node. */
export class Machine {
  readonly name: string;
  readonly role: Role;
  /** Address inside the cluster's network namespace, where sshd listens on port 22. */
  readonly address: string;
  /** Port on 127.0.0.1 of the test that leads to the node's sshd. */
  readonly port: number;
  /** SHA256 fingerprint of the node's host key, as ssh shows it. */
  readonly fingerprint: string;
  /** The files that differ from the layers below; there also while the node is off. */
  readonly upper: string;

  constructor(private readonly options: MachineOptions) {
    this.name = options.name;
    this.role = options.role;
    this.address = options.address;
    this.port = options.port;
    this.fingerprint = options.fingerprint;
    this.upper = join(options.folder, 'up');
  }

  private async wrapperPid(): Promise<number | undefined> {
    const text = await readFile(join(this.options.folder, 'wrapper.pid'), 'utf8').catch(() => '');
    const pid = Number(text);
    const command = pid > 0 ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') : '';
    return command.includes(this.options.folder) ? pid : undefined;
  }

  /** The node's PID 1 as the machine outside counts, or undefined while it is off. */
  async pid1(): Promise<number | undefined> {
    const wrapper = await this.wrapperPid();
    if (wrapper === undefined) return undefined;
    for (const nspawn of await children(wrapper)) {
      for (const pid of await children(nspawn)) {
        const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
        if (/^NSpid:\s+\d+\s+1$/m.test(status) && /^Name:\s+(systemd|init)$/m.test(status)) return pid;
      }
    }
    return undefined;
  }

  /** The node's whole file system as a path of this machine, live; undefined while the node is off. */
  async root(): Promise<string | undefined> {
    const pid = await this.pid1();
    return pid === undefined ? undefined : `/proc/${pid}/root`;
  }

  /** Runs a shell command in the node as root, without SSH. */
  async exec(command: string, stdin = ''): Promise<CommandResult> {
    const pid = await this.pid1();
    if (pid === undefined) throw new Error(`${this.name} is off`);
    const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    const enter = ['-t', String(pid), '-m', '-u', '-i', '-n', '-p', '-C', '-r', '-w'];
    return run('nsenter', [...enter, 'env', '-i', PATH, 'HOME=/root', 'LANG=C', 'sh', '-c', command], stdin);
  }

  /** Like exec, but a non-zero exit is thrown. */
  async must(command: string, stdin = ''): Promise<string> {
    const result = await this.exec(command, stdin);
    if (result.code !== 0) throw new Error(`${this.name}: ${command}: exit ${result.code}: ${result.stderr}`);
    return result.stdout;
  }

  /** Switches the node on and waits for its sshd. */
  async powerOn(): Promise<void> {
    if ((await this.wrapperPid()) !== undefined) return;
    const { folder, lower, cgroup, netns, store, bootFlags } = this.options;
    const log = await open(join(folder, 'log'), 'a');
    const args = [folder, this.name, lower, cgroup, netns, store];
    const child = spawn(RUN_NODE, args, {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { ...process.env, NODE_BOOT_FLAGS: bootFlags.join(' ') },
    });
    child.on('error', () => undefined);
    child.unref();
    await log.close();
    await this.waitForSsh();
  }

  private sshAnswers(): Promise<true | undefined> {
    return new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: this.port });
      const end = (answer?: true) => {
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
  async waitForSsh(seconds = 30): Promise<void> {
    await until(`sshd of ${this.name}`, seconds, () => this.sshAnswers()).catch(async (error: Error) => {
      const log = await readFile(join(this.options.folder, 'log'), 'utf8').catch(() => '');
      throw new Error(`${error.message}\n${log.slice(-2000)}`);
    });
  }

  /** Pulls the plug: every process of the node is killed, nothing is written any more. */
  async powerOff(): Promise<void> {
    const wrapper = await this.wrapperPid();
    if (wrapper === undefined) return;
    const nspawn = await children(wrapper);
    const init = await this.pid1();
    const doomed = [wrapper, ...(init === undefined ? [] : [init]), ...nspawn];
    for (const pid of doomed) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // gone already
      }
    }
    const gone = async () => {
      const left = await Promise.all(
        doomed.map((pid) => readFile(`/proc/${pid}/stat`).catch(() => undefined)),
      );
      return left.every((stat) => stat === undefined || stat.includes(') Z ')) ? true : undefined;
    };
    await until(`${this.name} to be off`, 10, gone);
  }

  /** Reboots the way an operator does and waits for sshd; accounts, files and journal stay, running sysctls do not. */
  async reboot(): Promise<void> {
    const before = await this.pid1();
    await this.exec('systemctl reboot');
    await until(`${this.name} to reboot`, 30, async () => {
      const now = await this.pid1();
      return now !== undefined && now !== before ? true : undefined;
    });
    await this.waitForSsh();
  }

  /** Pulls the network cable; open connections stay silent. */
  async linkDown(): Promise<void> {
    await must('ip', ['-n', this.options.clusterNetns, 'link', 'set', this.options.link, 'down']);
    await mkdir(join(this.options.store, 'not-ready'), { recursive: true });
    await writeFile(join(this.options.store, 'not-ready', this.name), '');
  }

  /** Plugs the network cable in again. */
  async linkUp(): Promise<void> {
    await must('ip', ['-n', this.options.clusterNetns, 'link', 'set', this.options.link, 'up']);
    await rm(join(this.options.store, 'not-ready', this.name), { force: true });
  }

  /** Resets every connection through the loopback port that is open now. */
  cutConnections(): void {
    this.options.keeper.cut(this.name);
  }

  /** Delays what goes through the loopback port by so many milliseconds in each direction. */
  delay(milliseconds: number): void {
    this.options.keeper.delay(this.name, milliseconds);
  }
}
