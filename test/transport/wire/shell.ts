import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Answers, Deed, DeedReport } from '../../../src/domain/ports.ts';
import type { Question } from '../../../src/domain/question.ts';
import { askExchange, deedExchange, type Exchange } from '../../../src/transport/wire/index.ts';

export const isRoot = process.getuid?.() === 0;

/** The shells of this machine that a node might have as its /bin/sh. */
export const shells = (
  [
    ['dash', ['/usr/bin/dash', '-s']],
    ['bash', ['/usr/bin/bash', '-s']],
    ['busybox sh', ['/usr/bin/busybox', 'sh', '-s']],
  ] as const
).filter(([, [path]]) => existsSync(path));

export type Shell = readonly string[];
export const plainShell: Shell = ['/bin/sh', '-s'];

export type Said = { readonly out: Buffer; readonly err: Buffer; readonly exit: number | null };

export function marker(): string {
  return randomBytes(16).toString('hex');
}

const running = new Set<ChildProcess>();

/** Ends what a test that failed left running, each by the group it was started as. */
function endAll(): void {
  for (const { pid } of running)
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  running.clear();
}

/** Starts a command with `input` on its standard input, in a process group of its own. */
export function start(
  words: readonly string[],
  input: string,
): { child: ChildProcess; ended: Promise<Said> } {
  const child = spawn(words[0] ?? '', words.slice(1), {
    detached: true,
    env: { ...process.env, LC_ALL: 'de_DE.UTF-8' },
  });
  running.add(child);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const ended = new Promise<Said>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) => {
      running.delete(child);
      resolve({ out: Buffer.concat(out), err: Buffer.concat(err), exit });
    });
  });
  return { child, ended };
}

/** Feeds what was said into an exchange, in pieces of `size` bytes. */
export function hear<T>(exchange: Exchange<T>, said: Said, size = 65_536): T {
  for (let at = 0; at < said.out.length; at += size) exchange.feed(said.out.subarray(at, at + size));
  for (let at = 0; at < said.err.length; at += size) exchange.feedError(said.err.subarray(at, at + size));
  return exchange.finish({ exit: said.exit });
}

/**
 * A machine within the machine: the same files, but with /etc, /run, /var/lib and the network its own, so that changes are
 * real and touch nothing of ours. `folder` is also seen from outside.
 */
export type Node = {
  readonly folder: string;
  readonly words: (shell: Shell) => readonly string[];
  readonly ask: (questions: readonly Question[], shell?: Shell) => Promise<Answers>;
  readonly perform: (deed: Deed, shell?: Shell) => Promise<DeedReport>;
  readonly sh: (script: string) => Promise<Said>;
  readonly remove: () => Promise<void>;
};

export async function makeNode(): Promise<Node> {
  const folder = await mkdtemp(join(tmpdir(), 'wire-'));
  for (const name of ['run', 'varlib', 'tools', 'work']) await mkdir(join(folder, name));
  await promisify(execFile)('cp', ['-a', '/etc', join(folder, 'etc')]);
  const mounts = [
    ['etc', '/etc'],
    ['run', '/run'],
    ['varlib', '/var/lib'],
    ['tools', '/usr/local/sbin'],
  ].map(([name, at]) => `mount --bind '${folder}/${name}' ${at}`);
  const words = (shell: Shell): readonly string[] => [
    'unshare',
    '--mount',
    '--net',
    'sh',
    '-c',
    `set -e; ${mounts.join('; ')}; exec "$@"`,
    'sh',
    ...shell,
  ];
  const say = async <T>(exchange: Exchange<T>, shell: Shell): Promise<T> =>
    hear(exchange, await start(words(shell), exchange.script).ended);
  return {
    folder,
    words,
    ask: (questions, shell = plainShell) => say(askExchange(questions, { marker: marker() }), shell),
    perform: (deed, shell = plainShell) => say(deedExchange(deed, { marker: marker(), node: 'cp-1' }), shell),
    sh: (script) => start(words(plainShell), script).ended,
    remove: async () => {
      endAll();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
