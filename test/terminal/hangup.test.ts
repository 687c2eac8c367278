import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyJournal } from '../../src/journal/read.ts';
import { type Built, builtProgram } from './build.ts';
import { type Operator, sitDown } from './operator.ts';
import { whyNoTmux } from './tmux.ts';
import { walkLab } from './way.ts';

const missing = whyNoTmux();
vi.setConfig({ testTimeout: 180_000 });

if (missing) console.warn(`LEFT OUT: a terminal that is closed: ${missing}`);

describe.skipIf(missing !== undefined)('a terminal that is closed', () => {
  let built: Built;
  beforeAll(async () => {
    built = await builtProgram();
  });
  afterAll(() => built?.remove());

  const afresh = ['--node', 'cp-1=root@127.0.0.1:1 server', '--ssh-config', 'none'];

  /**
   * Starts the program under a shell that outlives the terminal and keeps the exit code; whether the program hears the signal
   * or sees nothing but the end of its input depends on that shell.
   */
  async function closed(
    { home, signal }: { readonly home: string; readonly signal: boolean },
    args: readonly string[],
    act: (at: Operator) => Promise<void>,
  ): Promise<{ readonly code: string; readonly kinds: readonly string[]; readonly chain: string }> {
    const code = join(home, 'code');
    const script = join(home, 'sit.sh');
    const words = [process.execPath, built.program, ...args].map((w) => `'${w}'`).join(' ');
    // The terminal tells its shell alone; this one tells the program, or not.
    const told = signal ? 'for p in $(ps -o pid= --ppid $$); do kill -HUP $p; done' : ':';
    writeFileSync(
      script,
      `trap '${told}' HUP\n${words}\necho $? > '${code}.new'; mv '${code}.new' '${code}'\n`,
    );
    const at = await sitDown({ program: built.program, columns: 100, rows: 30, home });
    try {
      await at.command(`exec sh '${script}'`);
      await act(at);
    } finally {
      await at.close();
    }
    const folder = join(home, 'state/k8s-harden/sessions');
    const [journal = ''] = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
    expect(readdirSync(folder).filter((name) => !/\.(jsonl|head)$/.test(name))).toEqual([]);
    const verified = await verifyJournal(join(folder, journal));
    return {
      code: readFileSync(code, 'utf8').trim(),
      kinds: at.records().map((r) => r.event.kind),
      chain: verified.ok ? verified.value.chain : 'unreadable',
    };
  }

  async function atHome<T>(act: (home: string) => Promise<T>): Promise<T> {
    const home = mkdtempSync(join(tmpdir(), 'k8s-harden-hangup-'));
    try {
      return await act(home);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }

  describe.each([
    ['with nothing but the end of its input', false],
    ['with the signal', true],
  ])('%s', (_name, signal) => {
    it('before any node is connected: the record is closed, and the code is that of a hangup', () =>
      atHome(async (home) => {
        const end = await closed({ home, signal }, afresh, async (at) => {
          await at.waitFor('Harden a cluster');
          await at.keys('Enter');
          await at.waitFor('Step 1 of 9');
        });
        expect(end).toMatchObject({ code: '129', chain: 'whole' });
        expect(end.kinds.at(-1)).toBe('session-ended');
      }));

    it('with nodes connected: the same, and no abort', () =>
      atHome(async (home) => {
        const end = await closed({ home, signal }, ['lab'], async (at) => {
          await walkLab(at);
        });
        expect(end).toMatchObject({ code: '129', chain: 'whole' });
        expect(end.kinds.at(-1)).toBe('session-ended');
      }));
  });
});
