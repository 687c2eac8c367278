import { describe, expect, test } from 'vitest';
import { type Benchmark, benchmarkOf, type Profile, selectControls } from '../../src/domain/control.ts';
import { ok } from '../../src/domain/failure.ts';
import { lintProfiles, loadProfiles } from '../../src/profiles/index.ts';
import { check, control, distribution, trouble, validateWant, whole, withFolder } from './bench.ts';

type Files = Readonly<Record<string, string>>;

async function profileOf(files: Files): Promise<Profile> {
  return withFolder({ ...whole, ...files }, async (folder) => {
    const loaded = await loadProfiles([folder], validateWant);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
    const profile = loaded.value.find((p) => p.distribution.id === 'small');
    if (!profile) throw new Error('no profile');
    return profile;
  });
}

async function refusal(files: Files): Promise<string> {
  return withFolder({ ...whole, ...files }, async (folder) => {
    const loaded = await loadProfiles([folder], validateWant);
    if (loaded.ok) return 'loaded';
    const { failure } = loaded;
    return failure.code === 'profile-invalid'
      ? `${failure.file}:${failure.line} ${failure.key}: ${failure.message}`.replaceAll(`${folder}/`, '')
      : failure.code;
  });
}

const items = (profile: Profile, id: string): readonly string[] =>
  benchmarkOf(profile, id)?.items.map((i) => `${i.number} ${i.control}`) ?? [];

const named = (id: string, lines: Readonly<Record<string, string>> = {}): string =>
  `- control: ${id}\n${Object.entries(lines)
    .map(([key, value]) => `  ${key}: ${value}\n`)
    .join('')}`;

const lesson = { fault: 'It is another value', asks: 'The value.', healthy: 'Ten.', means: 'It hangs.' };

describe('a trouble', () => {
  test('is a benchmark whose items are possible causes, each a control and what it teaches', async () => {
    const profile = await profileOf({
      'troubles/dns.yaml': trouble('dns', check('pods', { deeper: 'More.', signs: '["no such host"]' })),
    });
    expect(profile.troubles?.[0]).toEqual({
      id: 'trouble-dns',
      distribution: 'small',
      title: 'Something is wrong',
      symptom: 'One sees it.',
      kubernetes: '>=0.0',
      items: [
        {
          number: '1',
          level: 1,
          control: 'pods',
          lesson: {
            fault: 'It is another',
            asks: 'A value.',
            why: 'Because.',
            healthy: 'It is 10.',
            means: 'It is broken.',
            deeper: 'More.',
            signs: ['no such host'],
          },
        },
      ],
    });
    expect(profile.checks?.map((c) => [c.id, Object.keys(c).includes('asks')])).toEqual([['pods', false]]);
    const found = benchmarkOf(profile, 'trouble-dns') as Benchmark;
    expect(selectControls(profile, found, 2).map((c) => c.id)).toEqual(['pods']);
  });

  test('stands beside the benchmarks and controls, not among them', async () => {
    const profile = await profileOf({ 'troubles/dns.yaml': trouble('dns', check('pods')) });
    expect(profile.benchmarks.map((b) => b.id)).toEqual(['first']);
    expect(profile.controls.map((c) => c.id)).toEqual(['values', 'more']);
  });

  test('may name a control of the distribution, with a lesson of its own', async () => {
    const profile = await profileOf({ 'troubles/dns.yaml': trouble('dns', named('values', lesson)) });
    expect(profile.troubles?.[0]?.items[0]).toMatchObject({
      control: 'values',
      lesson: { ...lesson, why: 'Because.' },
    });
  });

  test('may name a check of another, which brings its lesson along', async () => {
    const profile = await profileOf({
      'troubles/a.yaml': trouble('a', named('pods', { means: 'Names too.' })),
      'troubles/b.yaml': trouble('b', check('pods')),
    });
    expect(profile.troubles?.[0]?.items[0]?.lesson).toEqual({
      fault: 'It is another',
      asks: 'A value.',
      why: 'Because.',
      healthy: 'It is 10.',
      means: 'Names too.',
    });
  });

  test('to look for yourself has every check of all, once, and those of every trouble at the end', async () => {
    const profile = await profileOf({
      'troubles/a.yaml': trouble('a', check('one'), check('two')),
      'troubles/b.yaml': trouble('b', check('three'), named('one')),
      'troubles/every.yaml': check('ours'),
    });
    expect(items(profile, 'trouble-a')).toEqual(['1 one', '2 two', '3 ours']);
    expect(items(profile, 'trouble-b')).toEqual(['1 three', '2 one', '3 ours']);
    expect(items(profile, 'trouble-all')).toEqual(['1 one', '2 two', '3 three', '4 ours']);
  });

  test('is only there for the distributions that it names, and a check as well', async () => {
    const other = {
      'big/distribution.yaml': distribution.replace('title: Small', 'title: Big'),
      'big/controls/a.yaml': control('a'),
    };
    const profile = await profileOf({
      ...other,
      'troubles/a.yaml': trouble('a', check('one', { distributions: '[big]' }), check('two')),
      'troubles/b.yaml': `${trouble('b', check('three'))}distributions: [big]\n`,
    });
    expect(items(profile, 'trouble-a')).toEqual(['1 two']);
    expect(profile.troubles?.map((t) => t.id)).toEqual(['trouble-a', 'trouble-all']);
  });

  test('of an upper folder replaces the file of its name', async () => {
    await withFolder({ ...whole, 'troubles/a.yaml': trouble('a', check('one')) }, (low) =>
      withFolder({ 'troubles/a.yaml': trouble('a', check('two')) }, async (high) => {
        const loaded = await loadProfiles([low, high], validateWant);
        expect(loaded.ok && loaded.value[0]?.troubles?.[0]?.items.map((i) => i.control)).toEqual(['two']);
      }),
    );
  });
});

