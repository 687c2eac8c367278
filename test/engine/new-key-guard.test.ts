// A key that another server has is no obstacle only where this very process made it and left it there.
import { expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import type { Target } from '../../src/domain/ports.ts';
import { questionKey } from '../../src/domain/question.ts';
import { newKeyObstacle } from '../../src/engine/new-key-guard.ts';
import { intended, recorded } from '../report/fixture.ts';
import { placeFor } from '../resources/place.ts';
import { control } from '../ui/fixture.ts';

const path = '/etc/kubernetes/encryption.yaml';
const oneKey = control(0, {
  target: 'node',
  roles: ['server'],
  wants: [{ type: 'file', spec: { path, mode: '0600' } }],
});
const text = '600|root|root|0|0|1|1|1|1|regular file';
const target: Target = {
  name: 'cp-1',
  ask: async (questions) => new Map(questions.map((q) => [questionKey(q), { kind: 'said', text }])),
  perform: async () => {
    throw new Error('a look changes nothing');
  },
  onLost: () => {},
  close: async () => {},
};

const started: Event = {
  kind: 'session-started',
  id: 's1',
  program: 'p',
  operator: 'o',
  readOnly: false,
  lab: false,
};
const made: readonly Event[] = [
  intended('c1', oneKey.id, 'cp-1', { kind: 'set-mode', path, mode: '0600', before: '0644' }),
  { kind: 'change-ended', change: 'c1', outcome: { kind: 'done' }, output: [] },
];

/** What stands in the way of a key for another server while cp-1 has one and this happened. */
function obstacle(...events: readonly Event[]): Promise<string | undefined> {
  const servers = [{ name: 'cp-1', link: { target, place: placeFor({}) } }];
  return newKeyObstacle(oneKey, servers, recorded(events));
}

const another = `cp-1 has ${path} already: copy that very file, for another key would make Secrets unreadable.`;

it('the key of this process is none', async () => {
  expect(await obstacle(started, ...made)).toBeUndefined();
  expect(await obstacle(started)).toBe(another);
});

it('a key that stands where ours was taken back is another one', async () => {
  const undone: Event = { kind: 'undo-intended', change: 'c1', commands: [], force: false };
  expect(await obstacle(started, ...made, undone)).toBe(another);
});

it('a key that was made before the session was resumed is that of another process', async () => {
  const resumed: Event = { kind: 'session-resumed', operator: 'o' };
  expect(await obstacle(started, ...made, resumed)).toBe(another);
  expect(await obstacle(started, resumed, ...made)).toBeUndefined();
});

it('an API server that reads a file which nobody asks about may have a key there', async () => {
  const spec = {
    path,
    others: [],
    container: 'kube-apiserver',
    flags: ['encryption-provider-config'],
    providers: ['aescbc'],
    published: [],
    instead: 'Copy it.',
  };
  const wanting = { ...oneKey, wants: [{ type: 'encryption-file', spec }] };
  const args = ['--encryption-provider-config=/srv/keys.yaml'];
  const about = { name: 'kube-apiserver', image: 'x', args, binds: [], state: 'running', started: '' };
  const elsewhere: Target = {
    ...target,
    ask: async (questions) =>
      new Map(
        questions.map((q) => [
          questionKey(q),
          q.kind === 'container' ? { kind: 'said', text: JSON.stringify(about) } : { kind: 'absent' },
        ]),
      ),
  };
  const servers = [{ name: 'cp-2', link: { target: elsewhere, place: placeFor({}) } }];
  expect(await newKeyObstacle(wanting, servers, recorded([started]))).toMatch(
    /^Whether cp-2 has a key.*\/srv\/keys\.yaml/,
  );
});
