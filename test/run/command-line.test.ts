import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { commands, flags } from '../../src/flags.ts';
import { main } from '../../src/main.ts';

let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'k8s-harden-line-'));
  writeFileSync(at('nodes.yaml'), 'nodes:\n  - { name: cp-1, host: 10.0.0.1 }\n');
  writeFileSync(at('reserved.yaml'), 'nodes:\n  - { name: workstation, host: 10.0.0.1 }\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a wrong command line is answered with. */
async function answered(args: readonly string[]): Promise<{ readonly code: unknown; readonly said: string }> {
  const said: string[] = [];
  const write = (text: unknown): boolean => said.push(String(text)) > 0;
  const spies = [process.stderr, process.stdout].map((s) => vi.spyOn(s, 'write').mockImplementation(write));
  const before = process.exitCode;
  try {
    await main(args);
    return { code: process.exitCode, said: said.join('') };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}

it.each<readonly [args: readonly string[], says: string | RegExp]>([
  [['--forks', '0'], '--forks 0: it is a whole number, 1 or more.'],
  [['check', '--node', 'a', '--forks', '2.5'], '--forks 2.5: it is a whole number, 1 or more.'],
  [['check', '--node', 'a', '--forks', 'many'], '--forks many: it is a whole number'],
  [['check', '--node', 'a', '--level', '3'], '--level 3: it is 1 or 2.'],
  [['check', '--node', 'a', '--trouble', 'nosuch'], '--trouble nosuch: for RKE2 it is one of '],
  [
    ['check', '--trouble', 'nosuch'],
    /^k8s-harden: --trouble nosuch: for RKE2 it is one of these:\n(?: {2}\S+ +\S.*\n)* {2}dns +Pods cannot resolve names\n/,
  ],
  [['check', '--trouble', 'dns'], 'check needs nodes: give --node or --inventory.'],
  [
    ['lab', '--broken', 'nosuch'],
    /^k8s-harden: --broken nosuch: .*\n(?: {2}\S+ +\S.{0,57}\n)* {2}empty-resolver +Pods cannot resolve names\n(?: {2}\S+ +\S.{0,57}\n)* {2}open-store +A scanner reports world-writable folders, or \.\.\n/,
  ],
  [['check', '--node', 'a', '--trouble', 'all', '--level', '1'], 'leave out --level.'],
  [['check', '--node', 'a', '--trouble', 'all', '--benchmark', 'x'], 'leave out --benchmark.'],
  [['--trouble', 'dns'], '--trouble is for check; the wizard does not take it.'],
  [['check', '--node', 'a', '--broken', 'x'], '--broken is for lab; check does not take it.'],
  [
    ['check', '--node', 'a', '--upgrade-to', '1.34'],
    '--upgrade-to 1.34: it is a whole version, such as v1.34.2.',
  ],
  [['--upgrade-to', 'v1.34.2'], '--upgrade-to is for check; the wizard does not take it.'],
  [['check', '--upgrade-to', 'v1.34.2'], 'check needs nodes: give --node or --inventory.'],
  [
    ['check', '--node', 'a', '--upgrade-to', 'v1.34.2', '--level', '1'],
    '--level does not go with --upgrade-to, which asks no control; leave it out.',
  ],
  [
    ['check', '--node', 'a', '--upgrade-to', '1.34.2', '--distribution', 'k0s'],
    '--distribution k0s: it is one of ',
  ],
  [['check', '--node', 'a', '--format', 'xml'], '--format xml: for check it is text or json.'],
  [['plan', '--node', 'a', '--format', 'text'], '--format text: for plan it is markdown or json.'],
  [['plan'], 'plan needs nodes: give --node or --inventory.'],
  [['check', '--node', 'a', '--plan', 'nowhere'], '--plan nowhere: there is no such file.'],
  [['check', '--node', 'a', '--waivers', 'nowhere'], '--waivers nowhere: there is no such file.'],
  [['--waivers', 'nowhere/at/all.yaml'], '--waivers nowhere/at/all.yaml: there is no such file.'],
  [['sessions', '--format', 'xml'], '--format xml: for sessions it is text or json.'],
  [
    ['verify', 'last', '--format', 'json'],
    '--format is for export, check, plan, sessions; verify does not take it.',
  ],
  [['sessions', '--head', '0'], '--head is for verify; sessions does not take it.'],
  [['--level', '2'], '--level is for check, plan; the wizard does not take it.'],
  [['check', '--node', 'a', '-o', 'x'], '--output is for export; check does not take it.'],
  [['check', '--node', 'a', '--benchmark', 'none'], '--benchmark none: it is one of cis-1.6'],
  [['check', '--node', 'a', '--node', 'a server'], '--node a server: a is named twice.'],
  [['check', '--inventory', 'NODES', '--node', 'cp-1=10.0.0.2'], 'cp-1 is named twice.'],
  [['check', '--inventory', 'RESERVED'], 'no node may be called workstation'],
  [['check', '--inventory', 'MISSING'], 'cannot be read'],
  [['check', '--node', 'cluster'], 'no node may be called cluster'],
  [['check', '--node', '*=10.0.0.5'], 'no node may be called *'],
  [['check', '--node', 'a', '--profiles', 'MISSING'], 'there is no such folder.'],
  [['check', '--node', 'a', '--profiles', 'NODES'], 'it is not a folder.'],
  [['check', '--node', 'a', '--template', 'MISSING'], 'there is no such file.'],
  [['--template', 'MISSING'], 'there is no such file.'],
  [['lab', '--template', 'NODES'], '--template is for what is real, and lab touches nothing real;'],
  [['lab', '--rancher', 'https://rancher.example.org'], '--rancher is for what is real'],
  [['lab', '--rancher-try-login'], '--rancher-try-login is for what is real'],
  [['lab', '--node', 'a'], '--node is for what is real'],
  [['lab', '--inventory', 'NODES'], '--inventory is for what is real'],
])('%j is refused in a sentence that says what is allowed', async (args, says) => {
  const paths: Readonly<Record<string, string>> = {
    NODES: at('nodes.yaml'),
    RESERVED: at('reserved.yaml'),
    MISSING: at('missing'),
  };
  const { code, said } = await answered(args.map((arg) => paths[arg] ?? arg));
  if (typeof says === 'string') expect(said).toContain(says);
  else expect(said).toMatch(says);
  expect(code).toBe(2);
});

it('a flag says that it is for the commands that take it, and for no other', () => {
  const said = flags.flatMap(({ name, of, says }) => {
    const named = [...(says ?? '').matchAll(/(?:^|[;:] )for ((?:[a-z]+(?:, | and )?)+)[:,]/g)]
      .flatMap(([, list = '']) => list.split(/, | and /))
      .filter((word) => commands.some((command) => command.name === word));
    return of === undefined || named.length === 0
      ? []
      : [{ name, named: named.toSorted(), of: of.toSorted() }];
  });
  expect(said.length).toBeGreaterThan(5);
  for (const { name, named, of } of said) expect(named, name).toEqual(of);
});
