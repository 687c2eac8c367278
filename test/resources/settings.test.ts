import { describe, expect, it } from 'vitest';
import { type Answer, known } from '../../src/domain/answer.ts';
import { formatNamedTexts } from '../../src/domain/evidence.ts';
import { questionKey } from '../../src/domain/question.ts';
import { merge, sayings } from '../../src/resources/configuration.ts';
import { readEnvironment } from '../../src/resources/environment.ts';
import { configOf, settingQuestions, settingValue, variableOf } from '../../src/resources/settings.ts';
import { placeFor } from './place.ts';

function merged(key: string, ...texts: string[]): readonly string[] | undefined {
  const said = sayings(
    texts.map((text, n) => ({ path: `/c/${n}.yaml`, text })),
    key,
  );
  if (!said.known) throw new Error(said.reason);
  return merge(said.value)?.values;
}

describe('merging', () => {
  it('lets the last file win', () => {
    expect(merged('a', 'a: 1', 'b: 2', 'a: 3')).toEqual(['3']);
    expect(merged('a', 'a: [x, y]', 'a: [z]')).toEqual(['z']);
    expect(merged('a', 'b: 1')).toBeUndefined();
  });

  it('adds where the key ends in a plus, and starts anew where it does not', () => {
    expect(merged('a', 'a: [x]', 'a+: [y]', 'a+: z')).toEqual(['x', 'y', 'z']);
    expect(merged('a', 'a: [x]', 'a+: [y]', 'a: [z]')).toEqual(['z']);
    expect(merged('a', 'a+: [x]', 'a+: [y]')).toEqual(['x', 'y']);
    expect(merged('a', 'a: [x]\na+: [y]\n')).toEqual(['x', 'y']);
  });

  it('keeps the spelling of numbers and the sense of truth values', () => {
    expect(merged('a', 'a: 0644')).toEqual(['0644']);
    expect(merged('a', 'a: 1.10')).toEqual(['1.10']);
    expect(merged('a', 'a: true')).toEqual(['true']);
    expect(merged('a', 'a: "true"')).toEqual(['true']);
    expect(merged('a', 'a:')).toEqual(['']);
    expect(merged('a', 'x: &x [1, 2]\na: *x')).toEqual(['1', '2']);
    expect(merged('a', '{"a": "json"}')).toEqual(['json']);
    expect(merged('a', '# nothing\n', '')).toBeUndefined();
  });

  it('does not guess at what is not a map, or not YAML', () => {
    expect(sayings([{ path: '/c', text: '- a\n' }], 'a')).toMatchObject({ known: false });
    expect(sayings([{ path: '/c', text: 'a: [\n' }], 'a')).toMatchObject({ known: false });
  });
});

describe('the environment', () => {
  it('takes quotes off and leaves comments out', () => {
    const text = '# A=1\nB="two words"\n  C=\'3\' \nnonsense\nD=\nB=4\n';
    expect(readEnvironment({ path: '/e', text }).map((a) => [a.where, a.name, a.value])).toEqual([
      ['/e:2', 'B', 'two words'],
      ['/e:3', 'C', '3'],
      ['/e:5', 'D', ''],
      ['/e:6', 'B', '4'],
    ]);
  });

  it('has a name for every key', () => {
    expect(variableOf('protect-kernel-defaults', 'RKE2_')).toBe('RKE2_PROTECT_KERNEL_DEFAULTS');
    expect(variableOf('profile', 'RKE2_')).toBe('RKE2_CIS_PROFILE');
  });
});

describe('one value from the answers of a batch', () => {
  const place = placeFor();
  const { file, folder } = configOf(place);
  const answers = (given: Record<string, Answer>) =>
    new Map(
      settingQuestions(place).map((q) => [
        questionKey(q),
        given['path' in q ? `${q.path}${q.kind === 'folder' ? q.suffix : ''}` : ''] ??
          ({ kind: 'absent' } as const),
      ]),
    );

  it('is what the files and the environment make of it', () => {
    const said = (text: string): Answer => ({ kind: 'said', text });
    expect(settingValue(place, answers({ [file]: said('data-dir: /srv/rke2\n') }), 'data-dir')).toEqual(
      known('/srv/rke2'),
    );
    const more = formatNamedTexts([{ path: `${folder}/a.yaml`, text: 'data-dir: /srv/b\n' }]);
    expect(
      settingValue(place, answers({ [file]: said('data-dir: /a\n'), [folder]: said(more) }), 'data-dir'),
    ).toEqual(known('/srv/b'));
    expect(settingValue(place, answers({}), 'data-dir')).toEqual(known(undefined));
  });

  it('is unknown where the unit names other files', () => {
    const elsewhere = { ...place, unsure: { config: 'it is started with /etc/other.yaml' } };
    expect(settingValue(elsewhere, answers({}), 'data-dir')).toMatchObject({
      known: false,
      reason: expect.stringContaining('/etc/other.yaml'),
    });
  });

  it('is unknown, and not unset, where something did not arrive', () => {
    expect(settingValue(place, new Map(), 'data-dir')).toMatchObject({ known: false });
    expect(
      settingValue(place, answers({ [file]: { kind: 'denied', message: 'no' } }), 'data-dir'),
    ).toMatchObject({ known: false, reason: expect.stringContaining(file) });
  });
});
