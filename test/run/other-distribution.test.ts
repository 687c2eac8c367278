import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { parseCommandLine } from '../../src/flags.ts';
import { labCluster } from '../../src/lab/cluster.ts';
import { startLab } from '../../src/lab/server.ts';
import { readPractice } from '../../src/profiles/index.ts';
import { runCheck } from '../../src/run/check.ts';

let lab: Awaited<ReturnType<typeof startLab>>;
beforeAll(async () => {
  const data = await readPractice([resolve(import.meta.dirname, '../../profiles')], 'rke');
  const cluster = data.ok ? labCluster(data.value) : data;
  if (!cluster.ok) throw new Error('no cluster');
  lab = await startLab(cluster.value, { readYaml: parse, stranger: '' });
  writeFileSync(
    join(lab.clientKey, '..', 'nodes.yaml'),
    JSON.stringify({ cluster: 'practice', nodes: lab.nodes }),
  );
});
afterAll(() => lab.close());

/** What a command says of nodes that run RKE, and how it ends. */
async function ran(...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const read = parseCommandLine([...args, '--inventory', join(lab.clientKey, '..', 'nodes.yaml')]);
  if (!read.ok) throw new Error(JSON.stringify(read.failure));
  const said: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => said.push(String(text)) > 0),
  );
  try {
    const ssh = { lab: true, knownHosts: lab.knownHosts, identity: lab.clientKey };
    return { code: await runCheck(read.value, ssh), said: said.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('nodes that run another distribution than the first', { timeout: 60_000 }, () => {
  it('are judged by the benchmark of that name which is theirs', async () => {
    const { said } = await ran('check', '--benchmark', 'cis-1.8');
    expect(said).toMatch(/^(practice · )?RKE /);
    expect(said).not.toContain('rancher/rke2');
  });

  it('are judged by a benchmark that only their distribution has', async () => {
    const { said } = await ran('check', '--benchmark', 'hardening-2.1');
    expect(said).toMatch(/^(practice · )?RKE /);
  });

  it('are not judged by a benchmark of that name which their distribution has not', async () => {
    const { code, said } = await ran('check', '--benchmark', 'cis-1.12');
    expect(code).toBe(2);
    expect(said).toMatch(/--benchmark cis-1\.12: the nodes run RKE, and for it it is one of .*cis-1\.8/);
  });

  it('are planned for by theirs', async () => {
    const plan = JSON.parse((await ran('plan', '--benchmark', 'cis-1.8', '--format', 'json')).said);
    expect(plan.distribution).toBe('rke');
    expect(JSON.stringify(plan)).not.toContain('/etc/rancher/rke2');
  });

  it('get no plan by another that was named', async () => {
    const { code, said } = await ran('plan', '--distribution', 'rke2');
    expect(code).toBe(2);
    expect(said).toContain('--distribution rke2: the nodes run RKE. Use --distribution rke.');
  });
});
