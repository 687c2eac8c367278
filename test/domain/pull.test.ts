import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { registryOf } from '../../src/domain/image.ts';
import { type PodImage, pullLines, pullRisks, type Reach } from '../../src/domain/pull.ts';

type Case = {
  readonly pods: readonly (Omit<PodImage, 'secret'> & { readonly secret?: boolean })[];
  readonly reach: Readonly<Record<string, Readonly<Record<string, boolean | string>>>>;
  readonly risks: readonly { readonly kind: string; readonly why: string }[];
  readonly says?: readonly string[];
};

const folder = join(import.meta.dirname, 'pull');

describe('which images in use may not be pulled again', () => {
  it.each(readdirSync(folder).sort())('%s', (name) => {
    const one: Case = parse(readFileSync(join(folder, name), 'utf8'));
    const used = one.pods.map((pod) => ({ secret: false, ...pod }));
    const reach = Object.entries(one.reach).flatMap(([node, registries]) =>
      Object.entries(registries).map(
        ([registry, said]): Reach => ({
          node,
          registry,
          answers: typeof said === 'string' ? { unknown: said } : said,
        }),
      ),
    );
    expect(pullRisks(used, reach).map(({ kind, why }) => ({ kind, why }))).toEqual(one.risks);
    const lines = pullLines(used, reach).join('\n');
    for (const text of one.says ?? []) expect(lines).toContain(text);
  });

  it('names every image and so many pods that a screen holds them', () => {
    const used = Array.from({ length: 30 }, (_, i) => ({
      pod: `shop/web-${String(i).padStart(2, '0')}`,
      node: 'w-1',
      image: `quay.io/shop/web:${i % 3}`,
      policy: 'Never',
      secret: false,
    }));
    const [, line = ''] = pullLines(used, []);
    expect(line).toContain('Images: quay.io/shop/web:0, quay.io/shop/web:1, quay.io/shop/web:2.');
    expect(line).toMatch(/shop\/web-07 and 22 more\.$/);
  });

  it.each([
    ['nginx', 'docker.io'],
    ['shop/web:1', 'docker.io'],
    ['quay.io/a/b:1', 'quay.io'],
    ['localhost:5000/a', 'localhost:5000'],
    ['localhost/a', 'localhost'],
    ['sha256:abc', undefined],
  ])('%s leads to %s', (image, registry) => expect(registryOf(image)).toBe(registry));
});