describe('what is wrong is named by file, line and key', () => {
  const word = '[{ file: { path: "{{nowhere}}/x" } }]';
  const cases: readonly (readonly [string, Files, string])[] = [
    [
      'a lesson that is not whole',
      { 'troubles/a.yaml': trouble('a', control('one', { fault: 'Bad', asks: 'It.', healthy: 'Well.' })) },
      'troubles/a.yaml:5 checks.0.means: is missing; it should be text',
    ],
    [
      'a key that is misspelt',
      { 'troubles/a.yaml': trouble('a', check('one', { deper: 'x' })) },
      'troubles/a.yaml:16 checks.0.deper: is not a key that is known here; correct its spelling, or take it out',
    ],
    [
      'a control that is not there',
      { 'troubles/a.yaml': trouble('a', named('gone', lesson)) },
      'troubles/a.yaml:5 checks.0.control: there is no control gone; correct the id, or write that control under controls; or leave small out of its distributions',
    ],
    [
      'a control without a lesson',
      { 'troubles/a.yaml': trouble('a', named('values', { fault: 'Bad', asks: 'It.' })) },
      'troubles/a.yaml:5 checks.0.healthy: is missing; values is a control and has none',
    ],
    [
      'a check that does not name its fault',
      {
        'troubles/a.yaml': trouble(
          'a',
          control('one', { asks: 'It.', healthy: 'Well.', means: 'It hangs.' }),
        ),
      },
      'troubles/a.yaml:5 checks.0.fault: is missing; it should be text',
    ],
    [
      'a control that does not name its fault',
      {
        'troubles/a.yaml': trouble(
          'a',
          named('values', { asks: 'It.', healthy: 'Ten.', means: 'It hangs.' }),
        ),
      },
      'troubles/a.yaml:5 checks.0.fault: is missing; values is a control and has none',
    ],
    [
      'a fault that is a sentence',
      { 'troubles/a.yaml': trouble('a', check('one', { fault: 'It hangs.' })) },
      'troubles/a.yaml:16 checks.0.fault: is a name and ends without a full stop',
    ],
    [
      'a fault that no list has room for',
      { 'troubles/a.yaml': trouble('a', check('one', { fault: 'x'.repeat(51) })) },
      'troubles/a.yaml:16 checks.0.fault: must name the fault in at most 50 characters; asks and means have room for more',
    ],
    [
      'a fault that is the healthy state',
      { 'troubles/a.yaml': trouble('a', check('one', { title: 'All is well', fault: 'All is well' })) },
      'troubles/a.yaml:16 checks.0.fault: must name what is wrong; the title is the healthy state',
    ],
    [
      'a check twice',
      { 'troubles/a.yaml': trouble('a', check('one'), check('one')) },
      'troubles/a.yaml:17 checks.1.id: one is the id of another check, at troubles/a.yaml:5; give one of the two an id of its own, or name it with control: one',
    ],
    [
      'a check with the id of a control',
      { 'troubles/a.yaml': trouble('a', check('values')) },
      'troubles/a.yaml:5 checks.0.id: values is a control of small; name it with control: values, or take another id',
    ],
    [
      'a word that the distribution lacks',
      { 'troubles/a.yaml': trouble('a', check('one', { wants: word })) },
      'troubles/a.yaml:11 checks.0.wants.0.file.path: the distribution does not define {{nowhere}}, in small; leave small out of the distributions of this check',
    ],
    [
      'an unknown resource type',
      { 'troubles/a.yaml': trouble('a', check('one', { wants: '[{ sysctl: {} }]' })) },
      'troubles/a.yaml:11 checks.0.wants.0.sysctl: is not a resource type that is known; correct its spelling, docs/controls.md has a chapter on each',
    ],
    [
      'a limit of an unknown resource type',
      { 'troubles/a.yaml': trouble('a', check('one', { onlyIf: '[{ sysctl: {} }]' })) },
      'troubles/a.yaml:16 checks.0.onlyIf.0.sysctl: is not a resource type that is known; correct its spelling, docs/controls.md has a chapter on each',
    ],
    [
      'a distribution that is not known',
      { 'troubles/a.yaml': trouble('a', check('one', { distributions: '[huge]' })) },
      'troubles/a.yaml:16 checks.0.distributions.0: is no distribution that is known; those are small',
    ],
    [
      'a name that is not that of its file',
      { 'troubles/a.yaml': trouble('b', check('one')) },
      'troubles/a.yaml:1 id: must be the name of its file, a; correct one of the two',
    ],
    [
      'a sign that is no regular expression',
      { 'troubles/a.yaml': trouble('a', check('one', { signs: '["("]' })) },
      'troubles/a.yaml:16 checks.0.signs.0: is not a regular expression',
    ],
    [
      'a need that is not there',
      { 'troubles/a.yaml': trouble('a', check('one', { needs: '[gone]' })) },
      'troubles/a.yaml:16 checks.0.needs.0: there is no control gone; correct the id, or write that control under controls (small)',
    ],
    [
      'needs that go round',
      {
        'troubles/a.yaml': trouble('a', check('one', { needs: '[two]' }), check('two', { needs: '[one]' })),
      },
      'troubles/a.yaml:16 checks.0.needs.0: goes round in a circle: one needs two needs one; take one of these needs out',
    ],
    [
      'a command that does more than read',
      {
        'troubles/a.yaml': trouble(
          'a',
          check('one', { wants: '[{ attested: { ask: x, show: { command: [rm, -r, /] } } }]' }),
        ),
      },
      'troubles/a.yaml:11 checks.0.wants.0.attested.show.command: rm is not one of the commands that are known to only read, and this would run unseen; name something that only reads, such as cat, stat, ls, journalctl or kubectl get',
    ],
  ];
  test.each(cases)('%s', async (_, files, expected) => {
    expect(await refusal(files)).toBe(expected);
  });
});

