import { expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import { questionKey } from '../../src/domain/question.ts';
import { detect, detectionQuestions } from '../../src/engine/detect.ts';
import { placeFor } from '../resources/place.ts';

const { distribution } = placeFor();

function rolesWith(unit: string, config: Answer, declared?: 'etcd') {
  const answers = new Map<string, Answer>(
    detectionQuestions(distribution).map((question): [string, Answer] => {
      const key = questionKey(question);
      if (question.kind === 'machine') return [key, { kind: 'said', text: 'hostname=cp-1' }];
      if (question.kind === 'unit')
        return [
          key,
          { kind: 'said', text: question.name === unit ? 'ActiveState=active' : 'ActiveState=inactive' },
        ];
      if (question.kind === 'file' && question.path === distribution.config?.file) return [key, config];
      return [key, { kind: 'absent' }];
    }),
  );
  const facts = detect(distribution, answers, 'root', declared);
  return facts.known ? facts.value.roles : facts.reason;
}

const off = ['apiserver', 'controller-manager', 'scheduler']
  .map((part) => `disable-${part}: true\n`)
  .join('');

it('a server that only runs etcd is a server with etcd', () => {
  expect(rolesWith(distribution.units.server, { kind: 'said', text: off })).toEqual(['server', 'etcd']);
});

it('a host declared as etcd, where nothing is installed yet, is one too', () => {
  expect(rolesWith('none', { kind: 'absent' }, 'etcd')).toEqual(['server', 'etcd']);
});
