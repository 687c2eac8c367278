import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { controlOf } from '../../src/domain/control.ts';
import { profilesIn } from './coverage.ts';

const root = join(import.meta.dirname, '../..');
const profiles = await profilesIn(join(root, 'profiles'));
const lines = readFileSync(join(root, 'docs/troubleshooting-guide.md'), 'utf8').split('\n');

/** The rows of all tables, each with what stands in backticks in its columns. */
const rows = lines
  .filter((line) => line.startsWith('| ') && !line.startsWith('| Point '))
  .map((line) => {
    const [point = '', ...columns] = line.slice(2).split(' | ');
    const [checks = [], screens = [], tests = []] = columns.map((cell) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    );
    return { point, checks, screens, tests };
  });

it('every point has checks, a screen and a test, and all of them are there', () => {
  expect(rows.length).toBeGreaterThanOrEqual(57);
  for (const { point, checks, screens, tests } of rows) {
    for (const names of [checks, screens, tests]) expect(names.length, point).toBeGreaterThan(0);
    for (const id of checks)
      expect(
        profiles.some((profile) => controlOf(profile, id)),
        `${point} There is no check ${id}`,
      ).toBe(true);
    for (const screen of screens)
      expect(existsSync(join(root, `src/ui/screens/${screen}.ts`)), `${point} ${screen}`).toBe(true);
    for (const test of tests) {
      expect(test, point).toMatch(/^test\/.+\.(test\.tsx?|yaml)$/);
      expect(existsSync(join(root, test)), `${point} ${test}`).toBe(true);
    }
  }
});