describe('lint', () => {
  const lint = (upper: Files) =>
    withFolder({ ...whole, 'troubles/a.yaml': trouble('a', check('one')) }, (low) =>
      withFolder(upper, async (high) => {
        const linted = await lintProfiles([low], high, validateWant, () => ok(undefined));
        if (!linted.ok) throw new Error(JSON.stringify(linted.failure));
        const { findings, says } = linted.value;
        return { says, findings: findings.map((f) => ('message' in f ? f.message : f.code)) };
      }),
    );

  test('says which troubles a folder adds and replaces', async () => {
    const upper = {
      'troubles/a.yaml': trouble('a', check('one')),
      'troubles/b.yaml': trouble('b', check('two')),
    };
    expect(await lint(upper)).toEqual({
      findings: [],
      says: ['replaces the trouble a; adds the trouble b.'],
    });
  });

  test('finds everything that is wrong, and files that nothing reads', async () => {
    const upper = {
      'troubles/a.yaml': trouble('a', named('gone', lesson), named('away', lesson)),
      'troubles/deep/b.yaml': 'x: 1',
    };
    expect((await lint(upper)).findings).toEqual([
      expect.stringContaining('no control gone'),
      expect.stringContaining('no control away'),
      expect.stringContaining('lies where nothing reads it'),
    ]);
  });
});
