import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { parseCommandLine } from '../../src/flags.ts';
import { labCluster } from '../../src/lab/cluster.ts';
import { startLab } from '../../src/lab/server.ts';
import { readPractice } from '../../src/profiles/index.ts';
import { runCheck } from '../../src/run/check.ts';
import { runUpgradeCheck } from '../../src/run/upgrade.ts';

/** The practice cluster, of which the second node is a clone of the first where that is wanted. */
async function practice(clone: boolean) {
  const data = await readPractice([resolve(import.meta.dirname, '../../profiles')], 'rke2');
  const cluster = data.ok ? labCluster(data.value) : data;
  if (!cluster.ok) throw new Error('no cluster');
  const { nodes } = cluster.value;
  const [first, second] = Object.values(nodes);
  if (!first || !second) throw new Error('no nodes');
  const cloned = Object.fromEntries(
    Object.entries(nodes).map(([name, node]) => [
      name,
      node === second && clone ? { ...node, machineId: first.machineId } : node,
    ]),
  );
  return startLab({ ...cluster.value, nodes: cloned }, { readYaml: parse, stranger: '' });
}

let lab: Awaited<ReturnType<typeof startLab>>;
let clones: Awaited<ReturnType<typeof startLab>>;
beforeAll(async () => {
  lab = await practice(false);
  clones = await practice(true);
});
afterAll(async () => {
  await lab.close();
  await clones.close();
});

/** What a command prints on each stream and how it ends, on these names. */
async function ran(on: typeof lab, nodes: readonly object[], ...args: readonly string[]) {
  const file = join(on.clientKey, '..', 'nodes.yaml');
  writeFileSync(file, JSON.stringify({ cluster: 'practice', nodes }));
  const read = parseCommandLine([...args, '--inventory', file]);
  if (!read.ok) throw new Error(JSON.stringify(read.failure));
  const said: { readonly out: string[]; readonly err: string[] } = { out: [], err: [] };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.out.push(String(text)) > 0),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.err.push(String(text)) > 0),
  ];
  try {
    const run = read.value.values.has('upgrade-to') ? runUpgradeCheck : runCheck;
    const code = await run(read.value, { lab: true, knownHosts: on.knownHosts, identity: on.clientKey });
    return { code, out: said.out.join(''), err: said.err.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('a machine under two names', { timeout: 60_000 }, () => {
  it('is checked once: a sentence says so, and the other name counts in no number', async () => {
    const [one, two] = lab.nodes;
    const once = await ran(lab, [one, two] as object[], 'check');
    const twice = await ran(lab, [one, two, { ...one, name: 'also' }] as object[], 'check', '--forks', '1');
    expect(once.err).toBe('');
    const counted = /^\d+ controls on 2 nodes: .* 0 missing\.$/m;
    expect(once.out).toMatch(counted);
    expect(counted.exec(twice.out)?.[0]).toBe(counted.exec(once.out)?.[0]);
    expect(twice.err).toMatch(
      new RegExp(
        `^k8s-harden: also and ${one?.name} are one machine \\(machine-id [0-9a-f]{32}\\): take one of them off the list\\.\n$`,
      ),
    );
    expect(twice.code).toBe(3);
    const json = JSON.parse(
      (await ran(lab, [one, { ...one, name: 'also' }] as object[], 'check', '--format', 'json')).out,
    );
    const failed = json.nodes.filter((n: { failure: unknown }) => n.failure !== null);
    expect(failed).toHaveLength(1);
  });

  it('is looked at once before an upgrade', async () => {
    const [one] = lab.nodes;
    const { out, err, code } = await ran(
      lab,
      [one, { ...one, name: 'also' }] as object[],
      'check',
      '--upgrade-to',
      'v1.34.1',
    );
    expect(err).toMatch(
      /^k8s-harden: \S+ and \S+ are one machine \([^\n]+\): take one of them off the list\.\n$/,
    );
    expect(out).toContain('are one machine');
    expect(code).toBe(3);
  });

  it('is none where clones share a machine-id: both are checked, with a warning', async () => {
    const [one, two] = clones.nodes;
    const { out, err } = await ran(clones, [one, two] as object[], 'check');
    expect(err).toMatch(/^k8s-harden: \S+ and \S+ have one machine-id \([^\n]+ clones\. [^\n]+\n$/);
    expect(out).toMatch(/controls on 2 nodes: .* 0 missing\.$/m);
  });
});
