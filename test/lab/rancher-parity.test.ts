import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Answer } from '../../src/domain/answer.ts';
import type { Control } from '../../src/domain/control.ts';
import type { Target } from '../../src/domain/ports.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import { rancherLoginWord, rancherWord } from '../../src/domain/rancher.ts';
import type { Change, Step } from '../../src/domain/step.ts';
import { placeOf } from '../../src/engine/place.ts';
import { planControl } from '../../src/engine/plan.ts';
import { probeToPlan, questionsOf } from '../../src/engine/probe.ts';
import { labCluster } from '../../src/lab/cluster.ts';
import { createLabRancher } from '../../src/lab/rancher-service.ts';
import { createLabStore } from '../../src/lab/store.ts';
import { readPractice } from '../../src/profiles/index.ts';
import { createRancherService } from '../../src/transport/rancher-service.ts';
import { shippedProfiles } from '../controls/practice.ts';
import { type RancherStandIn, startRancher } from '../support/rancher-server.ts';

const rke = (await shippedProfiles()).find((p) => p.distribution.id === 'rke');
if (!rke) throw new Error('no RKE');
const controls = rke.controls.filter((control) => control.target === 'rancher');
const facts = {
  ...{ hostname: 'cp-1', machineId: 'm', bootId: 'b', os: 'Debian', user: 'root' },
  ...({ sudo: 'root', distribution: 'rke', version: 'v1.24.17', roles: ['server'] } as const),
};
const node = placeOf(rke.distribution, 'rancher', facts);
const words = { ...node.words, [rancherWord]: 'https://rancher', [rancherLoginWord]: 'yes' };
const place = { ...node, words };
const patience = { deadlineMs: 5_000 };

let stand: RancherStandIn;
let state: string;
let before: string | undefined;
let real: Target;
let lab: Target;

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'k8s-harden-rancher-parity-'));
  before = process.env.XDG_STATE_HOME;
  process.env.XDG_STATE_HOME = state;
  stand = await startRancher();
  const data = await readPractice(['profiles'], 'rke');
  const cluster = data.ok ? labCluster(data.value) : data;
  if (!cluster.ok || !cluster.value.rancher) throw new Error(JSON.stringify(cluster));
  const { rancher } = cluster.value;
  stand.lists = structuredClone(rancher.lists);
  stand.me = rancher.me;
  stand.environment = rancher.environment;
  const { url, token, ca } = stand;
  const service = createRancherService({ url, token, ca, mayTryLogin: true, onSecret: () => undefined });
  real = service.target(url, false);
  const inMemory = createLabRancher(createLabStore(cluster.value, { readYaml: parse }));
  lab = inMemory.target('', false);
});
afterAll(async () => {
  if (before === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = before;
  await stand.close();
  await rm(state, { recursive: true, force: true });
});

/** Of an answer what counts: not where a server says that its objects lie, nor how it numbers its pages and what it makes. */
function telling(answer: Answer | undefined): unknown {
  if (answer?.kind !== 'said' || !answer.text.startsWith('{')) return answer;
  const { links: _, pagination: _p, ...tree } = JSON.parse(answer.text) as Record<string, unknown>;
  const data = tree.data as readonly Record<string, unknown>[] | undefined;
  const bare = data?.map(({ links: _l, state: _s, id, ...rest }) => ({
    ...rest,
    id: String(id).replace(/^grb-(new-)?\d+$/, 'a new one'),
  }));
  const { metadata: _m, ...rest } = tree;
  return data ? { ...rest, data: bare } : rest;
}

async function both(question: Question): Promise<readonly [unknown, unknown]> {
  const [a, b] = await Promise.all([real, lab].map((side) => side.ask([question], patience)));
  return [telling(a?.get(questionKey(question))), telling(b?.get(questionKey(question)))];
}

const asked = questionsOf(controls, place);
const notThere: Question = { kind: 'rancher', path: '/v3/settings/there-is-none' };

describe('the lab’s Rancher server and one over HTTPS agree', () => {
  it('every kind of question is put', () => {
    expect(new Set(asked.map((question) => question.kind))).toEqual(new Set(['rancher', 'rancher-login']));
  });

  it.each([...asked, notThere].map((question) => [JSON.stringify(question), question] as const))(
    'on %s',
    async (_, question) => {
      const [there, here] = await both(question);
      expect(here).toEqual(there);
      expect(there).toBeDefined();
    },
  );

  const setting: Step = {
    kind: 'rancher-object',
    path: '/v3/settings/first-login',
    title: 'setting first-login',
    does: 'set',
    before: '{"value":"false"}',
    after: '{"value":"true"}',
  };
  const activate: Step = {
    kind: 'rancher-object',
    path: '/v3/nodeDrivers/digitalocean',
    title: 'node driver digitalocean',
    does: 'activate',
    before: '{"active":false}',
    after: '{"active":true}',
  };

  const steps = async (control: Control): Promise<readonly Step[]> => {
    const plans = await Promise.all(
      [real, lab].map(async (side) =>
        planControl(control, place, (await probeToPlan(side, control, place, patience)).answers),
      ),
    );
    expect(plans[1]).toEqual(plans[0]);
    return plans[0]?.kind === 'steps' ? plans[0].steps : [];
  };

  it.each(controls.map((control) => [control.id, control] as const))(
    'on what %s is found to be, its change and its undo',
    async (id, control) => {
      const findings = await Promise.all(
        [real, lab].map(async (side) => (await probeToPlan(side, control, place, patience)).findings),
      );
      expect(findings[1]).toEqual(findings[0]);
      expect(findings[0]?.[0]?.verdict.kind).toBe('fail');
      const planned = await steps(control);
      if (planned.length > 0) await thereAndBack(id, planned);
    },
  );

  it('on a setting and on what is switched on', () => thereAndBack('others', [setting, activate]));

  it('on what has drifted', async () => {
    const drifted = { ...setting, before: '{"value":"maybe"}' } as Step;
    const change = changeOf('drifted', [drifted]);
    const reports = await Promise.all(
      [real, lab].map((side) => side.perform({ kind: 'change', change }, patience)),
    );
    expect(reports[1]).toEqual(reports[0]);
    expect(reports[0]).toMatchObject({ kind: 'refused', failure: { code: 'drifted' } });
  });
});

function changeOf(id: string, steps: readonly Step[]): Change {
  return { id, session: 's1', control: id, node: 'rancher', via: 'rancher', steps };
}

async function thereAndBack(id: string, steps: readonly Step[]): Promise<void> {
  const change = changeOf(id, steps);
  const state: Question = { kind: 'change-state', session: 's1', change: id };
  const look = async (): Promise<void> => {
    for (const question of asked) {
      const [there, here] = await both(question);
      expect(here).toEqual(there);
    }
    const marks = await Promise.all([real, lab].map((side) => side.ask([state], patience)));
    const [there, here] = marks.map((answers) => {
      const answer = answers.get(questionKey(state));
      return answer?.kind === 'said' ? answer.text.trim().split('\n').toSorted() : answer;
    });
    expect(here).toEqual(there);
  };
  for (const deed of [{ kind: 'change', change } as const, { kind: 'undo', change, force: false } as const]) {
    const [there, here] = await Promise.all([real, lab].map((side) => side.perform(deed, patience)));
    const plain = (report: typeof there): unknown => ({
      ...report,
      output: report?.output.map((line) => line.replace(/new id grb-\S+/, 'new id')),
    });
    expect(plain(here)).toEqual(plain(there));
    expect(there?.kind, JSON.stringify(there)).toBe('done');
    await look();
  }
}
