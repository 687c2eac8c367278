import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { type Operator, sitDown } from './operator.ts';
import { prompt } from './tmux.ts';

/** Sits down, does something, and gets up again whatever happened. */
export async function seated(
  options: Parameters<typeof sitDown>[0],
  act: (at: Operator) => Promise<void>,
): Promise<void> {
  const at = await sitDown(options);
  try {
    await act(at);
  } finally {
    await at.close();
  }
}

/** The process that the shell of the terminal runs now. */
export async function running(at: Operator): Promise<number> {
  const shell = await at.flag('pane_pid');
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pids = all.map((line) => line.trim().split(/\s+/)).filter(([, parent]) => parent === shell);
  expect(pids).toHaveLength(1);
  return Number(pids[0]?.[0]);
}

/** What a person types, blindly and with ctrl-j for Enter, when nobody was left to give the terminal back. */
export async function tidyUp(at: Operator): Promise<void> {
  await at.waitFor(new RegExp(`${prompt}\\s*$`));
  await at.type('stty sane; printf "\\033[?1049l\\033[?25h"; clear');
  await at.keys('C-j');
  await at.waitFor(new RegExp(`^${prompt}\\s*$`));
}

/** The terminal is the shell's again: its own screen, a cursor, and what is typed is seen. */
export async function expectGivenBack(at: Operator): Promise<void> {
  expect(await at.flag('alternate_on')).toBe('0');
  expect(await at.flag('cursor_flag')).toBe('1');
  await at.command('stty -a');
  const settings = await at.waitFor(/\bechoe\b/);
  expect(settings).toMatch(/(?<!-)\becho\b/);
  expect(settings).toMatch(/(?<!-)\bicanon\b/);
  expect(settings).toMatch(/(?<!-)\bisig\b/);
}
