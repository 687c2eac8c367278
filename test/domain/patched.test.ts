import { describe, expect, it } from 'vitest';
import { patchedValues, patchGuard } from '../../src/domain/patched.ts';

const step = (patch: unknown, back: unknown) =>
  ({
    kind: 'patch-object',
    kubectl: ['kubectl'],
    object: ['ns', 'a b'],
    patch: JSON.stringify(patch),
    back: JSON.stringify(back),
  }) as const;

describe('what a patch left', () => {
  it('is every value it sets, as kubectl prints it', () => {
    const patch = { metadata: { labels: { 'a.b/c': 'x', gone: null } }, n: 3, yes: false, list: [1] };
    const back = { metadata: { labels: { 'a.b/c': null, gone: 'y' } }, n: 2, yes: null, list: null };
    expect(patchedValues(step(patch, back))).toEqual([
      { path: ['metadata', 'labels', 'a.b/c'], after: 'x', before: '' },
      { path: ['metadata', 'labels', 'gone'], after: '', before: 'y' },
      { path: ['n'], after: '3', before: '2' },
      { path: ['yes'], after: 'false', before: '' },
      { path: ['list'], after: undefined, before: '' },
    ]);
  });

  it('is asked for by names that are escaped, and nothing else of the object', () => {
    const guard = patchGuard(
      step({ metadata: { labels: { 'a.b/c': 'x y' } } }, { metadata: { labels: { 'a.b/c': null } } }),
    );
    expect(guard).toBe(
      `{ ! is=$(kubectl get ns 'a b' --ignore-not-found --request-timeout=10s -o 'jsonpath={.metadata.labels.a\\.b/c}') || [ "$is" = 'x y' ] || [ "$is" = '' ]; }`,
    );
  });

  it('cannot be compared where only lists were set', () => {
    expect(patchGuard(step({ list: [1] }, { list: null }))).toBeUndefined();
  });

  it('is not taken for what was before where that was a list', () => {
    expect(patchGuard(step({ a: 'x' }, { a: ['y'] }))?.match(/"\$is"/g)).toHaveLength(1);
  });
});
