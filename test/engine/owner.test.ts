import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import { questionKey } from '../../src/domain/question.ts';
import { refusedQuestion } from '../../src/domain/read-only.ts';
import { detect, detectionQuestions } from '../../src/engine/detect.ts';
import { ownerOf, ownerQuestions } from '../../src/engine/owner.ts';
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

describe('an owner with several marks', () => {
  const agents = '/var/lib/juju/agents';
  const written = '/args/kubelet.args.d/01-charm-managed';
  const juju = { file: agents, also: [written], units: 'jujud-*', who: 'Juju', instead: 'Set it there.' };
  const owned = { ...plain, config: { ...configOf(placeFor()), managedBy: [juju] } };
  const units = 'systemctl list-units --all --plain --no-legend --no-pager jujud-*';
  const stat = '755|root|root|0|0|9|1700000000|1700000000|directory';

  function ownerWith(given: Readonly<Record<string, Answer>>) {
    const answers = new Map<string, Answer>(
      ownerQuestions(owned).map((q) => {
        const name = q.kind === 'command' ? q.words.join(' ') : q.kind === 'stat' ? q.path : q.kind;
        const none: Answer = q.kind === 'command' ? { kind: 'said', text: '' } : { kind: 'absent' };
        return [questionKey(q), given[name] ?? none];
      }),
    );
    return ownerOf(owned, answers);
  }

  it('is asked for by questions that only read', () => {
    expect(ownerQuestions(owned).map(refusedQuestion)).toEqual([undefined, undefined, undefined]);
  });

  it('owns nothing where none of them is there', () => {
    expect(ownerWith({})).toBeUndefined();
    expect(ownerWith({ [units]: { kind: 'no-tool', tool: 'systemctl' } })).toBeUndefined();
  });

  it.each<readonly [string, Answer]>([
    [agents, { kind: 'said', text: stat }],
    [written, { kind: 'said', text: stat }],
    [units, { kind: 'said', text: 'jujud-machine-3.service loaded active running juju agent\n' }],
  ])('is told by %s alone', (name, answer) => {
    expect(ownerWith({ [name]: answer })).toEqual({ who: 'Juju', instead: 'Set it there.' });
  });

  it('is told by one mark though another was not read', () => {
    const denied: Answer = { kind: 'denied', message: 'Permission denied' };
    expect(ownerWith({ [agents]: denied, [written]: { kind: 'said', text: stat } })).toMatchObject({
      who: 'Juju',
    });
    expect(ownerWith({ [agents]: denied })).toMatchObject({ who: 'It could not be told who' });
    expect(ownerWith({ [units]: { kind: 'lost', reason: 'x' } })).toMatchObject({
      instead: expect.stringContaining('units called jujud-*'),
    });
  });
});
