import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Built, builtProgram } from './build.ts';
import type { Operator } from './operator.ts';
import { running, seated, tidyUp } from './shell.ts';
import { whyNoTmux } from './tmux.ts';
import { walkLab } from './way.ts';

const missing = whyNoTmux();
// A busy machine may take its time; what must not happen is still waited for no longer than it takes.
vi.setConfig({ testTimeout: 180_000 });

if (missing) console.warn(`LEFT OUT: what a kill -9 leaves behind, in a real terminal: ${missing}`);

describe.skipIf(missing !== undefined)('after a kill -9', () => {
  let built: Built;
  beforeAll(async () => {
    built = await builtProgram();
  });
  afterAll(() => built?.remove());

  const killed = (act: (at: Operator, journal: string) => Promise<void>) =>
    seated({ program: built.program, columns: 100, rows: 30 }, async (at) => {
      await at.start('lab');
      await walkLab(at);
      await at.press('Enter', 'host.1', 'a apply');
      await at.press('a', 'yes, apply');
      await at.press('y', 'It has ended');
      const lab = await running(at);
      process.kill(lab, 'SIGKILL');
      await tidyUp(at);
      const [id = ''] = at.sessions();
      await act(at, join(at.home, 'state/k8s-harden/sessions', `${id}.jsonl`));
    });

  it('a session goes on at the very step', () =>
    seated({ program: built.program }, async (at) => {
      await at.start('--node', 'cp-1=root@127.0.0.1:1 server', '--ssh-config', 'none');
      await at.see('Harden a cluster');
      await at.press('Enter', 'Step 1 of 9');
      await at.press('Enter', 'Step 2 of 9');
      await at.press('Down', '❯ Level 2: CIS');
      const left = await at.press('Enter', 'Step 3 of 9', 'cp-1');
      process.kill(await running(at), 'SIGKILL');
      await tidyUp(at);
      await at.start();
      await at.see('Harden a cluster', 'Resume a session');
      await at.press('Down');
      await at.press('Down', '❯ Fix a broken cluster');
      await at.press('Down', '1 session is waiting where you left');
      await at.press('Enter', 'Which session?');
      const back = await at.press('Enter', 'Step 3 of 9', 'cp-1');
      const kept = (screen: string): string => screen.split('\n').slice(0, 8).join('\n');
      expect(kept(back)).toBe(kept(left));
      expect(back).not.toContain('no known end');
    }));

  it('practice is over, and says so', () =>
    killed(async (at) => {
      await at.start();
      // Practice ends with its program: there is nothing to go on with, only something to read.
      expect(await at.see('Harden a cluster', 'Read or undo a past session')).not.toContain(
        'Resume a session',
      );
      await at.press('Down');
      await at.press('Down', '❯ Fix a broken cluster');
      await at.press('Down', '1 session on record');
      await at.press('Enter', 'Which session?', 'practice');
      await at.press('Enter', 'LAB', 'its cluster is gone', '3 changes stand');
    }));

  it('a change that was only begun is named before anything else', () =>
    killed(async (at, journal) => {
      // As if the kill had come right after the intent was on disk.
      const lines = readFileSync(journal, 'utf8').split('\n');
      const intent = lines.findIndex((line) => line.includes('"kind":"change-intended"'));
      expect(intent).toBeGreaterThan(0);
      writeFileSync(journal, `${lines.slice(0, intent + 1).join('\n')}\n`);
      await at.start();
      await at.see('Harden a cluster', 'Read or undo a past session');
      await at.press('Down');
      await at.press('Down', '❯ Fix a broken cluster');
      await at.press('Down', '1 session on record');
      await at.press('Enter', 'Which session?', 'unfinished');
      await at.press(
        'Enter',
        'A change on cp-1 has no known end',
        'practice cluster of this session is gone',
      );
      await at.press('q', 'y leave', 'its cluster is gone');
      await at.keys('y');
      await at.exitCode();
      expect(await at.history()).toContain('Unfinished: look at these first');
    }));
});
