import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ok } from '../../src/domain/failure.ts';
import { newKeyMark, withNewKey } from '../../src/domain/new-key.ts';
import type { Deed, Target } from '../../src/domain/ports.ts';
import { questionKey } from '../../src/domain/question.ts';
import { labCluster, overlay } from '../../src/lab/cluster.ts';
import { createLabStore, type LabStore } from '../../src/lab/store.ts';
import { createLabTarget } from '../../src/lab/target.ts';
import { readPractice } from '../../src/profiles/index.ts';
import { createNewKeys } from '../../src/transport/new-keys.ts';
import { createRun, type Run, walkToProbe } from '../support/run.ts';

const id = 'rke-encryption-config-file';
const path = '/etc/kubernetes/encryption.yaml';
const image = 'rancher/hyperkube:v1.11.6-rancher1';
const old = { version: 'v1.11.6', containers: { kubelet: { image } } };

describe('a key that all servers must share', () => {
  let store: LabStore;
  const runs: Run[] = [];
  beforeEach(async () => {
    const data = await readPractice(['profiles'], 'rke');
    const nodes = { 'cp-1': old, 'cp-2': old, 'worker-1': old };
    const cluster = data.ok ? labCluster(overlay(data.value, { nodes })) : data;
    if (!cluster.ok) throw new Error(JSON.stringify(cluster.failure));
    store = createLabStore(cluster.value, { readYaml: parse });
  });
  afterEach(async () => {
    for (const run of runs.splice(0)) await run.remove();
  });

  /** A program of its own, with its own keys, as the connector over SSH has them. */
  async function start(
    names: readonly string[],
    silent: readonly string[] = [],
  ): Promise<{ run: Run; keys: string[] }> {
    const keys: string[] = [];
    const newKey = createNewKeys((key) => keys.push(key));
    const connect = async ({ name }: { readonly name: string }) => {
      if (silent.includes(name))
        return {
          ok: false,
          failure: { code: 'node-unreachable', node: name, host: name, message: 'no' },
        } as const;
      const target: Target = createLabTarget(store, name);
      const perform: Target['perform'] = (deed, options) => target.perform(withNewKey(deed, newKey), options);
      return ok({ target: { ...target, perform }, privilege: 'root' as const });
    };
    const nodes = names.map((name) => ({ name, host: name, port: 0, user: 'root' }));
    const run = await createRun({ connector: { connect }, nodes });
    runs.push(run);
    await walkToProbe(run, 'hardening-2.1', 1, 'rke');
    return { run, keys };
  }

  async function apply(run: Run, ...places: readonly string[]): Promise<void> {
    run.actions.plan(id);
    await run.idle();
    run.actions.apply(id, places);
    await run.idle();
  }

  const fileOf = (node: string) => store.cluster().nodes[node]?.files[path];
  const kind = (run: Run, node: string) => run.state().session.findings[`${id}@${node}`]?.verdict.kind;
  const planOf = (run: Run, node: string) => run.state().plans[`${id}@${node}`];

  it('is made once, is the same on every server, and stands in no record', async () => {
    const { run, keys } = await start(['cp-1', 'cp-2', 'worker-1']);
    await apply(run, 'cp-1', 'cp-2');
    expect([kind(run, 'cp-1'), kind(run, 'cp-2'), kind(run, 'worker-1')]).toEqual([
      'pass',
      'pass',
      'not-applicable',
    ]);
    expect(keys).toHaveLength(1);
    const [key = ''] = keys;
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(fileOf('cp-1')).toMatchObject({ mode: '0600', owner: 'root', group: 'root' });
    expect(fileOf('cp-1')?.text).toContain(`secret: ${key}`);
    expect(fileOf('cp-2')?.text).toBe(fileOf('cp-1')?.text);
    const { session, plans, output, journalPath } = run.state();
    expect(JSON.stringify([session, plans, output])).not.toContain(key);
    expect(JSON.stringify(session.changes)).toContain(newKeyMark);
    expect(readFileSync(journalPath ?? '', 'utf8')).not.toContain(key);
  });

  it('goes with its undo, and comes back the same', async () => {
    const { run } = await start(['cp-1', 'cp-2']);
    await apply(run, 'cp-1');
    const before = fileOf('cp-1')?.text;
    run.actions.undo([run.state().session.changes[0]?.change.id ?? ''], false);
    await run.idle();
    expect(fileOf('cp-1')).toBeUndefined();
    await apply(run, 'cp-1');
    expect(fileOf('cp-1')?.text).toBe(before);
  });

  it('is not made where another server has one from before', async () => {
    const first = await start(['cp-1', 'cp-2']);
    await apply(first.run, 'cp-1');
    const second = await start(['cp-1', 'cp-2']);
    await apply(second.run, 'cp-2');
    expect(planOf(second.run, 'cp-2')).toMatchObject({
      kind: 'refused',
      reason: `cp-1 has ${path} already: copy that very file, for another key would make Secrets unreadable.`,
    });
    expect(fileOf('cp-2')).toBeUndefined();
    expect(second.keys).toEqual([]);
  });

  it('is not made while a node that may have one does not answer', async () => {
    const { run, keys } = await start(['cp-1', 'cp-2'], ['cp-2']);
    await apply(run, 'cp-1');
    expect(planOf(run, 'cp-1')).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('cp-2 is not connected'),
    });
    expect([fileOf('cp-1'), keys]).toEqual([undefined, []]);
  });

  it('is not sent when a server got one between the look and the yes', async () => {
    const { run, keys } = await start(['cp-1', 'cp-2']);
    run.actions.plan(id);
    await run.idle();
    expect(planOf(run, 'cp-1')?.kind).toBe('ready');
    const other = await start(['cp-1', 'cp-2']);
    await apply(other.run, 'cp-2');
    expect(fileOf('cp-2')).toBeDefined();
    run.actions.apply(id, ['cp-1']);
    await run.idle();
    expect([fileOf('cp-1'), keys]).toEqual([undefined, []]);
    expect(run.state().output.join('\n')).toContain('copy that very file');
  });

  it('an existing file is never written over', async () => {
    const { run } = await start(['cp-1']);
    await apply(run, 'cp-1');
    const before = fileOf('cp-1')?.text;
    await apply(run, 'cp-1');
    expect(fileOf('cp-1')?.text).toBe(before);
    expect(run.state().session.changes).toHaveLength(1);
    const answer = await createLabTarget(store, 'cp-1').ask([{ kind: 'file', path }], { deadlineMs: 1000 });
    expect(answer.get(questionKey({ kind: 'file', path }))).toMatchObject({ kind: 'said' });
  });
});

it('only a change that asks for one gets a key', () => {
  const deed: Deed = { kind: 'restart', unit: 'x' };
  expect(
    withNewKey(deed, () => {
      throw new Error('none is wanted');
    }),
  ).toBe(deed);
});
