import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import type { Place } from '../../src/domain/distribution.ts';
import type { Target } from '../../src/domain/ports.ts';
import { questionKey } from '../../src/domain/question.ts';
import { namedFileWords } from '../../src/engine/place.ts';
import { whoseCluster } from '../../src/engine/whose-cluster.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { clusterFileAt, clusterIn, whyNotApplied } from '../../src/resources/cluster-file.ts';
import { resources } from '../../src/resources/index.ts';

const loaded = await loadProfiles(['profiles'], (type, spec) => resources.get(type)?.schema.parse(spec));
if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
const rke = loaded.value.find((p) => p.distribution.id === 'rke')?.distribution;
if (!rke) throw new Error('no RKE');

const path = '/home/operator/cluster.yml';
const file = (version: string): string =>
  `kubernetes_version: ${version}\nnodes:\n- { address: 192.0.2.1, hostname_override: cp-1 }\n- { address: 192.0.2.2, hostname_override: worker-1 }\n`;

const placeOf = (worker: string | undefined): Place => ({
  node: 'workstation',
  roles: ['server', 'etcd'],
  distribution: rke,
  version: [1, 28, 15],
  words: { ...rke.words, ...namedFileWords(path) },
  nodes: [
    { name: 'cp-1', host: '192.0.2.1', facts: { hostname: 'cp-1', version: 'v1.28.15-rancher1' } },
    {
      name: 'worker-1',
      host: '192.0.2.2',
      facts: { hostname: 'worker-1', ...(worker === undefined ? {} : { version: worker }) },
    },
  ],
});

const holding = (text: string): Target => ({
  name: 'workstation',
  ask: async (questions) =>
    new Map(questions.map((question): [string, Answer] => [questionKey(question), { kind: 'said', text }])),
  perform: async () => {
    throw new Error('nothing is done here');
  },
  onLost: () => undefined,
  close: async () => undefined,
});

const rows: readonly (readonly [string, string, string | undefined, RegExp | undefined])[] = [
  ['the version that all run', 'v1.28.15-rancher1-1', 'v1.28.15-rancher1', undefined],
  ['a node of which no version is known', 'v1.28.15-rancher1-1', undefined, undefined],
  [
    'a worker that is behind',
    'v1.28.15-rancher1-1',
    'v1.27.16-rancher1',
    /names v1\.28\.15-rancher1-1 as kubernetes_version, and 1\.27\.16 runs on worker-1: the next rke up would bring/,
  ],
  ['a worker that is ahead', 'v1.28.15-rancher1-1', 'v1.29.1-rancher1', /1\.29\.1 runs on worker-1/],
  ['another version than the servers run', 'v1.29.1-rancher1-1', 'v1.29.1-rancher1', /1\.28\.15 runs/],
];

describe.each(rows)('the file of a cluster: %s', (_, named, worker, refusal) => {
  const place = placeOf(worker);

  it('before rke up', async () => {
    const making = await whoseCluster(holding(file(named)), path, place);
    expect(making).toMatchObject(
      refusal ? { kind: 'refused', reason: expect.stringMatching(refusal) } : { kind: 'ready' },
    );
  });

  it('before an edit', () => {
    const tree = clusterIn(file(named), path);
    const whole = clusterFileAt(path, place);
    if (!tree.known || !whole) throw new Error('no file of a cluster');
    const why = whyNotApplied(whole, tree.value, place);
    expect(why?.reason).toEqual(refusal && expect.stringMatching(refusal));
    expect(why?.instead).toEqual(refusal && expect.stringMatching(/^Upgrade first/));
  });
});
