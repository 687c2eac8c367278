import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { shortLifeFlags } from '../../src/run/short-lived.ts';

describe('the flags of a short life', () => {
  it('are all known to the Node that runs this, which would complain on standard error', () => {
    const set = shortLifeFlags(process.versions.v8)
      .map((flag) => `require('node:v8').setFlagsFromString(${JSON.stringify(flag)});`)
      .join('');
    expect(spawnSync(process.execPath, ['-e', set], { encoding: 'utf8' }).stderr).toBe('');
  });

  it('leave out for Node 22 and 24 what only Node 20 knows', () => {
    const budget = (v8: string) => shortLifeFlags(v8).some((flag) => flag.startsWith('--interrupt-budget'));
    expect(budget('11.3.244.8-node.33')).toBe(true);
    expect(budget('12.4.254.21-node.33')).toBe(false);
    expect(budget('13.6.233.10-node.28')).toBe(false);
  });
});
