import { describe, expect, test } from 'vitest';
import { loadProfiles } from '../../src/profiles/index.ts';
import { benchmark, control, distribution, validateWant, whole, withFolder } from './bench.ts';

/** What the loader says of files laid over the whole ones: `file:line key message`, the folder left out. */
async function refusal(files: Readonly<Record<string, string>>): Promise<string> {
  return withFolder({ ...whole, ...files }, async (folder) => {
    const loaded = await loadProfiles([folder], validateWant);
    if (loaded.ok) return 'loaded';
    const { failure } = loaded;
    if (failure.code === 'file-unreadable') return `unreadable ${failure.path.replace(`${folder}/`, '')}`;
    if (failure.code !== 'profile-invalid') return failure.code;
    const text = `${failure.file}:${failure.line} ${failure.key}: ${failure.message}`;
    return text.replaceAll(`${folder}/`, '');
  });
}

describe('what is wrong is named by file, line and key', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, string | RegExp])[] = [
    [
      'broken YAML',
      { 'small/controls/kernel.yaml': '- id: a\n  title: "no end\n' },
      /^small\/controls\/kernel\.yaml:\d+ : .+$/,
    ],
    [
      'a key that stands twice',
      { 'small/distribution.yaml': `${distribution}title: Again\n` },
      /^small\/distribution\.yaml:25 : .*unique/,
    ],
    [
      'an unknown key',
      { 'small/controls/x.yaml': control('x', { colour: 'blue' }) },
      'small/controls/x.yaml:9 0.colour: is not a key that is known here; correct its spelling, or take it out',
    ],
    [
      'an unknown key inside a want',
      {
        'small/controls/x.yaml': control('x', {
          wants: '\n    - kernel:\n        key: a\n        value: 1\n        file: /f\n        colour: blue',
        }),
      },
      'small/controls/x.yaml:12 0.wants.0.kernel.colour: is not a key that is known here; correct its spelling, or take it out',
    ],
    [
      'a wrong value inside a want',
      { 'small/controls/x.yaml': control('x', { wants: '\n    - kernel: { key: a, value: b, file: /f }' }) },
      /^small\/controls\/x\.yaml:8 0\.wants\.0\.kernel\.value: /,
    ],
    [
      'an unknown resource type',
      { 'small/controls/x.yaml': control('x', { wants: '\n    - sysctl: { key: a }' }) },
      'small/controls/x.yaml:8 0.wants.0.sysctl: is not a resource type that is known; correct its spelling, docs/controls.md has a chapter on each',
    ],
    [
      'what only a Rancher server can be asked, on a node',
      { 'small/controls/x.yaml': control('x', { wants: '\n    - rancher: { setting: a }' }) },
      'small/controls/x.yaml:8 0.wants.0.rancher: is only for a control whose target is rancher',
    ],
    [
      'what a Rancher server cannot be asked',
      { 'small/controls/x.yaml': control('x', { target: 'rancher' }) },
      /^small\/controls\/x\.yaml:\d+ 0\.wants\.0\.kernel: cannot be asked of a Rancher server; there it is rancher or attested$/,
    ],
    [
      'two types in one want',
      { 'small/controls/x.yaml': control('x', { wants: '\n    - { kernel: {}, file: {} }' }) },
      'small/controls/x.yaml:8 0.wants.0: must be one resource type with what is wanted of it',
    ],
    [
      'a word that is not defined',
      { 'small/controls/x.yaml': control('x', { wants: '\n    - file: { path: "{{dbb}}/x" }' }) },
      'small/controls/x.yaml:8 0.wants.0.file.path: the distribution does not define {{dbb}}',
    ],
    [
      'a word that is not defined, in the distribution',
      { 'small/distribution.yaml': distribution.replace('[kubectl]', '["{{bin}}/kubectl"]') },
      'small/distribution.yaml:14 kubectl.0: the distribution does not define {{bin}}',
    ],
    [
      'a word that spoils what it fills',
      {
        'small/distribution.yaml': distribution.replace('/var/lib/small', 'var/lib/small'),
        'small/controls/x.yaml': control('x', { wants: '\n    - file: { path: "{{db}}/x" }' }),
      },
      'small/controls/x.yaml:8 0.wants.0.file.path: should be an absolute path, once its words are filled in',
    ],
    [
      'a word defined through itself',
      { 'small/distribution.yaml': distribution.replace('/var/lib/small', '"{{db}}"') },
      'small/distribution.yaml:3 words.data-dir: is defined through itself',
    ],
    [
      'a word defined twice',
      { 'small/distribution.yaml': distribution.replace('  db:', '  profile: x\n  db:') },
      'small/distribution.yaml:7 versioned.profile: is defined among the words already',
    ],
    [
      'a word in a text that is read as it stands',
      { 'small/controls/x.yaml': control('x', { why: 'See {{db}}.' }) },
      /^small\/controls\/x\.yaml:4 0\.why: is read as it stands/,
    ],
    [
      'the word namespace outside an object',
      { 'small/controls/x.yaml': control('x', { wants: '\n    - file: { path: "{{namespace}}" }' }) },
      'small/controls/x.yaml:8 0.wants.0.file.path: the distribution does not define {{namespace}}',
    ],
    [
      'an id that stands twice',
      { 'small/controls/x.yaml': `${control('x')}\n${control('values')}` },
      /^small\/controls\/x\.yaml:10 1\.id: values is the id of another control, at small\/controls\/kernel\.yaml:1; give one of the two an id of its own$/,
    ],
    [
      'an id with capitals',
      { 'small/controls/x.yaml': control('Kernel') },
      'small/controls/x.yaml:1 0.id: must be lower-case letters, digits and single hyphens',
    ],
    [
      'a number that stands twice',
      { 'small/first.yaml': benchmark('1.1 1 values', '1.1 2 more') },
      'small/first.yaml:5 items.1.number: 1.1 stands on line 4 already; give it a number of its own',
    ],
    [
      'a number without quotes',
      { 'small/first.yaml': benchmark('1.1 1 values').replace('"1.1"', '1.10') },
      'small/first.yaml:4 items.0.number: must be in quotes, for example "1.10"',
    ],
    [
      'an unknown control in a benchmark',
      { 'small/first.yaml': benchmark('1.1 1 values', '1.2 1 other') },
      'small/first.yaml:5 items.1.control: there is no control other; correct the id, or write that control under controls',
    ],
    [
      'a level that is none',
      { 'small/first.yaml': benchmark('1.1 3 values') },
      'small/first.yaml:4 items.0.level: must be 1 or 2',
    ],
    [
      'a range of a benchmark',
      { 'small/first.yaml': benchmark('1.1 1 values').replace('>=1.21 <1.24', '1.21 - 1.24') },
      /^small\/first\.yaml:2 kubernetes: is not a range of versions/,
    ],
    [
      'a range of a control',
      { 'small/controls/x.yaml': control('x', { versions: '"~1.25"' }) },
      /^small\/controls\/x\.yaml:9 0\.versions: is not a range of versions/,
    ],
    [
      'a range of a versioned word',
      { 'small/distribution.yaml': distribution.replace('"<1.25"', '"below 1.25"') },
      /^small\/distribution\.yaml:7 versioned\.profile\.0\.versions: is not a range of versions/,
    ],
    [
      'an unknown need',
      { 'small/controls/x.yaml': control('x', { needs: '[values, nothing]' }) },
      'small/controls/x.yaml:9 0.needs.1: there is no control nothing; correct the id, or write that control under controls',
    ],
    [
      'a control that needs itself',
      { 'small/controls/x.yaml': control('x', { needs: '[x]' }) },
      'small/controls/x.yaml:9 0.needs.0: goes round in a circle: x needs x; take one of these needs out',
    ],
    [
      'needs that go round',
      {
        'small/controls/x.yaml':
          control('x', { needs: '[y]' }) + control('y', { needs: '[z]' }) + control('z', { needs: '[x]' }),
      },
      'small/controls/x.yaml:9 0.needs.0: goes round in a circle: x needs y needs z needs x; take one of these needs out',
    ],
    [
      'a control of nodes without a role',
      { 'small/controls/x.yaml': control('x', { roles: '[]' }) },
      /^small\/controls\/x\.yaml:3 0\.roles: must name at least one role/,
    ],
    [
      'a role that is none',
      { 'small/controls/x.yaml': control('x', { roles: '[server, master]' }) },
      /^small\/controls\/x\.yaml:3 0\.roles\.1: /,
    ],
    [
      'a cure that is no regular expression',
      { 'small/controls/x.yaml': control('x', { cures: '["(denied"]' }) },
      'small/controls/x.yaml:9 0.cures.0: is not a regular expression',
    ],
    [
      'a pattern that is no regular expression',
      { 'small/distribution.yaml': distribution.replace('[fatal]', '["(fatal"]') },
      'small/distribution.yaml:22 health.fatal.0: is not a regular expression',
    ],
    [
      'a missing key, at what should hold it',
      { 'small/controls/x.yaml': `\n\n${control('x').replace(/ {2}why:.*\n/, '')}` },
      /^small\/controls\/x\.yaml:3 0\.why: /,
    ],
    ['an empty file', { 'small/controls/x.yaml': '# nothing yet\n' }, /^small\/controls\/x\.yaml:1 : /],
    [
      'a folder that nothing describes',
      { 'smal/controls/x.yaml': control('x') },
      'unreadable smal/distribution.yaml',
    ],
  ];
  test.each(cases)('%s', async (_name, files, expected) => {
    const said = await refusal(files);
    if (typeof expected === 'string') expect(said).toBe(expected);
    else expect(said).toMatch(expected);
  });

  test('each sentence is one line', async () => {
    for (const [, files] of cases) expect(await refusal(files)).not.toContain('\n');
  });
});
