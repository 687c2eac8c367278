import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { createRedactor } from '../../src/journal/redactor.ts';

const folder = join(import.meta.dirname, '../../profiles');

/** Every text in a value of YAML. */
function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

it('nothing that the profiles say is taken for a secret; the practice clusters have some', () => {
  const said = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.yaml') && !file.startsWith('practice'))
    .flatMap((file) => texts(parse(readFileSync(join(folder, file), 'utf8'))));
  expect(said.length).toBeGreaterThan(5000);
  const { redact } = createRedactor();
  for (const text of new Set(said)) expect(redact(text)).toBe(text);
});
