import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Built, builtProgram } from '../terminal/build.ts';

let built: Built;
const state = mkdtempSync(join(tmpdir(), 'k8s-harden-full-'));

beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => {
  built?.remove();
  rmSync(state, { recursive: true, force: true });
});

/** Runs the program in a shell, as `"$@"`. */
function run(script: string, args: readonly string[]) {
  const { status, stderr, signal } = spawnSync('sh', ['-c', script, 'sh', built.program, ...args], {
    encoding: 'utf8',
    cwd: state,
    env: { ...process.env, NODE: process.execPath, XDG_STATE_HOME: state, XDG_DATA_HOME: state },
  });
  return { status, stderr, signal };
}

const commands = [
  [['--help']],
  [['check', '--help']],
  [['--version']],
  [['sessions']],
  [['completion', 'fish']],
  [['check', '--node', '127.0.0.1:1', '--ssh-config', 'none']],
  [['plan', '--format', 'json', '--node', '127.0.0.1:1', '--ssh-config', 'none']],
] as const;

describe.skipIf(!existsSync('/dev/full'))('a disk that is full', () => {
  it.each(commands)('%j says so, and ends with a code of its own', (args) => {
    expect(run('exec "$NODE" "$@" > /dev/full', args)).toEqual({
      status: 5,
      stderr: 'k8s-harden: The output could not be written whole: the disk is full (ENOSPC).\n',
      signal: null,
    });
  });

  it('takes what is to be said of it too, and the code stays', () => {
    for (const [args] of commands) expect(run('exec "$NODE" "$@" > /dev/full 2>&1', args).status).toBe(5);
  });

  it('does not make wrong use a bug where only that cannot be said', () => {
    expect(run('exec "$NODE" "$@" 2> /dev/full', ['--no-such-flag']).status).toBe(2);
    expect(run('exec "$NODE" "$@" 2> /dev/full', ['verify', 'none']).status).toBe(2);
  });
});

describe('a disk with room for a part', () => {
  // What may be written to one file ends after two blocks, as it does on a full disk: with a part of the last write.
  it.each([[['--help']], [['check', '--help']], [['completion', 'fish']]])(
    '%j is not taken for whole',
    (args) => {
      const file = join(state, 'part');
      const { status, stderr } = run(`ulimit -f 2; exec "$NODE" "$@" > '${file}'`, args);
      expect(readFileSync(file)).toHaveLength(1024);
      expect(stderr).toMatch(/^k8s-harden: The output could not be written whole: [^\n]+ \(EFBIG\)\.\n$/);
      expect(status).toBe(5);
    },
  );

  it('with room for all of it nothing is said, and all is there', () => {
    const file = join(state, 'whole');
    expect(run(`exec "$NODE" "$@" > '${file}'`, ['completion', 'fish'])).toEqual({
      status: 0,
      stderr: '',
      signal: null,
    });
    expect(readFileSync(file, 'utf8')).toMatch(/\n$/);
  });
});
