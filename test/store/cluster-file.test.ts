import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ok } from '../../src/domain/failure.ts';
import { namedFileWords } from '../../src/engine/place.ts';
import { labCluster } from '../../src/lab/cluster.ts';
import { createLabStore } from '../../src/lab/store.ts';
import { createLabTarget } from '../../src/lab/target.ts';
import { loadProfiles, readPractice } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';
import { createRun, type Run, walkToProbe } from '../support/run.ts';

describe('a cluster that is made from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-harden-rke-'));
  const at = (name: string): string => join(folder, name);
  const before = { path: process.env.PATH, state: process.env.XDG_STATE_HOME };
  const named = (...nodes: readonly string[]): string =>
    `cluster_name: practice
kubernetes_version: v1.28.15-rancher1-1
nodes:
${nodes.map((name, i) => `- { address: 192.0.2.${i + 1}, hostname_override: ${name} }`).join('\n')}
services:
  scheduler: {} # theirs
`;
  const original = named('cp-1', 'worker-1');
  let run: Run;

  beforeAll(async () => {
    mkdirSync(at('bin'));
    process.env.PATH = `${at('bin')}:${before.path}`;
    process.env.XDG_STATE_HOME = at('state');
    writeFileSync(at('cluster.yml'), original);
    writeFileSync(at('cluster.rkestate'), '{}\n');
    const data = await readPractice(['profiles'], 'rke');
    const cluster = data.ok ? labCluster(data.value) : data;
    if (!cluster.ok) throw new Error(JSON.stringify(cluster.failure));
    const store = createLabStore(cluster.value, { readYaml: parse });
    run = await createRun({
      connector: {
        connect: async ({ name }) => ok({ target: createLabTarget(store, name), privilege: 'root' as const }),
      },
      nodes: ['cp-1', 'worker-1'].map((name) => ({ name, host: name, port: 0, user: 'root' })),
      services: {
        loadProfiles: async () => {
          const loaded = await loadProfiles(['profiles'], (type, spec) =>
            resources.get(type)?.schema.parse(spec),
          );
          if (!loaded.ok) return loaded;
          return ok(
            loaded.value.map((profile) => {
              const words = { ...profile.distribution.words, ...namedFileWords(at('cluster.yml')) };
              return { ...profile, distribution: { ...profile.distribution, words } };
            }),
          );
        },
      },
    });
    await walkToProbe(run, 'hardening-2.1', 1, 'rke');
  });
  afterAll(async () => {
    process.env.PATH = before.path;
    if (before.state === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before.state;
    rmSync(folder, { recursive: true, force: true });
    await run?.remove();
  });

  const rke = (script: string): void => {
    writeFileSync(at('bin/rke'), `#!/bin/sh\necho "$*" >> '${at('calls')}'\n${script}\n`);
    chmodSync(at('bin/rke'), 0o755);
  };
  const calls = (): readonly string[] => readFileSync(at('calls'), 'utf8').trim().split('\n');
  const kind = (control: string, place: string) =>
    run.state().session.findings[`${control}@${place}`]?.verdict.kind;

  it('knows its nodes by their containers', () => {
    expect(run.state().session.nodes.map((n) => [n.facts?.version, n.facts?.roles])).toEqual([
      ['v1.28.15-rancher1', ['server', 'etcd']],
      ['v1.28.15-rancher1', ['agent']],
    ]);
    expect(kind('rke-scheduler-options', 'cp-1')).toBe('fail');
    expect(kind('rke-cluster-scheduler', 'workstation')).toBe('fail');
  });

  it('an edit of the file makes the command due, and runs nothing', async () => {
    run.actions.plan('rke-cluster-scheduler');
    await run.idle();
    run.actions.apply('rke-cluster-scheduler', ['workstation']);
    await run.idle();
    expect(kind('rke-cluster-scheduler', 'workstation')).toBe('pass');
    expect(kind('rke-scheduler-options', 'cp-1')).toBe('fail');
    const { restartsDue, unitsDue } = run.state().session;
    expect(restartsDue).toEqual(['workstation']);
    expect(unitsDue).toEqual({ workstation: [`rke up --config ${at('cluster.yml')}`] });
    expect(readFileSync(at('cluster.yml'), 'utf8')).toContain('# theirs');
  });

  it('a command that fails stays due, with its own last line', async () => {
    rke('echo "FATA Failed to dial ssh" >&2; exit 1');
    run.actions.restart(['workstation']);
    await run.idle();
    expect(calls()).toEqual([`up --config ${at('cluster.yml')}`]);
    const { restartsDue, restarts } = run.state().session;
    expect(restartsDue).toEqual(['workstation']);
    expect(restarts.at(-1)?.outcome).toMatchObject({
      kind: 'failed',
      line: expect.stringContaining('Failed to dial ssh'),
    });
    expect(run.state().output.join('\n')).toContain('FATA Failed to dial ssh');
  });

  it('one that ends well is done, and every control is asked again', async () => {
    rke('echo done');
    const asked = run.state().session.findings['rke-scheduler-options@cp-1'];
    run.actions.restart(['workstation']);
    await run.idle();
    const { restartsDue, restarts, findings } = run.state().session;
    expect(restartsDue).toEqual([]);
    expect(restarts.at(-1)).toMatchObject({ node: 'workstation', outcome: { kind: 'healthy' } });
    expect(findings['rke-scheduler-options@cp-1']).not.toBe(asked);
  });

  it('taking the edit back makes it due once more, and gives the file its bytes again', async () => {
    const [change] = run.state().session.changes;
    run.actions.undo([change?.change.id ?? ''], false);
    await run.idle();
    expect(readFileSync(at('cluster.yml'), 'utf8')).toBe(original);
    expect(run.state().session.restartsDue).toEqual(['workstation']);
  });

  it('is not made from the file of another cluster, and that file is not edited', async () => {
    const before = calls().length;
    writeFileSync(at('cluster.yml'), named('shop-1', 'shop-2'));
    run.actions.foreseeMaking();
    await run.idle();
    const refusal = /names shop-1 \(192\.0\.2\.1\), shop-2 .*this session has cp-1, worker-1/;
    expect(run.state().making).toMatchObject({ kind: 'refused', reason: expect.stringMatching(refusal) });
    run.actions.restart(['workstation']);
    await run.idle();
    expect(calls()).toHaveLength(before);
    expect(run.state().output.join('\n')).toMatch(refusal);
    expect(run.state().session.restartsDue).toEqual(['workstation']);
    run.actions.plan('rke-cluster-scheduler');
    await run.idle();
    expect(run.state().plans['rke-cluster-scheduler@workstation']).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(refusal),
    });
  });

  it('touches no node that the question did not name', async () => {
    const before = calls().length;
    writeFileSync(at('cluster.yml'), named('cp-1', 'worker-1', 'shop-3'));
    run.actions.restart(['workstation']);
    await run.idle();
    expect(calls()).toHaveLength(before);
    expect(run.state().output.join('\n')).toContain('names shop-3 too, which the question did not say');
    run.actions.foreseeMaking();
    await run.idle();
    expect(run.state().making).toMatchObject({
      kind: 'ready',
      membership: { strangers: [{ name: 'shop-3' }], left: [] },
    });
    // Somebody else's work on the file is refused once by itself.
    for (const _ of ['refused', 'made']) {
      run.actions.restart(['workstation']);
      await run.idle();
    }
    expect(calls()).toHaveLength(before + 1);
  });

  it('the runtime of a node is never restarted', async () => {
    run.actions.restart(['cp-1']);
    await run.idle();
    expect(run.state().session.restarts.every((r) => r.node === 'workstation')).toBe(true);
    expect(run.state().output.join('\n')).toContain('would end every container');
  });
});
