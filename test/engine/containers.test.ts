import { expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import type { Distribution, Role } from '../../src/domain/distribution.ts';
import { questionKey } from '../../src/domain/question.ts';
import { detect, detectionQuestions } from '../../src/engine/detect.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';

const loaded = await loadProfiles(['profiles'], (type, spec) => resources.get(type)?.schema.parse(spec));
if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
const rke = loaded.value.find((p) => p.distribution.id === 'rke')?.distribution as Distribution;

const image = 'registry.example.org:5000/rancher/hyperkube:v1.24.17-rancher1';
const running = (name: string, of = image): Answer => ({
  kind: 'said',
  text: JSON.stringify({ name, image: of, args: [], binds: [], state: 'running', started: '' }),
});
const down: Answer = { kind: 'failed', exit: 1, message: 'Cannot connect to the Docker daemon' };

function facts(containers: Readonly<Record<string, Answer>>, declared?: Role) {
  const answers = new Map<string, Answer>(
    detectionQuestions(rke).map((question) => {
      if (question.kind === 'machine')
        return [questionKey(question), { kind: 'said', text: 'hostname=cp-1' }];
      const answer = question.kind === 'container' ? containers[question.name] : undefined;
      return [questionKey(question), answer ?? { kind: 'absent' }];
    }),
  );
  const read = detect(rke, answers, 'root', declared);
  if (!read.known) throw new Error(read.reason);
  return read.value;
}

const marks = { kubelet: running('kubelet'), 'service-sidekick': running('service-sidekick', 'x:v0.1.90') };

it.each([
  [
    'a server with etcd',
    { 'kube-apiserver': running('kube-apiserver'), etcd: running('etcd') },
    ['server', 'etcd'],
  ],
  ['a server without', { 'kube-apiserver': running('kube-apiserver') }, ['server']],
  ['a node of etcd alone', { etcd: running('etcd') }, ['etcd']],
  ['a worker', {}, ['agent']],
])('containers tell %s, and the version', (_, more, roles) => {
  expect(facts({ ...marks, ...more })).toMatchObject({
    roles,
    version: 'v1.24.17-rancher1',
    distribution: 'rke',
  });
  expect(facts({ ...marks, ...more }).unsure).toBeUndefined();
});

it('a kubelet of another distribution is not taken for this one', () => {
  expect(facts({ kubelet: running('kubelet') })).not.toHaveProperty('version');
  expect(facts({ ...marks, kubelet: running('kubelet', 'k8s.gcr.io/hyperkube:v1.18.2') })).not.toHaveProperty(
    'distribution',
  );
});

it('a machine on which rke has not been yet is what it was declared', () => {
  expect(facts({}, 'etcd')).toMatchObject({ roles: ['etcd'] });
  expect(facts({}, 'server').unsure).toBeUndefined();
});

it.each(['kubelet', 'etcd', 'kube-apiserver'])(
  'a %s that could not be asked for leaves the role open',
  (name) => {
    const { unsure, roles } = facts({ ...marks, [name]: down }, 'agent');
    expect(unsure?.roles).toContain('Cannot connect to the Docker daemon');
    expect(roles).toEqual(['agent']);
  },
);

it('the kubelet’s container tells what the cluster calls the node, and where it reaches it', () => {
  const args = ['kubelet', '--hostname-override=Shop-1', '--node-ip=10.0.0.5'];
  const text = JSON.stringify({ name: 'kubelet', image, args, binds: [], state: 'running', started: '' });
  expect(facts({ ...marks, kubelet: { kind: 'said', text } })).toMatchObject({
    nodeName: 'Shop-1',
    address: '10.0.0.5',
  });
  expect(facts(marks)).not.toHaveProperty('nodeName');
  expect(facts(marks)).not.toHaveProperty('address');
});
