import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Machine } from './machine.ts';

/** Programs of a node that write down how they were called, with their environment, before they run. */
const watched =
  'cp mv chown chmod sync sha256sum stat cat head cut grep find mkdir ln rm sysctl useradd systemctl rke2 journalctl timeout env id ps';
const wrap = `for tool in ${watched}; do
  real=$(command -v $tool) || continue
  printf '#!/bin/dash\\nprintf "%%s\\\\n" "$0 $*" >> /run/called\\n/usr/bin/tr "\\\\0" "\\\\n" < /proc/self/environ >> /run/called\\nexec %s "$@"\\n' "$real" > /run/wrapper
  /bin/cp /run/wrapper /usr/local/sbin/$tool; /bin/chmod 755 /usr/local/sbin/$tool
done; : > /run/called; /bin/chmod 666 /run/called`;

/** From now on the programs of a node that a session calls write down how they are called. */
export async function watchCalls(machine: Machine): Promise<void> {
  await machine.must(wrap);
}

/** How they were called: name, arguments and environment of each. */
export async function callsOn(machine: Machine): Promise<string> {
  return machine.must('/bin/cat /run/called');
}

/** Reads the arguments and the environment of every process of this machine, those in the nodes included, over and over. */
const sampler = `
  const { readdirSync, readFileSync } = require('node:fs');
  const seen = new Set();
  const own = String(process.pid);
  const look = () => {
    for (const pid of readdirSync('/proc')) {
      if (!/^\\d+$/.test(pid) || pid === own) continue;
      for (const what of ['cmdline', 'environ'])
        try { seen.add(readFileSync('/proc/' + pid + '/' + what, 'latin1').replaceAll('\\0', ' ')); } catch {}
    }
  };
  const timer = setInterval(look, 5);
  process.on('SIGTERM', () => { clearInterval(timer); process.stdout.write([...seen].join('\\n')); });
  process.stdout.write('ready\\n');
`;

/** Somebody who looks at all processes of this machine. */
export type ProcessWatch = {
  /** Ends the look, and answers all that was seen. */
  readonly end: () => Promise<string>;
  /** Ends it without a word. */
  readonly kill: () => void;
};

/** Begins to look at all processes; resolves when it does. */
export async function watchProcesses(): Promise<ProcessWatch> {
  const child: ChildProcess = spawn(process.execPath, ['-e', sampler], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('no output');
  await once(child.stdout, 'data');
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  return {
    end: async () => {
      child.kill('SIGTERM');
      await once(child, 'close');
      return text;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
