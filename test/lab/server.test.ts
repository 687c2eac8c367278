import { existsSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import ssh2 from 'ssh2';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import type { NodeAddress } from '../../src/domain/event.ts';
import { readObject } from '../../src/domain/evidence.ts';
import type { ConnectQuestion, Target } from '../../src/domain/ports.ts';
import { questionKey } from '../../src/domain/question.ts';
import { type Lab, startLab } from '../../src/lab/server.ts';
import { newKeyPair, openFolder } from '../../src/lab/server-keys.ts';
import { createConnector } from '../../src/transport/ssh.ts';
import { changeOf, practiceCluster } from './practice.ts';

const kubectl = ['/var/lib/rancher/rke2/bin/kubectl'];
const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function lab(): Promise<Lab> {
  const started = await startLab(practiceCluster(), { readYaml: parse });
  open.push(started.close);
  return started;
}

async function reach(of: Lab, name: string, answer?: string) {
  const asked: ConnectQuestion[] = [];
  const connector = createConnector({ lab: true, knownHosts: of.knownHosts, identity: of.clientKey });
  const result = await connector.connect(addressOf(of, name), {
    readOnly: false,
    deadlineMs: 20_000,
    answerer: async (question) => {
      asked.push(question);
      return answer;
    },
  });
  if (result.ok) open.push(result.value.target.close);
  return { result, asked };
}

async function targetOf(of: Lab, name: string): Promise<Target> {
  const { result, asked } = await reach(of, name);
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  expect(asked).toEqual([]);
  expect(result.value.privilege).toBe('root');
  return result.value.target;
}

function addressOf(of: Lab, name: string): NodeAddress {
  const address = of.nodes.find((node) => node.name === name);
  if (!address) throw new Error(`no ${name}`);
  return address;
}

/** What a command says to a plain SSH client with the lab's own key. */
function plain(of: Lab, name: string, input: string, with_: ssh2.ConnectConfig = {}) {
  const { port } = addressOf(of, name);
  return new Promise<{ readonly out: string; readonly err: string; readonly exit: number | null }>(
    (resolve, reject) => {
      const client = new ssh2.Client();
      let out = '';
      let err = '';
      client.on('error', reject);
      client.on('ready', () => {
        client.exec('sh -s', (error, channel) => {
          if (error) return reject(error);
          channel.on('data', (part: Buffer) => {
            out += part.toString();
          });
          channel.stderr.on('data', (part: Buffer) => {
            err += part.toString();
          });
          channel.on('close', (exit: number | null) => {
            client.end();
            resolve({ out, err, exit });
          });
          channel.end(input);
        });
      });
      const privateKey = readFileSync(of.clientKey);
      client.connect({ host: '127.0.0.1', port, username: 'root', privateKey, ...with_ });
    },
  );
}

describe('the lab over SSH', () => {
  it('is asked and changed through the very transport that real nodes are', async () => {
    const started = await lab();
    const target = await targetOf(started, 'cp-1');
    const text = { kind: 'file', path: '/etc/rancher/rke2/config.yaml' } as const;
    const folder = { kind: 'folder', path: '/usr/lib/sysctl.d', suffix: '.conf' } as const;
    const kubelet = { kind: 'process', name: 'kubelet' } as const;
    const accounts = { kind: 'object', kubectl, get: ['serviceaccounts', '-A'] } as const;
    const beyond = { kind: 'command', words: ['uptime'] } as const;
    const questions = [text, folder, kubelet, accounts, beyond];
    let told = 0;
    const answers = await target.ask(questions, {
      deadlineMs: 20_000,
      onAnswer: () => {
        told += 1;
      },
    });
    expect(told).toBe(questions.length);
    for (const question of questions) {
      expect(answers.get(questionKey(question))).toEqual(started.store.ask('cp-1', question));
    }
    expect(readObject(answers.get(questionKey(accounts)) ?? { kind: 'absent' }, 'accounts').known).toBe(true);

    const step = { kind: 'set-kernel', key: 'kernel.panic', value: '10', before: '0' } as const;
    const change = changeOf('cp-1', step);
    const lines: string[] = [];
    const report = await target.perform(
      { kind: 'change', change },
      { deadlineMs: 20_000, onOutput: (line) => lines.push(line) },
    );
    expect(report).toEqual({
      kind: 'done',
      output: ['step 1 of 1: sysctl -w kernel.panic=10', 'kernel.panic = 10'],
    });
    expect(lines).toEqual(report.output);
    expect(started.store.cluster().nodes['cp-1']?.kernel['kernel.panic']).toBe('10');
    const drift = changeOf('cp-1', step);
    expect(await target.perform({ kind: 'change', change: drift }, { deadlineMs: 20_000 })).toMatchObject({
      kind: 'refused',
      failure: { code: 'drifted', node: 'cp-1', path: 'kernel.panic' },
    });
    const beyondIt = changeOf('cp-1', { kind: 'run', words: ['reboot'], why: 'to see' });
    expect(await target.perform({ kind: 'change', change: beyondIt }, { deadlineMs: 20_000 })).toMatchObject({
      kind: 'refused',
      failure: { code: 'lab-cannot', what: 'reboot' },
    });
    expect((await target.perform({ kind: 'undo', change, force: false }, { deadlineMs: 20_000 })).kind).toBe(
      'done',
    );
  });

  it('serves all nodes at once, and each its own', async () => {
    const started = await lab();
    const targets = await Promise.all(
      ['cp-1', 'cp-2', 'cp-3', 'worker-1'].map((name) => targetOf(started, name)),
    );
    const names = await Promise.all(
      targets.map(async (target) => {
        const answers = await target.ask([{ kind: 'machine' }], { deadlineMs: 20_000 });
        const answer = answers.get(questionKey({ kind: 'machine' }));
        return answer?.kind === 'said' ? /hostname=(.*)/.exec(answer.text)?.[1] : '';
      }),
    );
    expect(names).toEqual(['cp-1', 'cp-2', 'cp-3', 'worker-1']);
  });

  it('has one node whose host key the operator must compare', async () => {
    const started = await lab();
    expect(started.stranger).toBe('worker-2');
    const no = await reach(started, 'worker-2');
    expect(no.asked).toMatchObject([
      { kind: 'host-key', node: 'worker-2', fingerprint: expect.stringMatching(/^SHA256:/) },
    ]);
    expect(no.result).toMatchObject({ ok: false, failure: { code: 'host-key-unknown' } });
    const yes = await reach(started, 'worker-2', 'yes');
    expect(yes.result.ok).toBe(true);
    expect(readFileSync(started.knownHosts, 'utf8')).toContain(`:${addressOf(started, 'worker-2').port} `);
  });

  it('runs no shell: without the transport’s words it says so', async () => {
    const started = await lab();
    const cannot = { out: '', err: 'the lab cannot do this\n', exit: 127 };
    expect(await plain(started, 'cp-1', 'reboot\n')).toEqual(cannot);
    expect(await plain(started, 'cp-1', '')).toEqual(cannot);
    expect(await plain(started, 'cp-1', ': k8s-harden-lab bm90aGluZw==\n')).toEqual(cannot);
  });

  it('does nothing for a script that did not arrive whole', async () => {
    const started = await lab();
    const deed = { kind: 'lock', holder: 'ann', take: false };
    const data = Buffer.from(JSON.stringify({ marker: 'a'.repeat(32), deed })).toString('base64');
    const whole = `: k8s-harden-lab ${data}\n_wire() {\nexit 0\n}\n_wire\n`;
    expect(await plain(started, 'cp-1', whole.slice(0, -3))).toMatchObject({ out: '', exit: 2 });
    expect(started.store.cluster().nodes['cp-1']?.lock).toBeUndefined();
    expect(await plain(started, 'cp-1', whole)).toMatchObject({ exit: 0 });
    expect(started.store.cluster().nodes['cp-1']?.lock).toBe('ann');
  });

  it('outlives whoever goes away in the middle of a script', async () => {
    const started = await lab();
    const broke = vi.fn();
    process.on('uncaughtException', broke);
    const client = new ssh2.Client();
    const gone = new Promise<void>((resolve) => client.on('close', () => resolve()));
    client.on('ready', () =>
      client.exec('echo 0a root; ', (_, shell) => shell.on('data', () => client.destroy())),
    );
    const { port } = addressOf(started, 'cp-1');
    client.connect({
      host: '127.0.0.1',
      port,
      username: 'root',
      privateKey: readFileSync(started.clientKey),
    });
    await gone;
    expect(await plain(started, 'cp-1', 'reboot\n')).toMatchObject({ exit: 127 });
    process.off('uncaughtException', broke);
    expect(broke).not.toHaveBeenCalled();
  });

  it('lets nobody in without its key, nor anybody but root', async () => {
    const started = await lab();
    const stranger = newKeyPair('stranger').private;
    await expect(plain(started, 'cp-1', '', { privateKey: stranger })).rejects.toThrow(/authentication/);
    await expect(plain(started, 'cp-1', '', { username: 'ann' })).rejects.toThrow(/authentication/);
  });

  it('makes no broken keys, of which ssh2 makes one in two hundred', () => {
    for (let n = 0; n < 2000; n++) {
      const pair = newKeyPair('x');
      expect(ssh2.utils.parseKey(pair.private)).not.toBeInstanceOf(Error);
      expect(pair.public.split(' ')[1]).toHaveLength(68);
    }
  });

  it('takes its folder along when the program leaves without closing it', async () => {
    const before = new Set(process.listeners('exit'));
    const folder = await openFolder();
    const [sweep] = process.listeners('exit').filter((listener) => !before.has(listener));
    expect(existsSync(folder.path)).toBe(true);
    sweep?.(0);
    expect(existsSync(folder.path)).toBe(false);
    await folder.remove();
    expect(process.listeners('exit').every((listener) => before.has(listener))).toBe(true);
  });

  it('keeps its keys to itself, and leaves nothing behind', async () => {
    const started = await startLab(practiceCluster(), { readYaml: parse });
    const folder = dirname(started.clientKey);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(started.clientKey).mode & 0o777).toBe(0o600);
    const { port } = addressOf(started, 'cp-1');
    await targetOf(started, 'cp-1');
    await started.close();
    expect(existsSync(folder)).toBe(false);
    await expect(
      new Promise((resolve, reject) => connect(port, '127.0.0.1').on('connect', resolve).on('error', reject)),
    ).rejects.toThrow(/ECONNREFUSED/);
  });
});
