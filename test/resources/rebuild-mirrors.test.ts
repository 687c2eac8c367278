// From where the images of a node come again, when their own registries do not answer it.
import { expect, test } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import { partQuestions } from '../../src/domain/read-only.ts';
import type { Plan } from '../../src/domain/resource.ts';
import { layers } from '../../src/resources/layers.ts';
import { placeFor } from './place.ts';

const place = placeFor({ roles: ['agent'], session: 's1' });
const wanted = layers.schema.parse({
  folder: '/store/c/snapshots',
  instead: 'Rebuild the store.',
  rebuild: {
    store: '/store/c',
    end: ['rke2-killall.sh'],
    kubectl: ['/bin/kubectl'],
    images: '/store/images',
    mirrors: '/etc/rancher/rke2/registries.yaml',
  },
});
const found = ['1', '2'].flatMap((n) => [
  `/store/c/snapshots/${n}|700|root|root|0|0|40|1700000000|1700100000|directory`,
  `/store/c/snapshots/${n}/fs/tmp|755|root|root|0|0|40|1700000000|1700100000|directory`,
]);
const head =
  'NAMESPACE   POD   OWNERS      NODE   SECRETS   NAMES   IMAGES   POLICIES   STARTED   RUNS   WAITS   INITS   INITIMAGES   INITPOLICIES   INITSTARTED   INITRUNS';

/** A line of kubectl under that head: a cell may be longer than its column, so the columns are made to fit. */
function table(images: readonly string[]): string {
  const rows = images.map((image, n) => [
    'a',
    `p${n}`,
    'DaemonSet',
    'cp-1',
    '<none>',
    'main',
    image,
    'IfNotPresent',
    'main',
    `${image.split(':')[0]}@sha256:0a`,
    ...Array(6).fill('<none>'),
  ]);
  const all = [head.split(/ +/), ...rows];
  const widths = (all[0] ?? []).map((_, n) => Math.max(...all.map((row) => String(row[n]).length)) + 3);
  return all.map((row) => row.map((cell, n) => String(cell).padEnd(widths[n] ?? 0)).join('')).join('\n');
}

type World = {
  readonly images: readonly string[];
  readonly registries?: string;
  readonly config?: string;
  /** What curl is answered, by address. */
  readonly web: Readonly<Record<string, string>>;
};

const said = (text: string): Answer => ({ kind: 'said', text });

function answer(world: World, question: Question): Answer {
  if (question.kind === 'object') return said('{"metadata":{"name":"cp-1"},"spec":{"unschedulable":true}}');
  if (question.kind === 'unit') return { kind: 'absent' };
  if (question.kind === 'stat')
    return question.path === '/store/c/snapshots'
      ? said('0700|root|root|0|0|40|1700000000|1700000000|directory')
      : { kind: 'absent' };
  if (question.kind === 'file') {
    const text = /registries\.yaml$/.test(question.path) ? world.registries : world.config;
    return text === undefined || !/(registries|config)\.yaml$/.test(question.path)
      ? { kind: 'absent' }
      : said(text);
  }
  if (question.kind !== 'command') return { kind: 'absent' };
  const url = question.words.at(-1) ?? '';
  switch (question.words[0]) {
    case 'find':
      return said(`${found.join('\n')}\n`);
    case 'df':
      return said('Avail\n52428800\n');
    case 'du':
      return said('10485760\t/store/c\n');
    case 'curl':
      return world.web[url] === undefined
        ? { kind: 'failed', exit: 6, message: 'Could not resolve host' }
        : said(`HTTP/2 ${world.web[url]} \r\n`);
    default:
      return said(table(world.images));
  }
}

/** The plan for a world, and the addresses that were asked for it, round by round. */
function planIn(world: World): { readonly plan: Plan; readonly asked: readonly string[] } {
  const answers = new Map<string, Answer>();
  const asked: string[] = [];
  const ask = (questions: readonly Question[]): boolean => {
    const fresh = questions.filter((q) => !answers.has(questionKey(q)));
    expect([...partQuestions(fresh).refused]).toEqual([]);
    for (const q of fresh) {
      if (q.kind === 'command' && q.words[0] === 'curl') asked.push(q.words.at(-1) ?? '');
      answers.set(questionKey(q), answer(world, q));
    }
    return fresh.length > 0;
  };
  ask(layers.ask(wanted, place));
  let rounds = 0;
  while (ask(layers.askToPlan?.(wanted, new Map(answers), place) ?? [])) rounds += 1;
  expect(rounds).toBeLessThanOrEqual(5);
  const read = layers.read(wanted, new Map(answers), place);
  if (!read.known) throw new Error(read.reason);
  return { plan: layers.change(wanted, read.value, place), asked };
}

