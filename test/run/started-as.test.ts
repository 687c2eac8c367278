import { describe, expect, it } from 'vitest';
import { startedAs } from '../../src/run/program.ts';

describe('the command that starts this program again', () => {
  it.each([
    ['/home/kim/k8s-harden/bin/k8s-harden.cjs', '/home/kim/k8s-harden', 'node bin/k8s-harden.cjs'],
    [
      '/home/kim/my tools/bin/k8s-harden.cjs',
      '/home/kim/work',
      "node '/home/kim/my tools/bin/k8s-harden.cjs'",
    ],
    ['/usr/local/bin/k8s-harden', '/home/kim', 'k8s-harden'],
  ])('of %s in %s is %s', (script, folder, words) => {
    expect(startedAs(script, folder)).toBe(words);
  });
});
