import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { flags } from '../../src/flags.ts';
import { main } from '../../src/main.ts';
import { formats } from '../../src/report/index.ts';

async function completion(shell: string): Promise<string> {
  const said: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  try {
    await main(['completion', shell]);
    return said.join('');
  } finally {
    spy.mockRestore();
  }
}

it.each([
  ['bash', / profiles lint completion --/],
  ['zsh', /1:command:\([^)]* profiles completion\)/],
  ['fish', /-n "__fish_seen_subcommand_from profiles" -a lint -d "/],
])('%s completes every command, and the word that follows profiles', async (shell, words) => {
  expect(await completion(shell)).toMatch(words);
});

it.each([
  ['bash', / text markdown html json [^"]*"/],
  ['zsh', /--format\[[^\]]*\]:value:\(text markdown html json /],
  ['fish', /-l format -r -f -a "text markdown html json /],
])('%s completes every format of an export', async (shell, words) => {
  const script = await completion(shell);
  expect(script).toMatch(words);
  for (const { id } of formats) expect(script).toMatch(new RegExp(`[ (]${id}[ ")]`));
});

it('the help and the page about exports name every format', () => {
  const page = readFileSync(new URL('../../docs/exports.md', import.meta.url), 'utf8');
  expect([...page.matchAll(/^\| `(\w+)` \|/gm)].map((m) => m[1])).toEqual(formats.map((f) => f.id));
  const says = flags.find((f) => f.name === 'format')?.says ?? '';
  const named = /^for export: ([^;]*);/
    .exec(says)?.[1]
    ?.replace(' (the default)', '')
    .split(/, | or /);
  expect(named).toEqual(formats.map((f) => f.id));
});
