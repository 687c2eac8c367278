import { expect, it, vi } from 'vitest';
import { main } from '../../src/main.ts';

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
