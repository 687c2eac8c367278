import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { ok } from '../../src/domain/failure.ts';
import { namedFileWords } from '../../src/engine/place.ts';
import { createLabWorkstation } from '../../src/lab/workstation.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';
import { openLab } from '../../src/run/lab.ts';
import { waiverFile } from '../../src/run/waivers.ts';
import { createWorkstation } from '../../src/transport/workstation.ts';
import { createRun } from '../support/run.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

it('practice begun beside a real cluster.yml neither reads nor writes it, nor asks this machine anything', async () => {
  const beside = await mkdtemp(join(tmpdir(), 'k8s-harden-practice-'));
  ends.push(() => rm(beside, { recursive: true, force: true }));
  const file = join(beside, 'cluster.yml');
  const text = 'kubernetes_version: v1.28.15-rancher1-1\nservices: { kubelet: {} }\n';
  await writeFile(file, text);
  const lab = await openLab(() => {}, 'rke');
  if (!lab.ok) throw new Error('no lab');
  ends.push(lab.value.close);
  const { services } = lab.value;
  let asked = 0;
  const run = await createRun({
    connector: services.connector,
    nodes: [],
    answer: () => 'yes',
    services: {
      openLab: async () => ok(services),
      workstation: (readOnly) => {
        asked += 1;
        return createWorkstation({ readOnly });
      },
      loadProfiles: async () => {
        const folders = [join(import.meta.dirname, '../../profiles')];
        const loaded = await loadProfiles(folders, (type, spec) => resources.get(type)?.schema.parse(spec));
        if (!loaded.ok) return loaded;
        return ok(
          loaded.value.map((profile) => {
            const words = { ...profile.distribution.words, ...namedFileWords(file) };
            return { ...profile, distribution: { ...profile.distribution, words } };
          }),
        );
      },
    },
  });
  ends.push(run.remove);
  run.actions.startLab();
  await run.until('the benchmark', (s) => s.session.step === 'benchmark' && s.work.length === 0);
  const rke = run.state().profiles.find((p) => p.distribution.id === 'rke');
  const [benchmark] = rke?.benchmarks ?? [];
  if (!benchmark) throw new Error('no benchmark');
  run.actions.chooseBenchmark(benchmark.id, 1);
  await run.until('the nodes', (s) => s.session.step === 'nodes');
  run.actions.connect();
  await run.idle();
  run.actions.probe();
  await run.until('probed', (s) => s.session.probed && s.work.length === 0);
  const here = Object.values(run.state().session.findings).filter((f) => f.place === 'workstation');
  expect(here.length).toBeGreaterThan(5);
  const kinds = new Set(here.map((f) => f.verdict.kind));
  expect([...kinds].filter((kind) => !['unknown', 'not-applicable', 'manual'].includes(kind))).toEqual([]);
  expect(JSON.stringify(here)).toContain('in practice nothing on this machine is looked at');
  for (const control of new Set(here.map((f) => f.control))) {
    run.actions.plan(control);
    await run.idle();
    run.actions.apply(control, ['workstation']);
    await run.idle();
  }
  run.actions.foretellUpgrade('v1.29.0');
  await run.until('what it would break', (s) => s.upgrade?.kind === 'ready' && s.work.length === 0);
  run.actions.restart(['workstation']);
  await run.idle();
  expect(asked).toBe(0);
  expect(await readFile(file, 'utf8')).toBe(text);
  expect(await readdir(beside)).toEqual(['cluster.yml']);
  run.actions.quit('left');
  await run.until('the end', (s) => s.session.ended !== undefined);
});

it('whatever is to be done to this machine is refused in practice, in a sentence', async () => {
  const words = ['rke', 'up', '--config', 'cluster.yml'];
  const report = await createLabWorkstation().perform({ kind: 'make-cluster', words }, { deadlineMs: 1 });
  expect(report).toEqual({
    kind: 'refused',
    failure: { code: 'lab-cannot', what: 'rke up --config cluster.yml on this machine' },
    output: [],
  });
});

it('practice goes on with the practice cluster of the distribution that is chosen, and with no nodes of another', async () => {
  const asked: (string | undefined)[] = [];
  let close = async (): Promise<void> => {};
  ends.push(() => close());
  const run = await createRun({
    connector: {} as never,
    nodes: [],
    answer: () => 'yes',
    services: {
      waivers: waiverFile('/none/waivers.yaml', false),
      openLab: async (distribution) => {
        await close();
        asked.push(distribution);
        const lab = await openLab(() => {}, distribution);
        if (!lab.ok) return lab;
        close = lab.value.close;
        return ok(lab.value.services);
      },
    },
  });
  ends.push(run.remove);
  run.actions.startLab();
  await run.until('the distribution', (s) => s.session.step === 'distribution' && s.work.length === 0);
  // The operator's own waivers are for real clusters, and none is written among them here.
  expect(run.state().waiversEnd).toBe(true);
  const ports = run.state().session.nodes.map((node) => node.port);
  run.actions.chooseDistribution('rke2');
  await run.until('the benchmark', (s) => s.session.step === 'benchmark' && s.work.length === 0);
  expect(run.state().session.nodes.map((node) => node.port)).toEqual(ports);
  run.actions.go('distribution');
  await run.until('the distribution again', (s) => s.session.step === 'distribution');
  run.actions.chooseDistribution('canonical');
  await run.until(
    'the benchmark of the other',
    (s) => s.session.step === 'benchmark' && s.session.distribution === 'canonical' && s.work.length === 0,
  );
  expect(asked).toEqual([undefined, 'canonical']);
  expect(run.state().session.lab).toBe(true);
  const now = run.state().session.nodes.map((node) => node.port);
  expect(now.filter((port) => ports.includes(port))).toEqual([]);
  expect(run.state().session.nodes.map((node) => node.name)).toEqual(['cp-1', 'cp-2', 'worker-1']);
});
