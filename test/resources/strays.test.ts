import { expect, it } from 'vitest';
import { questionKey } from '../../src/domain/question.ts';
import { resources } from '../../src/resources/index.ts';
import { placeFor } from './place.ts';

const wanted = { path: '/data', owner: 'etcd', group: 'etcd', tree: true };

/** What is found where these lie below and belong to somebody else. */
function found(...strays: readonly string[]): string {
  const file = resources.get('file');
  if (!file) throw new Error('no type file');
  const answers = new Map([
    [
      questionKey({ kind: 'stat', path: '/data' }),
      { kind: 'said', text: '700|etcd|etcd|5|5|1|1|1|directory' } as const,
    ],
    [
      questionKey({ kind: 'strays', path: '/data', owner: 'etcd', group: 'etcd' }),
      { kind: 'said', text: strays.map((path) => `${path}\n`).join('') } as const,
    ],
  ]);
  const spec = file.schema.parse(wanted);
  const read = file.read(spec, answers, placeFor());
  if (!read.known) throw new Error(read.reason);
  return file.judge(spec, read.value, placeFor()).found;
}

it('of as many strays, what is found is the same only for the very same ones', () => {
  expect(found('/data/a', '/data/b')).not.toBe(found('/data/a', '/data/c'));
  expect(found('/data/a', '/data/b')).toBe(found('/data/b', '/data/a'));
  expect(found('/data/a', '/data/b')).toMatch(
    /^2 below not etcd:etcd, for example \/data\/a \(list [0-9a-f]{8}\)$/,
  );
  expect(found('/data/a')).toBe('1 below not etcd:etcd, for example /data/a');
});
