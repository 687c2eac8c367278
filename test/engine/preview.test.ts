import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import type { Target } from '../../src/domain/ports.ts';
import { questionKey } from '../../src/domain/question.ts';
import { previewPodSecurity } from '../../src/engine/preview.ts';
import { placeFor } from '../resources/place.ts';

function api(answer: Answer, version: readonly [number, number, number] = [1, 27, 0]) {
  const target: Target = {
    name: 'cp-1',
    ask: async (questions) => new Map(questions.map((q) => [questionKey(q), answer])),
    perform: async () => {
      throw new Error('a preview changes nothing');
    },
    onLost: () => {},
    close: async () => {},
  };
  return { target, place: { ...placeFor({}), version, words: { 'exempt-namespaces': 'kube-system' } } };
}

describe('what the restricted level would refuse', () => {
  it('lists pods by namespace and leaves out what is exempt', async () => {
    const text = [
      'Warning: existing pods in namespace "kube-system" violate the new PodSecurity enforce level "restricted:latest"',
      'Warning: etcd-cp-1: host namespaces',
      'namespace/kube-system labeled (server dry run)',
      'Warning: existing pods in namespace "shop" violate the new PodSecurity enforce level "restricted:latest"',
      'Warning: web-1: runAsNonRoot != true',
      'namespace/shop labeled (server dry run)',
    ].join('\n');
    const read = await previewPodSecurity(api({ kind: 'said', text }));
    expect(read).toEqual({
      known: true,
      value: [
        'existing pods in namespace "shop" violate the new PodSecurity enforce level "restricted:latest"',
        'web-1: runAsNonRoot != true',
        'Left out, because the profile exempts them: kube-system.',
      ],
    });
  });

  it('an answer that is no list is not "nothing refused"', async () => {
    expect(await previewPodSecurity(api({ kind: 'said', text: '' }))).toMatchObject({ known: false });
    expect(await previewPodSecurity(api({ kind: 'lost', reason: 'x' }))).toMatchObject({ known: false });
  });

  it('says so where the version has no dry run', async () => {
    const read = await previewPodSecurity(api({ kind: 'lost', reason: 'never asked' }, [1, 22, 3]));
    expect(read.known && read.value[0]).toContain('no dry run');
  });
});
