// What is shown cut must still be another text where what was cut off is another: a waiver holds for what was found, and for nothing else.
import { expect, it } from 'vitest';
import { questionKey } from '../../src/domain/question.ts';
import { rancherWord } from '../../src/domain/rancher.ts';
import { withWaivers } from '../../src/domain/waiver.ts';
import { foundList } from '../../src/resources/object-list.ts';
import { rancher } from '../../src/resources/rancher.ts';
import { shortValue } from '../../src/resources/tree.ts';
import { placeFor } from './place.ts';

const wanted = {
  none: 'globalRoleBindings',
  what: 'administrators',
  where: { globalRoleId: 'admin' },
  except: ['admin'],
  instead: 'Remove them.',
  ask: 'Who is?',
};
const place = placeFor({ words: { [rancherWord]: 'https://rancher.example.org' } });

/** What is found when these users are administrators besides admin. */
function found(...names: readonly string[]) {
  const users = [
    { id: 'u', username: 'admin', me: 'true' },
    ...names.map((name) => ({ id: `u-${name}`, username: name })),
  ];
  const bindings = users.map(({ id }) => ({ id: `grb-${id}`, userId: id, globalRoleId: 'admin' }));
  const lists = new Map<string, readonly object[]>([
    ['/v3/users', users],
    ['/v3/globalRoleBindings', bindings],
  ]);
  const answers = new Map(
    rancher.ask(wanted, place).map((question) => {
      const data = question.kind === 'rancher' ? lists.get(question.path) : undefined;
      return [questionKey(question), { kind: 'said', text: JSON.stringify({ data }) } as const];
    }),
  );
  const read = rancher.read(wanted, answers, place);
  if (!read.known) throw new Error(read.reason);
  return rancher.judge(wanted, read.value, place);
}

it('a waiver of eight administrators does not hold when one that is not shown is somebody else', () => {
  const team = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const accepted = found(...team, 'h');
  const waiver = {
    control: 'x',
    place: 'rancher',
    reason: 'the team',
    owner: 'Platform',
    found: accepted.found,
  };
  const at = { control: 'x', place: 'rancher', cluster: 'prod' };
  const now = (...names: readonly string[]) => withWaivers(found(...names), [waiver], at, '2026-01-01').kind;
  expect(accepted.found).toMatch(/^a, b, c, d, e and 3 more \(list [0-9a-f]{8}\)$/);
  expect(now(...team, 'h')).toBe('waived');
  expect(now(...team, 'mallory')).toBe('fail');
});

it('a list is the same in any order of what is not shown, and a short one needs no word', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  expect(foundList([...names, 'f', 'g'])).toBe(foundList([...names, 'g', 'f']));
  expect(foundList(names)).toBe('a, b, c, d, e');
});

it('a long value is another when its end is', () => {
  const long = 'TLS_A,'.repeat(40);
  expect(shortValue(`${long}GOOD`)).not.toBe(shortValue(`${long}WEAK`));
  expect(shortValue('short')).toBe('short');
});
