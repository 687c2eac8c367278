import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Event, Finding } from '../../src/domain/event.ts';
import { ok } from '../../src/domain/failure.ts';
import type { Target } from '../../src/domain/ports.ts';
import { check } from '../../src/engine/check.ts';
import { labCluster } from '../../src/lab/cluster.ts';
import { createLabStore } from '../../src/lab/store.ts';
import { createLabTarget } from '../../src/lab/target.ts';
import { readPractice } from '../../src/profiles/index.ts';
import { createRancherService } from '../../src/transport/rancher-service.ts';
import { createWorkstation } from '../../src/transport/workstation.ts';
import { shippedProfiles } from '../controls/practice.ts';
import { type RancherStandIn, startRancher } from '../support/rancher-server.ts';

const profile = (await shippedProfiles()).find((p) => p.distribution.id === 'rke');
const benchmark = profile?.benchmarks.find((b) => b.id === 'hardening-2.1');
let stand: RancherStandIn;

beforeAll(async () => {
  stand = await startRancher();
});
afterAll(() => stand.close());

/** What a check finds on the Rancher server, by control. */
async function found(rancher?: { readonly target: Target; readonly words: Record<string, string> }) {
  const data = await readPractice(['profiles'], 'rke');
  const cluster = data.ok ? labCluster(data.value) : data;
  if (!profile || !benchmark || !cluster.ok) throw new Error('no practice');
  const store = createLabStore(cluster.value, { readYaml: parse });
  const findings: Finding[] = [];
  await check({
    profile,
    benchmark,
    level: 2,
    nodes: [{ name: 'cp-1', host: 'cp-1', port: 0, user: 'root' }],
    connector: {
      connect: async ({ name }) => ok({ target: createLabTarget(store, name), privilege: 'root' }),
    },
    workstation: createWorkstation({ readOnly: true }),
    ...(rancher ? { rancher } : {}),
    forks: 1,
    answerer: async () => undefined,
    record: async (event: Event) => {
      if (event.kind === 'found') findings.push(...event.findings.filter((f) => f.place === 'rancher'));
    },
  });
  return Object.fromEntries(findings.map(({ control, verdict }) => [control, verdict]));
}

const everything = [
  'rancher-admin-password',
  'rancher-administrators',
  'rancher-audit-log',
  'rancher-identity-provider',
  'rancher-local-cluster',
  'rancher-node-drivers',
];

function serviceOf(token: string) {
  const { url, ca } = stand;
  const service = createRancherService({ url, ca, token, mayTryLogin: false, onSecret: () => undefined });
  return { target: service.target(url, true), words: { ...service.words(url) } };
}

it('a check without a server leaves Rancher to the operator', async () => {
  const verdicts = await found();
  expect(Object.keys(verdicts).toSorted()).toEqual(everything);
  for (const verdict of Object.values(verdicts))
    expect(verdict).toMatchObject({ kind: 'manual', reason: 'no Rancher server was named' });
});

it('a check asks the server that was named, and changes nothing there', async () => {
  const verdicts = await found(serviceOf(stand.token));
  expect(Object.entries(verdicts).map(([id, verdict]) => [id, verdict.kind, verdict.found])).toEqual(
    expect.arrayContaining([
      ['rancher-local-cluster', 'fail', 'local'],
      ['rancher-audit-log', 'fail', 'AUDIT_LEVEL 0'],
      ['rancher-admin-password', 'manual', ''],
      ['rancher-identity-provider', 'fail', 'only local'],
      ['rancher-administrators', 'fail', 'mary'],
      ['rancher-node-drivers', 'fail', 'amazonec2, azure'],
    ]),
  );
  expect(new Set(stand.seen.map((one) => one.method))).toEqual(new Set(['GET']));
});

it('a token that is not taken makes all of it unknown', async () => {
  for (const verdict of Object.values(await found(serviceOf('token-x:wrong')))) {
    expect(['unknown']).toContain(verdict.kind);
    expect(verdict.reason).toContain('the server does not accept the token');
  }
});
