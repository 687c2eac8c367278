import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parseCommandLine } from '../../src/flags.ts';
import { flagsWithPaths } from '../../src/run/services.ts';
import { good } from '../journal/fixture.ts';

it('flags that name files are kept as they would be typed from any folder', () => {
  const line = ['-i', 'my key', '--known-hosts', '/etc/hosts.prod', '--ssh-config', 'none', '--forks', '4'];
  expect(flagsWithPaths(good(parseCommandLine([...line, '--profiles', '/a'])))).toEqual([
    `--identity '${resolve('my key')}'`,
    '--known-hosts /etc/hosts.prod',
    '--ssh-config none',
    '--profiles /a',
  ]);
});