const mirror = 'mirrors: { docker.io: { endpoint: ["https://m:5000"] } }\n';
const page = 'https://m:5000/v2/';
const manifest = 'https://m:5000/v2/rancher/calico/manifests/v3?ns=docker.io';
const calico = 'rancher/calico:v3';

test('an image that only a mirror has can be had again, and it is said from where', () => {
  const { plan, asked } = planIn({
    images: [calico, 'quay.io/x/y:1'],
    registries: mirror,
    web: { [page]: '401', [manifest]: '200', 'https://quay.io/v2/': '401' },
  });
  expect(plan).toMatchObject({
    kind: 'steps',
    steps: [
      {
        words: ['systemctl', 'stop', 'rke2-agent'],
        known:
          'The images come again from quay.io: quay.io/x/y:1; the mirror https://m:5000: rancher/calico:v3.',
      },
      {},
      {},
      {},
    ],
  });
  expect(JSON.stringify(plan)).not.toContain('vouch');
  expect(asked).toEqual(['https://registry-1.docker.io/v2/', 'https://quay.io/v2/', page, manifest]);
});

test.each([
  [
    'the mirror does not answer',
    {},
    'exit 6, Could not resolve host, and its mirror https://m:5000 does not answer',
  ],
  [
    'the mirror does not have it',
    { [page]: '200', [manifest]: '404' },
    'and its mirror https://m:5000 does not have it',
  ],
  [
    'the mirror does not say',
    { [page]: '200', [manifest]: '500' },
    'and its mirror https://m:5000 does not say whether it has it',
  ],
])('refused where %s', (_, web, why) => {
  const { plan } = planIn({ images: [calico], registries: mirror, web });
  expect(plan).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('rancher/calico:v3 may not be had again'),
  });
  expect(plan).toMatchObject({ reason: expect.stringContaining(why) });
});

test('a mirror that wants to know who asks is answered for by a person', () => {
  const { plan } = planIn({
    images: [calico],
    registries: mirror,
    web: { [page]: '401', [manifest]: '401' },
  });
  expect(plan).toMatchObject({
    steps: [
      {
        vouch:
          'By typing the name you answer for it: this node itself may log in to the mirror https://m:5000, which then gives rancher/calico:v3.',
      },
      {},
      {},
      {},
    ],
  });
});

test('where its own registry answers, no mirror is asked', () => {
  const { plan, asked } = planIn({
    images: [calico],
    registries: mirror,
    web: { 'https://registry-1.docker.io/v2/': '401' },
  });
  expect(plan.kind).toBe('steps');
  expect(asked).toEqual(['https://registry-1.docker.io/v2/']);
});

test('where the service asks mirrors alone, the registry itself does not count', () => {
  const { plan } = planIn({
    images: [calico],
    registries: mirror,
    config: 'disable-default-registry-endpoint: true\n',
    web: { 'https://registry-1.docker.io/v2/': '401', [page]: '200', [manifest]: '404' },
  });
  expect(plan).toMatchObject({
    reason: expect.stringContaining(
      'docker.io itself is not asked (disable-default-registry-endpoint), and its mirror https://m:5000 does not have it',
    ),
  });
});

test('the file of mirrors is the one that the configuration names', () => {
  const { plan } = planIn({
    images: [calico],
    registries: mirror,
    config: 'private-registry: /srv/registries.yaml\n',
    web: { [page]: '200', [manifest]: '200' },
  });
  expect(plan.kind).toBe('steps');
});

test('a file of mirrors that cannot be read is not taken for none', () => {
  const { plan } = planIn({
    images: [calico],
    registries: 'mirrors: [',
    web: { 'https://registry-1.docker.io/v2/': '401' },
  });
  expect(plan).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining(
      'the mirrors of this node are not known: /etc/rancher/rke2/registries.yaml:1 is not YAML',
    ),
  });
});
