import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test, vi } from 'vitest';
import { main } from '../../src/main.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';
import { control, distribution, whole, withFolder } from './bench.ts';

/** What the loader says of files laid over the whole ones, with the real resource types. */
async function said(files: Readonly<Record<string, string>>): Promise<string> {
  return withFolder({ ...whole, ...files }, async (folder) => {
    const loaded = await loadProfiles([folder], (type, spec) => resources.get(type)?.schema.parse(spec));
    if (loaded.ok) return 'loaded';
    if (loaded.failure.code !== 'profile-invalid') return loaded.failure.code;
    const { file, line, key, message } = loaded.failure;
    return `${file.replace(`${folder}/`, '')}:${line} ${key}: ${message}`;
  });
}

const wayOut =
  ', and this would run unseen; name something that only reads, such as cat, stat, ls, journalctl or kubectl get';
const touch = `touch is not one of the commands that are known to only read${wayOut}`;
const shown = (command: string) => ({
  'small/controls/x.yaml': control('x', {
    wants: `\n    - attested:\n        ask: Look\n        show: ${command}`,
  }),
});
const described = (from: string, to: string) => ({
  'small/distribution.yaml': distribution.replace(from, to),
});

describe('what a profile would run unseen must be known to only read', () => {
  test.each([
    [
      'evidence',
      shown('{ command: [touch, /x] }'),
      `small/controls/x.yaml:10 0.wants.0.attested.show.command: ${touch}`,
    ],
    [
      'a word that becomes a flag',
      {
        ...described('  db:', '  flag: --rotate\n  db:'),
        ...shown('{ command: [journalctl, "{{flag}}"] }'),
      },
      `small/controls/x.yaml:10 0.wants.0.attested.show.command: journalctl --rotate is not known to only read${wayOut}`,
    ],
    [
      'a program somewhere',
      shown('{ command: ["{{data-dir}}/bin/crictl", ps] }'),
      `small/controls/x.yaml:10 0.wants.0.attested.show.command: /var/lib/small/bin/crictl does not lie in a folder of the system or of the cluster's tools${wayOut}`,
    ],
    [
      'objects shown',
      shown('{ object: [pods, -w] }'),
      `small/controls/x.yaml:10 0.wants.0.attested.show.object: kubectl -w is not known to only read${wayOut}`,
    ],
    [
      'objects asked for',
      { 'small/controls/x.yaml': control('x', { wants: '\n    - object: { exists: [-f, /x] }' }) },
      `small/controls/x.yaml:8 0.wants.0.object.exists: kubectl -f is not known to only read${wayOut}`,
    ],
    [
      'objects to put back',
      {
        'small/controls/x.yaml': control('x', {
          first:
            '[{ words: [a], roles: [server], why: b, leaves: [{ list: [pods, --server, x], name: c }] }]',
        }),
      },
      `small/controls/x.yaml:9 0.first.0.leaves.0.list: kubectl --server is not known to only read${wayOut}`,
    ],
    [
      'the version',
      described('[k3s, --version]', '[touch, /x]'),
      `small/distribution.yaml:13 versionCommands.0: ${touch}`,
    ],
    ['kubectl', described('[kubectl]', '[touch]'), `small/distribution.yaml:14 kubectl: ${touch}`],
    [
      'kubectl that swallows what follows',
      described('[kubectl]', '[kubectl, --kubeconfig]'),
      `small/distribution.yaml:14 kubectl: kubectl --kubeconfig must be an absolute path where only root may write, not get${wayOut}`,
    ],
    [
      'logs',
      described('  unhardened: []', '  unhardened: []\n  logs: [[tail, -f, /x]]'),
      `small/distribution.yaml:24 health.logs.0: tail -f is not known to only read${wayOut}`,
    ],
    [
      'a path that begins with a dash',
      described('folder: /etc/small/config.yaml.d', 'folder: -delete'),
      'small/distribution.yaml:17 config.folder: must be an absolute path, or one that begins with a {{word}}',
    ],
    [
      'a folder of programs where anybody may write',
      described('kubectl:', 'programs: [/tmp/bin]\nkubectl:'),
      'small/distribution.yaml:14 programs.0: must be the absolute path of a folder called bin, and no temporary one',
    ],
  ])('%s', async (_, files, expected) => {
    expect(await said(files)).toBe(expected);
  });

  test.each([
    ['evidence', shown('{ command: [cat, "{{db}}/x"] }')],
    [
      'a tool in the folder that the distribution names',
      {
        ...described('kubectl:', 'programs: ["{{data-dir}}/bin"]\nkubectl:'),
        ...shown('{ command: ["{{data-dir}}/bin/crictl", ps] }'),
      },
    ],
    [
      'logs since a time',
      described('  unhardened: []', '  unhardened: []\n  logs: [[journalctl, -u, x, --since, "@%since%"]]'),
    ],
  ])('%s may be asked for', async (_, files) => {
    expect(await said(files)).toBe('loaded');
  });
});

it('a profile that breaks this ends the program with 2 and one sentence, before anything is reached', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-harden-reads-'));
  mkdirSync(join(folder, 'rke2/controls'), { recursive: true });
  writeFileSync(
    join(folder, 'rke2/controls/x.yaml'),
    shown('{ command: [touch, /x] }')['small/controls/x.yaml'],
  );
  const lines: string[] = [];
  const write = (text: unknown): boolean => lines.push(String(text)) > 0;
  const spies = [process.stderr, process.stdout].map((s) => vi.spyOn(s, 'write').mockImplementation(write));
  const before = process.exitCode;
  try {
    await main(['check', '--node', 'root@127.0.0.1:1', '--profiles', folder]);
    expect(process.exitCode).toBe(2);
    expect(lines.join('')).toContain(
      `${folder}/rke2/controls/x.yaml:10: 0.wants.0.attested.show.command: ${touch}`,
    );
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
    rmSync(folder, { recursive: true, force: true });
  }
});
