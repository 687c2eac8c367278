import { expect, it } from 'vitest';
import type { Control, Profile } from '../../src/domain/control.ts';
import { questionKey } from '../../src/domain/question.ts';
import { rancherWord } from '../../src/domain/rancher.ts';
import { visible, visibleLines } from '../../src/domain/unseen.ts';
import { judge, questionsOf } from '../../src/engine/probe.ts';
import { Practice, shippedProfiles } from '../controls/practice.ts';

it('what cannot be seen is shown as a sign; lines are kept where they may be', () => {
  expect(visible('a\u001b[2Jb\n\u202ec')).toBe('a\ufffd[2Jb\ufffd\ufffdc');
  expect(visibleLines('a\tb\nc\u009b31m')).toBe('a b\nc\ufffd31m');
  expect(visible('größer 𝄞')).toBe('größer 𝄞');
});

it('a verdict holds nothing that a terminal acts on, though the JSON that was read had it written out', async () => {
  const profile = (await shippedProfiles()).find((p) => p.distribution.id === 'rke') as Profile;
  const audit = profile.controls.find((c) => c.id === 'rancher-audit-log') as Control;
  const { place: near } = await Practice.open(profile, {}, 'cp-1');
  const place = { ...near, node: 'rancher', words: { ...near.words, [rancherWord]: 'https://r' } };
  const env = [{ name: 'AUDIT_LEVEL', value: '0\u001b]0;x\u0007' }];
  const text = JSON.stringify({ spec: { template: { spec: { containers: [{ name: 'rancher', env }] } } } });
  const answers = new Map(
    questionsOf([audit], place).map((question) => [questionKey(question), { kind: 'said', text } as const]),
  );
  expect(judge(audit, place, answers)).toMatchObject({
    kind: 'fail',
    found: 'AUDIT_LEVEL 0\ufffd]0;x\ufffd',
  });
});
