import { expect, it } from 'vitest';
import { loadProfiles } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';

const loaded = await loadProfiles(['profiles'], (type, spec) => resources.get(type)?.schema.parse(spec));
if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));

/** Types that only look, or that only a person answers. */
const onlyLook = ['container', 'attested'];

it('no control makes every start of a pod ask its registry before it was seen whether the images come again', () => {
  const switching = loaded.value.flatMap(({ distribution, controls }) => {
    const plugin = /AlwaysPullImages|always_pull_images/;
    const words = Object.entries(distribution.versioned)
      .filter(([, rows]) => rows.some((row) => row.values.some((value) => plugin.test(value))))
      .map(([name]) => `{{${name}}}`);
    return controls.filter((c) =>
      c.wants.some(({ type, spec }) => {
        const text = JSON.stringify(spec);
        return !onlyLook.includes(type) && (plugin.test(text) || words.some((word) => text.includes(word)));
      }),
    );
  });
  expect(switching.map((c) => c.id)).toEqual(
    expect.arrayContaining(['always-pull-images', 'rke-cluster-admission', 'rke-cluster-apiserver-legacy']),
  );
  expect(switching.filter((c) => c.preview !== 'images').map((c) => c.id)).toEqual([]);
});
