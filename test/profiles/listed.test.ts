import { describe, expect, test } from 'vitest';
import type { Profile } from '../../src/domain/control.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { benchmark, control, validateWant, whole, withFolder } from './bench.ts';

/** What the last folder makes of the benchmarks, or the refusal with the folders' paths as `low` and `high`. */
async function listed(
  low: Readonly<Record<string, string>>,
  high: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, readonly string[]>> | string> {
  return withFolder({ ...whole, ...low }, (lower) =>
    withFolder(high, async (upper) => {
      const loaded = await loadProfiles([lower, upper], validateWant);
      if (loaded.ok) return linesOf(loaded.value[0]);
      const { failure } = loaded;
      if (failure.code !== 'profile-invalid') return failure.code;
      const text = `${failure.file}:${failure.line} ${failure.key}: ${failure.message}`;
      return text.replaceAll(lower, 'low').replaceAll(upper, 'high');
    }),
  );
}

function linesOf(profile: Profile | undefined): Readonly<Record<string, readonly string[]>> {
  const lines = (profile?.benchmarks ?? []).map(({ id, items }) => [
    id,
    items.map((i) => `${i.number} ${i.level} ${i.control}${i.added ? ' added' : ''}`),
  ]);
  return Object.fromEntries(lines);
}

/** A control that lists itself in each of these, given as `benchmark number level`. */
const listing = (id: string, ...lines: readonly string[]): string => {
  const maps = lines.map((line) => {
    const [name, number, level] = line.split(' ');
    return `\n    - { benchmark: ${name}, number: "${number}", level: ${level} }`;
  });
  return control(id, { listed: maps.join('') });
};

const file = ['1.1 1 values', '1.2 2 more'];

describe('a control that says where it is listed', () => {
  test('stands after the lines of the file, by its number', async () => {
    const own = listing('c', 'first x.10 2') + listing('a', 'first x.9 1') + listing('b', 'first x.1 1');
    expect(await listed({ 'small/controls/own.yaml': own })).toEqual({
      first: [...file, 'x.1 1 b added', 'x.9 1 a added', 'x.10 2 c added'],
    });
  });

  test('may stand in several benchmarks, and more than once', async () => {
    const own = listing('a', 'first x.1 1', 'second x.1 2', 'second 3 1');
    const files = { 'small/controls/own.yaml': own, 'small/second.yaml': benchmark('1 1 values') };
    expect(await listed(files)).toEqual({
      first: [...file, 'x.1 1 a added'],
      second: ['1 1 values', '3 1 a added', 'x.1 2 a added'],
    });
  });

  test('does so in a folder that lies over', async () => {
    const low = { 'small/controls/own.yaml': listing('a', 'first x.2 1') };
    const high = { 'small/controls/ours.yaml': listing('b', 'first x.1 1') };
    expect(await listed(low, high)).toEqual({ first: [...file, 'x.1 1 b added', 'x.2 1 a added'] });
  });

  test('is listed where the one was that it replaces, unless it says where', async () => {
    const low = { 'small/controls/own.yaml': listing('a', 'first x.1 1') };
    expect(await listed(low, { 'small/controls/ours.yaml': control('a', { title: 'Ours' }) })).toEqual({
      first: [...file, 'x.1 1 a added'],
    });
    expect(await listed(low, { 'small/controls/ours.yaml': listing('a', 'first x.7 2') })).toEqual({
      first: [...file, 'x.7 2 a added'],
    });
  });

  test('is not added to a benchmark that was laid over the one it knew', async () => {
    const low = { 'small/controls/own.yaml': listing('a', 'first x.1 1') };
    const high = {
      'small/first.yaml': benchmark('9 1 more'),
      'small/controls/ours.yaml': listing('b', 'first x.1 1'),
    };
    expect(await listed(low, high)).toEqual({ first: ['9 1 more', 'x.1 1 b added'] });
    expect(await listed(low, { 'small/first.yaml': benchmark('9 1 more') })).toEqual({
      first: ['9 1 more'],
    });
  });
});

describe('what is wrong is named by file and line', () => {
  test.each<readonly [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, string]>([
    [
      'a number of the file',
      { 'small/controls/own.yaml': listing('a', 'first 1.2 1') },
      {},
      'low/small/controls/own.yaml:10 0.listed.0.number: 1.2 of first stands at low/small/first.yaml:5 already; give it a number of its own, or take this line out',
    ],
    [
      'a number that another control took, in a folder below',
      { 'small/controls/own.yaml': listing('a', 'first x.1 1') },
      { 'small/controls/ours.yaml': listing('b', 'first x.0 1', 'first x.1 1') },
      'high/small/controls/ours.yaml:11 0.listed.1.number: x.1 of first stands at low/small/controls/own.yaml:10 already; give it a number of its own, or take this line out',
    ],
    [
      'an unknown benchmark',
      { 'small/controls/own.yaml': listing('a', 'fist x.1 1') },
      {},
      'low/small/controls/own.yaml:10 0.listed.0.benchmark: there is no benchmark fist; those that are known are first',
    ],
    [
      'a level that no benchmark has',
      { 'small/controls/own.yaml': listing('a', 'first x.1 3') },
      {},
      'low/small/controls/own.yaml:10 0.listed.0.level: must be 1 or 2',
    ],
    [
      'a number without quotes',
      { 'small/controls/own.yaml': listing('a', 'first 1.10 1').replaceAll('"', '') },
      {},
      'low/small/controls/own.yaml:10 0.listed.0.number: must be in quotes, for example "1.10"',
    ],
    [
      'an unknown key',
      { 'small/controls/own.yaml': control('a', { listed: '[{ bench: first, number: "1", level: 1 }]' }) },
      {},
      'low/small/controls/own.yaml:9 0.listed.0.benchmark: is missing; it should be text',
    ],
  ])('%s', async (_name, low, high, says) => {
    expect(await listed(low, high)).toBe(says);
  });

  test('a benchmark whose file is wrong is not also called unknown', async () => {
    const low = { 'small/controls/own.yaml': listing('a', 'first x.1 1'), 'small/first.yaml': 'title: x\n' };
    expect(await listed(low)).toMatch(/^low\/small\/first\.yaml:1 /);
  });
});
