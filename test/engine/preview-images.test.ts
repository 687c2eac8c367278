import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import { podImages, podImagesColumns } from '../../src/domain/pod-images.ts';
import type { Target } from '../../src/domain/ports.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import { refusedQuestion } from '../../src/domain/read-only.ts';
import { previewImages } from '../../src/engine/preview-images.ts';
import { columnsText } from '../../src/lab/columns.ts';
import { placeFor } from '../resources/place.ts';

function target(name: string, answer: (words: readonly string[]) => Answer, asked: Question[] = []): Target {
  return {
    name,
    ask: async (questions) => {
      asked.push(...questions);
      return new Map(
        questions.map((q) => [questionKey(q), answer(q.kind === 'command' ? q.words : [])] as const),
      );
    },
    perform: async () => {
      throw new Error('a preview changes nothing');
    },
    onLost: () => {},
    close: async () => {},
  };
}

const container = (name: string, image: string, more: object = {}) => ({ name, image, ...more });

/** As kubectl prints them; containers and their statuses stand in orders of their own. */
const pods = [
  {
    metadata: { namespace: 'shop', name: 'web-1' },
    spec: {
      nodeName: 'w-1',
      containers: [
        container('web', 'registry.corp/web:1', { imagePullPolicy: 'IfNotPresent' }),
        container('agent', 'quay.io/agent:2', { imagePullPolicy: 'Never' }),
      ],
      initContainers: [container('first', 'busybox', { imagePullPolicy: 'Always' })],
    },
    status: {
      containerStatuses: [
        { name: 'agent', imageID: 'docker-pullable://quay.io/agent@sha256:bb' },
        { name: 'web', imageID: '', state: { waiting: { reason: 'ErrImagePull' } } },
      ],
      initContainerStatuses: [{ name: 'first', imageID: 'docker://sha256:cc' }],
    },
  },
  {
    metadata: { namespace: 'kube-system', name: 'etcd-cp-1', ownerReferences: [{ kind: 'Node' }] },
    spec: { nodeName: 'cp-1', containers: [container('etcd', 'local/etcd')] },
  },
];

const table = columnsText(podImagesColumns.slice('custom-columns='.length), pods);

describe('the images in use', () => {
  it('are read out of the columns, static pods apart', () => {
    expect(podImages(table)).toEqual({
      known: true,
      value: [
        {
          pod: 'shop/web-1',
          node: 'w-1',
          image: 'registry.corp/web:1',
          policy: 'IfNotPresent',
          secret: false,
          waits: 'ErrImagePull',
        },
        {
          pod: 'shop/web-1',
          node: 'w-1',
          image: 'quay.io/agent:2',
          policy: 'Never',
          id: 'quay.io/agent@sha256:bb',
          secret: false,
        },
        {
          pod: 'shop/web-1',
          node: 'w-1',
          image: 'busybox',
          policy: 'Always',
          id: 'sha256:cc',
          secret: false,
        },
      ],
    });
  });

  it('are asked for, and their registries on the nodes of the pods, by questions that only read', async () => {
    const asked: Question[] = [];
    const api = { place: placeFor({}), target: target('cp-1', () => ({ kind: 'said', text: table }), asked) };
    const worker = target('w-1', () => ({ kind: 'failed', exit: 7, message: 'refused' }), asked);
    const other = target('w-2', () => ({ kind: 'said', text: '' }), asked);
    const read = await previewImages(api, [
      { name: 'w-1', target: worker },
      { name: 'w-2', target: other },
    ]);
    expect(read.known && read.value[0]).toContain('Of 3 images in use, 3 may not be pulled again');
    expect(asked.map(refusedQuestion)).toEqual(asked.map(() => undefined));
    expect(
      asked.flatMap((q) => (q.kind === 'command' && q.words[0] === 'curl' ? [q.words.at(-1)] : [])),
    ).toEqual(['https://registry.corp/v2/', 'https://quay.io/v2/', 'https://registry-1.docker.io/v2/']);
  });

  it.each<[string, Answer, string]>([
    ['an answer with any status', { kind: 'said', text: 'HTTP/2 401' }, 'All 1 images in use'],
    ['another certificate', { kind: 'failed', exit: 60, message: 'certificate' }, 'All 1 images in use'],
    ['no connection', { kind: 'failed', exit: 7, message: 'refused' }, '1 may not be pulled again'],
    ['no curl', { kind: 'no-tool', tool: 'curl' }, 'of 1 it is not known'],
    ['the lab', { kind: 'failed', exit: 127, message: 'the lab cannot do this' }, 'of 1 it is not known'],
  ])('%s of a registry', async (_, answer, says) => {
    const one = [
      {
        metadata: { namespace: 'a', name: 'b' },
        spec: { nodeName: 'w-1', containers: [container('c', 'quay.io/c:1')] },
        status: { containerStatuses: [{ name: 'c', imageID: 'quay.io/c@sha256:aa' }] },
      },
    ];
    const text = columnsText(podImagesColumns.slice('custom-columns='.length), one);
    const api = { place: placeFor({}), target: target('cp-1', () => ({ kind: 'said', text })) };
    const read = await previewImages(api, [{ name: 'w-1', target: target('w-1', () => answer) }]);
    expect(read.known && read.value[0]).toContain(says);
  });

  it('what is no list of pods is not "nothing in use"', async () => {
    for (const answer of [
      { kind: 'said', text: '' },
      { kind: 'lost', reason: 'x' },
    ] as const) {
      const api = { place: placeFor({}), target: target('cp-1', () => answer) };
      expect(await previewImages(api, [])).toMatchObject({ known: false });
    }
  });
});
