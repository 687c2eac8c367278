import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { profilesIn } from './coverage.ts';
import { troublesText } from './troubles.ts';

const root = join(import.meta.dirname, '../..');
const profiles = await profilesIn(join(root, 'profiles'));

it('docs/troubles.md is what the profiles make of it', () => {
  const text = readFileSync(join(root, 'docs/troubles.md'), 'utf8');
  expect(text === troublesText(profiles) || 'out of date; write it anew: npm run coverage').toBe(true);
});

it('names every check of every trouble, and whether it is cured here or by hand', () => {
  const text = troublesText(profiles);
  const checks = profiles.flatMap(({ checks = [] }) => checks.map((check) => check.id));
  expect(checks.filter((id) => !text.includes(`(\`${id}\`)`))).toEqual([]);
  expect(text).toMatch(
    /`insisted-kernel-values`\) \| RKE2 \| each node \| changed here, nothing restarts \|/,
  );
  expect(text).toMatch(/`pods-within-standards`\) \| all \| the API \| told, for you to do \|/);
});
