import { expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import type { Distribution } from '../../src/domain/distribution.ts';
import { questionKey } from '../../src/domain/question.ts';
import { detect, detectionQuestions } from '../../src/engine/detect.ts';
import { placeOf } from '../../src/engine/place.ts';
import { placeFor } from '../resources/place.ts';

const roleFiles = { server: '/x/args/kube-apiserver', agent: '/x/lock/worker', etcd: '/x/args/etcd' };
const { config: _, ...bare } = placeFor().distribution;
const distribution: Distribution = { ...bare, id: 'other', roleFiles };
const there: Answer = { kind: 'said', text: '600|root|root|0|0|1|1|1|1|regular file' };
const denied: Answer = { kind: 'denied', message: 'Permission denied' };

function facts(
  files: Readonly<Record<string, Answer>>,
  declared?: 'server' | 'agent',
  server: Answer = { kind: 'absent' },
) {
  const answers = new Map<string, Answer>(
    detectionQuestions(distribution).map((question) => {
      if (question.kind === 'machine')
        return [questionKey(question), { kind: 'said', text: 'hostname=cp-1' }];
      if (question.kind === 'unit' && question.name === distribution.units.server)
        return [questionKey(question), server];
      const answer = question.kind === 'stat' ? files[question.path] : undefined;
      return [questionKey(question), answer ?? { kind: 'absent' }];
    }),
  );
  const read = detect(distribution, answers, 'root', declared);
  if (!read.known) throw new Error(read.reason);
  return read.value;
}

it.each([
  ['a server with etcd', { [roleFiles.server]: there, [roleFiles.etcd]: there }, ['server', 'etcd']],
  ['a server whose datastore is elsewhere', { [roleFiles.server]: there }, ['server']],
  ['a worker', { [roleFiles.agent]: there }, ['agent']],
  [
    'a worker on which a file of a server was left',
    { [roleFiles.agent]: there, [roleFiles.server]: there },
    ['agent'],
  ],
  ['neither, while nothing was said', {}, []],
])('files tell %s', (_name, files, roles) => {
  expect(facts(files).roles).toEqual(roles);
  expect(facts(files).unsure).toBeUndefined();
});

it('the lock of a worker on a machine whose API server runs hides no server', () => {
  const files = { [roleFiles.agent]: there, [roleFiles.server]: there };
  const unit = (state: string): Answer => ({ kind: 'said', text: `ActiveState=${state}\n` });
  expect(facts(files, undefined, unit('active')).roles).toEqual(['server']);
  expect(facts(files, undefined, unit('inactive')).roles).toEqual(['agent']);
});

it('what was declared stands where no file tells the role', () => {
  expect(facts({}, 'agent').roles).toEqual(['agent']);
});

it('a file that could not be looked at leaves the role open', () => {
  expect(facts({ [roleFiles.agent]: denied, [roleFiles.server]: there }).unsure?.roles).toContain(
    'may not be read',
  );
  expect(facts({ [roleFiles.server]: there, [roleFiles.etcd]: denied }).unsure?.etcd).toContain(
    'may not be read',
  );
});

it('a distribution without a configuration of its own has a place all the same', () => {
  const place = placeOf(distribution, 'cp-1', facts({ [roleFiles.server]: there }));
  expect(place.words['data-dir']).toBe('/var/lib/rancher/rke2');
});
