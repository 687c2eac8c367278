import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import { questionKey } from '../../src/domain/question.ts';
import { detect, detectionQuestions } from '../../src/engine/detect.ts';
import { configOf } from '../../src/resources/settings.ts';
import { placeFor } from '../resources/place.ts';

const { distribution: plain } = placeFor({});
const file = '/etc/rancher/rke2/config.yaml.d/50-rancher.yaml';
const distribution = {
  ...plain,
  config: { ...configOf(placeFor()), managedBy: [{ file, who: 'Rancher', instead: 'Set it in Rancher.' }] },
};

function managedBy(answer: Answer | undefined) {
  const answers = new Map<string, Answer>(
    detectionQuestions(distribution).map((question) => [
      questionKey(question),
      question.kind === 'machine' ? { kind: 'said', text: 'hostname=cp-1' } : { kind: 'absent' },
    ]),
  );
  const key = questionKey({ kind: 'stat', path: file });
  if (answer) answers.set(key, answer);
  else answers.delete(key);
  const facts = detect(distribution, answers, 'root', undefined);
  if (!facts.known) throw new Error(facts.reason);
  return facts.value.managedBy;
}

describe('who owns the configuration of a node', () => {
  it('is nobody when the file that shows it is not there', () => {
    expect(managedBy({ kind: 'absent' })).toBeUndefined();
  });

  it('is named when the file is there', () => {
    const stat = '600|root|root|0|0|9|1700000000|1700000000|regular file';
    expect(managedBy({ kind: 'said', text: stat })).toEqual({
      who: 'Rancher',
      instead: 'Set it in Rancher.',
    });
  });

  it.each<readonly [string, Answer | undefined]>([
    ['denied', { kind: 'denied', message: 'Permission denied' }],
    ['lost', { kind: 'lost', reason: 'the link broke' }],
    ['garbled', { kind: 'said', text: '' }],
    ['not asked', undefined],
  ])('cannot be told when the answer is %s', (_, answer) => {
    expect(managedBy(answer)).toMatchObject({
      who: 'It could not be told who',
      instead: expect.stringContaining(file),
    });
  });
});
