import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { selectControls } from '../../src/domain/control.ts';
import { findingKey } from '../../src/domain/session.ts';
import { applyOn, manifest, runOn, verdictIn } from '../support/nodes.ts';
import { type Run, walkToProbe } from '../support/run.ts';
import { nodesCapability } from './capability.ts';
import type { Cluster } from './cluster.ts';
import { caseOf, putCase } from './real-case.ts';
import { bootDocker, rkeUp, writeRkeSide } from './rke.ts';

const capability = nodesCapability();
const version = 'v1.28.15-rancher1';

/** Every control of the benchmark that looks at files of the hosts and at nothing else. */
const rows =
  `rke-cni-mode rke-cni-owner rke-etcd-mode rke-scheduler-kubeconfig-mode rke-scheduler-kubeconfig-owner
  rke-controller-kubeconfig-mode rke-controller-kubeconfig-owner rke-pki-owner rke-pki-certificates rke-pki-keys
  rke-proxy-kubeconfig-mode rke-proxy-kubeconfig-owner rke-kubelet-kubeconfig-mode rke-kubelet-kubeconfig-owner rke-ca-owner`.split(
    /\s+/,
  );
/** What etcd has a say in: refused, with the way that is safe. */
const refused = ['rke-etcd-owner', 'rke-ca-mode'];

type Files = Readonly<Record<string, { readonly mode?: string; readonly text?: string }>>;

/** The files of a host as rke leaves them, from the practice cluster. */
function filesOf(name: string): Files {
  const source = join(import.meta.dirname, '../../profiles/practice/rke.yaml');
  const practice = parse(readFileSync(source, 'utf8'), { merge: true }) as {
    readonly common: { readonly files: Files };
    readonly nodes: Readonly<Record<string, { readonly files?: Files } | null>>;
  };
  const all = Object.entries({ ...practice.common.files, ...practice.nodes[name]?.files });
  return Object.fromEntries(
    all.filter(([path, { text }]) => text !== undefined && /^\/etc\/(kubernetes\/ssl|cni)\//.test(path)),
  );
}

describe.skipIf(!capability.ok)('files of the hosts of RKE', () => {
  let cluster: Cluster;
  let folder: string;
  let run: Run;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'k8s-harden-rke-files-'));
    const file = ({ mode = '0644', text = '' }: Files[string]) => ({
      content: text,
      mode: Number.parseInt(mode, 8),
    });
    const files = (name: string) =>
      Object.fromEntries(Object.entries(filesOf(name)).map(([path, given]) => [path, file(given)]));
    cluster = await bootDocker(
      [
        { name: 'cp-1', role: 'server', files: files('cp-1') },
        { name: 'worker-1', role: 'agent', files: files('worker-1') },
      ],
      { version },
    );
    await rkeUp(await writeRkeSide(cluster, folder, `${version}-1`));
    for (const machine of cluster.nodes) await machine.must('useradd -r -g operator operator');
    run = await runOn(cluster);
    await walkToProbe(run, 'cis-1.8', 1, 'rke');
    const reached = run.state().session.nodes.filter((node) => node.facts);
    expect(reached, JSON.stringify(run.state().session.nodes)).toHaveLength(2);
  });

  afterAll(async () => {
    run?.actions.quit('left');
    await run?.remove();
    await cluster?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const state = (node: string) => manifest(cluster.node(node), '/var/lib/etcd');
  const look = async (control: string, node: string) => {
    run.actions.probeControl(control);
    await run.idle();
    return verdictIn(run, control, node);
  };

  it('are all tried here', () => {
    const { profiles } = run.state();
    const profile = profiles.find((each) => each.distribution.id === 'rke');
    const benchmark = profile?.benchmarks.find((each) => each.id === 'cis-1.8');
    if (!profile || !benchmark) throw new Error('no such benchmark');
    const asked = selectControls(profile, benchmark, 2).filter(
      ({ target, wants }) =>
        target === 'node' &&
        wants.length > 0 &&
        wants.every(({ type }) => type === 'file' || type === 'files'),
    );
    expect(asked.map(({ id }) => id).toSorted()).toEqual([...rows, ...refused].toSorted());
  });

  it.each(rows)(
    '%s fails, is applied, passes, goes back',
    async (control) => {
      const { place, says } = caseOf(`rke/${control}`, 'bad');
      const machine = cluster.node(place);
      await putCase(machine, `rke/${control}`, 'bad');
      const spoiled = await state(place);
      const verdict = await look(control, place);
      expect(verdict).toMatchObject({ kind: 'fail' });
      expect(JSON.stringify(verdict)).toContain(says ?? 'a case says what is wrong');
      await applyOn(run, control, [place]);
      expect(verdictIn(run, control, place), run.state().output.join('\n')).toMatchObject({ kind: 'pass' });
      const last = run.state().session.changes.at(-1);
      expect(last?.change).toMatchObject({ control, node: place });
      run.actions.undo([last?.change.id ?? ''], false);
      await run.idle();
      expect(run.state().session.changes.at(-1)?.undo?.outcome).toEqual({ kind: 'done' });
      expect(await state(place)).toBe(spoiled);
      expect(verdictIn(run, control, place)).toMatchObject({ kind: 'fail' });
      await applyOn(run, control, [place]);
      expect(verdictIn(run, control, place)).toMatchObject({ kind: 'pass' });
    },
    30_000,
  );

  it.each(refused)(
    '%s fails, and is refused with what to do instead',
    async (control) => {
      const { place } = caseOf(`rke/${control}`, 'bad');
      await putCase(cluster.node(place), `rke/${control}`, 'bad');
      const before = await state(place);
      expect(await look(control, place)).toMatchObject({ kind: 'fail' });
      run.actions.plan(control);
      await run.idle();
      const plan = run.state().plans[findingKey(control, place)];
      expect(plan).toMatchObject({ kind: 'refused', instead: expect.stringMatching(/cluster\.yml/) });
      expect(await state(place)).toBe(before);
    },
    30_000,
  );
});
