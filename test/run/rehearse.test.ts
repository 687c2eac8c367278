import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runCheck } from '../../src/run/check.ts';
import { exits } from '../../src/run/exits.ts';
import { ownProfiles } from '../../src/run/program.ts';
import { rehearse } from '../../src/run/rehearse.ts';
import { waiversPath } from '../../src/run/waivers.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'k8s-harden-rehearse-'));
  for (const name of ['HOME', 'XDG_STATE_HOME', 'XDG_DATA_HOME']) vi.stubEnv(name, home);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(home, { recursive: true });
});

it('reads neither the waivers nor the profiles of whoever installs it, and leaves the environment as it was', async () => {
  const seen: string[] = [];
  await rehearse(async (invocation) => {
    seen.push(waiversPath(invocation), ownProfiles());
    return exits.open;
  }, 'profiles');
  expect(seen).toHaveLength(6);
  expect(seen.filter((path) => path.startsWith(home))).toEqual([]);
  expect([homedir(), process.env.XDG_STATE_HOME, process.env.XDG_DATA_HOME]).toEqual([home, home, home]);
});

it('passes for whoever has waivers that cannot be read', async () => {
  await mkdir(join(home, 'k8s-harden'));
  await writeFile(join(home, 'k8s-harden', 'waivers.yaml'), '{');
  const said: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const codes: number[] = [];
  await rehearse(async (...asked) => {
    const code = await runCheck(...asked);
    codes.push(code);
    return code;
  }, 'profiles');
  // The last one asks as it would ask a real cluster, which the practice cluster does not answer.
  expect(codes, said.join('')).toEqual([exits.open, exits.open, exits.unreachable]);
});

it.each([exits.bug, exits.usage, exits.unreachable])(
  'says that it failed when a check ends with %i',
  async (code) => {
    await expect(rehearse(async () => code, 'profiles')).rejects.toThrow(`ended with exit code ${code}`);
    expect(process.env.HOME).toBe(home);
  },
);
