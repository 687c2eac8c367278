import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Built, builtProgram } from './build.ts';
import { type Operator, sitDown } from './operator.ts';
import { expectGivenBack, running, seated as sit } from './shell.ts';
import { prompt, whyNoTmux } from './tmux.ts';
import { walkLab } from './way.ts';

const missing = whyNoTmux();
// A busy machine may take its time; what must not happen is still waited for no longer than it takes.
vi.setConfig({ testTimeout: 180_000 });

if (missing) console.warn(`LEFT OUT: manners in a real terminal: ${missing}`);

const colour = /\x1b\[[0-9;]*m/;

describe.skipIf(missing !== undefined)('manners in a real terminal', () => {
  let built: Built;
  beforeAll(async () => {
    built = await builtProgram();
  });
  afterAll(() => built?.remove());

  const seated = (
    options: Omit<Parameters<typeof sitDown>[0], 'program'>,
    act: (at: Operator) => Promise<void>,
  ): Promise<void> => sit({ program: built.program, ...options }, act);

  describe('leaving', () => {
    it.each([
      ['SIGHUP', 129],
      ['SIGTERM', 143],
      ['SIGINT', 130],
    ] as const)('%s gives the terminal back', (signal, code) =>
      seated({}, async (at) => {
        await at.command('echo before');
        await at.start('lab');
        await at.see('LAB', 'Step 1 of 9');
        expect(await at.flag('alternate_on')).toBe('1');
        process.kill(await running(at), signal);
        expect(await at.exitCode()).toBe(code);
        const printed = await at.history();
        expect(printed).toMatch(/^before$[\s\S]*^Record:\n {2}\S+\.jsonl$/m);
        expect(printed).toMatch(/^Last hash: [0-9a-f]{64}$/m);
        await expectGivenBack(at);
        expect(at.records().at(-1)?.event).toEqual({ kind: 'session-ended', why: 'interrupted' });
      }),
    );

    it('ctrl-c asks, and once more leaves', () =>
      seated({}, async (at) => {
        await at.start('lab');
        await at.see('LAB', 'Step 1 of 9');
        await at.press('C-c', 'Leave?', 'y leave');
        await at.press('Escape', '❯ RKE2');
        await at.keys('C-c', 'C-c');
        expect(await at.exitCode()).toBe(130);
        await expectGivenBack(at);
      }));

    it('where nothing has begun, q leaves at once with nothing printed', () =>
      seated({}, async (at) => {
        await at.start();
        await at.see('Harden a cluster');
        await at.keys('q');
        expect(await at.exitCode()).toBe(0);
        expect(at.sessions()).toEqual([]);
        await expectGivenBack(at);
      }));

    it('ctrl-z is a shell for a while, fg the same screen', () =>
      seated({ columns: 100, rows: 30 }, async (at) => {
        await at.start('lab');
        await walkLab(at);
        const screen = await at.see();
        await at.keys('C-z');
        await at.waitFor(new RegExp(`${prompt}\\s*$`));
        await expectGivenBack(at);
        await at.command('fg');
        await at.see('LAB', '20 controls');
        expect(await at.see()).toBe(screen);
        expect(await at.flag('alternate_on')).toBe('1');
        await at.press('Enter', 'host.1', 'a apply');
      }));
  });

  it('a resized screen is what a fresh one would be', () =>
    seated({ columns: 120, rows: 40 }, async (at) => {
      await at.start('lab');
      await walkLab(at);
      await at.press('Enter', 'host.1', 'a apply');
      await at.resize(60, 16);
      const small = await at.see('host.1');
      expect(await at.press('C-l', 'host.1')).toBe(small);
      await at.resize(60, 15);
      await at.waitFor('Terminal is 60x15; this needs 60x16');
      await at.resize(50, 10);
      await at.waitFor('Terminal is 50x10; this needs 60x16');
      // Nothing can be read, so nothing can be pressed.
      await at.keys('a');
      await at.keys('y');
      await at.keys('q');
      await at.resize(100, 30);
      const resized = await at.see('host.1', 'a apply');
      expect(await at.press('C-l', 'host.1')).toBe(resized);
      expect(resized.split('\n').every((line) => line.length <= 100)).toBe(true);
      expect((await at.written()).includes('\x1b[3J')).toBe(false);
      expect(at.records().filter(({ event }) => event.kind === 'change-intended')).toEqual([]);
      await at.press('Escape', '20 controls');
      await at.keys('C-c', 'C-c');
      await at.exitCode();
      const [here, there] = await Promise.all(
        [
          { columns: 120, rows: 40 },
          { columns: 100, rows: 30 },
        ].map(async (size) => {
          const other = await sitDown({ program: built.program, ...size });
          await other.start();
          await other.see('Harden a cluster');
          return other;
        }),
      );
      try {
        await here?.resize(50, 10);
        await here?.waitFor('Terminal is 50x10');
        await here?.resize(100, 30);
        expect(await here?.see('Harden a cluster')).toBe(await there?.see());
      } finally {
        await here?.close();
        await there?.close();
      }
    }));

  describe('what the environment says', () => {
    it('CI does not leave the screen blank', () =>
      seated({ env: { CI: '1', CONTINUOUS_INTEGRATION: '1' } }, async (at) => {
        await at.start();
        await at.see('Harden a cluster');
        expect((await at.written()).toString()).toMatch(colour);
      }));

    it.each([
      ['NO_COLOR', { NO_COLOR: '1' }, []],
      ['--no-color', {}, ['--no-color']],
    ] as const)('%s: no colour codes', (_, env, flags) =>
      seated({ env }, async (at) => {
        await at.start(...flags);
        await at.see('Harden a cluster', '❯');
        expect((await at.written()).toString()).not.toMatch(colour);
      }),
    );

    it('another locale: no symbol that it cannot show', () =>
      seated({ env: { LANG: 'C', LC_ALL: 'C' } }, async (at) => {
        await at.start('lab');
        const screen = await at.see('LAB', '> RKE2');
        expect(screen).toMatch(/^[\x20-\x7e\n]+$/);
      }));

    it('a dumb terminal: one line, exit 2, nothing drawn', () =>
      seated({ env: { TERM: 'dumb' } }, async (at) => {
        await at.start('lab');
        expect(await at.exitCode()).toBe(2);
        const seen = await at.history();
        expect(seen).toContain('needs a terminal');
        expect(seen).not.toMatch(/^\s+at /m);
        expect((await at.written()).includes('\x1b[?1049h')).toBe(false);
      }));

    it('a pipe: one line, exit 2, nothing on standard output', async () => {
      const call = promisify(execFile)(process.execPath, [built.program, 'lab']);
      call.child.stdin?.end();
      const ended = await call.then(
        () => ({ code: 0, stdout: '', stderr: '' }),
        (error: { code: number; stdout: string; stderr: string }) => error,
      );
      expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 2, stdout: '' });
      expect(ended.stderr).toContain('needs a terminal');
      expect(ended.stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
    });
  });
});
