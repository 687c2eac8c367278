import { describe, expect, test } from 'vitest';
import { loadProfiles, readPractice } from '../../src/profiles/index.ts';
import {
  benchmark,
  check,
  control,
  distribution,
  trouble,
  validateWant,
  whole,
  withFolder,
} from './bench.ts';

const load = (files: Readonly<Record<string, string>>) =>
  withFolder(files, (folder) => loadProfiles([folder], validateWant));

describe('a whole set of files', () => {
  test('becomes distribution, controls and benchmarks', async () => {
    const loaded = await load(whole);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
    const [profile] = loaded.value;
    expect(profile?.distribution).toMatchObject({ id: 'small', title: 'Small', config: { managedBy: [] } });
    expect(profile?.controls.map((c) => c.id)).toEqual(['values', 'more']);
    expect(profile?.controls[0]).toEqual({
      id: 'values',
      title: 'A value',
      target: 'node',
      roles: ['server'],
      why: 'Because.',
      breaks: 'Nothing.',
      impact: 'none',
      needs: [],
      // As the resource type takes it: its schema turned the number into text.
      wants: [{ type: 'kernel', spec: { key: 'kernel.panic', value: '10', file: '/etc/sysctl.d/90.conf' } }],
      sources: ['a source'],
    });
    expect(profile?.benchmarks).toEqual([
      {
        id: 'first',
        distribution: 'small',
        title: 'A benchmark',
        kubernetes: '>=1.21 <1.24',
        items: [
          { number: '1.1', level: 1, control: 'values' },
          { number: '1.2', level: 2, control: 'more' },
        ],
      },
    ]);
  });

  test('words stay in the wants until a version is known', async () => {
    const wants = '[{ file: { path: "{{db}}/x" } }]';
    const loaded = await load({ ...whole, 'small/controls/file.yaml': control('file', { wants }) });
    expect(loaded.ok && loaded.value[0]?.controls.find((c) => c.id === 'file')?.wants[0]?.spec).toEqual({
      path: '{{db}}/x',
    });
  });

  test('an empty word waits for its value', async () => {
    const files = {
      ...whole,
      'small/distribution.yaml': distribution.replace('  db:', '  template: ""\n  db:'),
      'small/controls/file.yaml': control('file', { wants: '[{ file: { path: "{{template}}" } }]' }),
    };
    expect((await load(files)).ok).toBe(true);
  });

  test('practice and troubles are no distributions', async () => {
    const loaded = await load({
      ...whole,
      'practice/small.yaml': 'a: 1',
      'troubles/dns.yaml': trouble('dns', check('pods')),
    });
    expect(loaded.ok && loaded.value.map((p) => p.distribution.id)).toEqual(['small']);
  });
});

describe('later folders lie over earlier ones', () => {
  const over = (upper: Readonly<Record<string, string>>) =>
    withFolder(whole, (low) =>
      withFolder(upper, async (high) => {
        const loaded = await loadProfiles([low, high], validateWant);
        if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
        const [profile] = loaded.value;
        if (!profile) throw new Error('no profile');
        return { profile, high };
      }),
    );

  test('a control replaces the one of its id, in its place, and says where it is from', async () => {
    const { profile, high } = await over({
      'small/controls/any-name.yaml': control('values', { title: 'Ours' }),
    });
    expect(profile.controls.map((c) => [c.id, c.title])).toEqual([
      ['values', 'Ours'],
      ['more', 'A value'],
    ]);
    expect(profile.controls[0]?.sources).toEqual([
      'a source',
      `replaced by ${high}/small/controls/any-name.yaml`,
    ]);
    expect(profile.controls[1]?.sources).toEqual(['a source']);
  });

  test('a benchmark replaces the file of its name; a new one is added', async () => {
    const { profile } = await over({
      'small/first.yaml': benchmark('9.9 1 more'),
      'small/house-rules.yaml': benchmark('1 1 values'),
    });
    expect(profile.benchmarks.map((b) => [b.id, b.items.length])).toEqual([
      ['first', 1],
      ['house-rules', 1],
    ]);
  });

  test('a distribution replaces the whole description', async () => {
    const { profile } = await over({
      'small/distribution.yaml': distribution.replace('title: Small', 'title: Ours'),
    });
    expect(profile.distribution.title).toBe('Ours');
    expect(profile.controls).toHaveLength(2);
  });

  test('the first folder must be there; of the later ones, a missing one changes nothing', async () => {
    expect(await loadProfiles(['/nowhere/profiles'], validateWant)).toMatchObject({
      ok: false,
      failure: { code: 'file-unreadable', path: '/nowhere/profiles' },
    });
    await withFolder(whole, async (low) => {
      const [alone, laid] = await Promise.all([
        loadProfiles([low], validateWant),
        loadProfiles([low, '/nowhere/profiles'], validateWant),
      ]);
      expect(alone.ok).toBe(true);
      expect(laid).toEqual(alone);
    });
  });

  test('a file where a folder should be is a failure', async () => {
    await withFolder({ ...whole, 'a-file': 'text' }, async (low) => {
      const loaded = await loadProfiles([low, `${low}/a-file`], validateWant);
      expect(loaded).toMatchObject({
        ok: false,
        failure: { code: 'file-unreadable', path: `${low}/a-file` },
      });
    });
  });
});

describe('the practice cluster', () => {
  test('comes from the last folder that has one, as plain data', async () => {
    await withFolder({ 'practice/small.yaml': 'nodes: 1' }, (low) =>
      withFolder({ 'practice/other.yaml': 'nodes: 2' }, async (high) => {
        expect(await readPractice([low, high], 'small')).toEqual({ ok: true, value: { nodes: 1 } });
        expect(await readPractice([low, high], 'other')).toEqual({ ok: true, value: { nodes: 2 } });
        expect(await readPractice([low, high], 'none')).toEqual({
          ok: false,
          failure: {
            code: 'usage',
            message: 'The lab has no practice cluster for none; it has one for other, small.',
          },
        });
      }),
    );
  });

  test('a broken file is not passed over', async () => {
    await withFolder({ 'practice/small.yaml': 'nodes: 1' }, (low) =>
      withFolder({ 'practice/small.yaml': 'nodes: [' }, async (high) => {
        expect(await readPractice([low, high], 'small')).toMatchObject({
          failure: { code: 'profile-invalid' },
        });
      }),
    );
  });
});
