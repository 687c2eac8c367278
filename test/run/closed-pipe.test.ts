import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Built, buildProgram } from '../terminal/build.ts';

let built: Built;
const state = mkdtempSync(join(tmpdir(), 'k8s-harden-pipe-'));

beforeAll(async () => {
  built = await buildProgram();
});
afterAll(() => {
  built?.remove();
  rmSync(state, { recursive: true, force: true });
});

it.each([
  [['sessions'], 0],
  [['sessions', '--format', 'json'], 0],
  [['completion', 'bash'], 0],
  [['check', '--node', '127.0.0.1:1', '--ssh-config', 'none'], 4],
])('%j ends quietly where nobody reads on', async (args, code) => {
  const child = spawn(process.execPath, [built.program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_STATE_HOME: state, XDG_DATA_HOME: state },
  });
  child.stdout.destroy();
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  const [exit] = await once(child, 'close');
  expect(said.join('')).toBe('');
  expect(exit).toBe(code);
});
