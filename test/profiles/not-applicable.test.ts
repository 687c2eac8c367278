import { expect, test } from 'vitest';
import { loadProfiles } from '../../src/profiles/index.ts';
import { control, validateWant, whole, withFolder } from './bench.ts';

async function loaded(text: string) {
  return withFolder({ ...whole, 'small/controls/x.yaml': text }, (folder) =>
    loadProfiles([folder], validateWant),
  );
}

test.each([
  ['wants nothing and says no reason', control('x', { wants: '[]' })],
  ['wants something though it does not apply', control('x', { notApplicable: 'There is none.' })],
])('a control that %s is refused at its wants', async (_, text) => {
  const result = await loaded(text);
  expect(result).toMatchObject({ ok: false, failure: { code: 'profile-invalid', key: '0.wants' } });
  expect(JSON.stringify(result)).toContain('or else notApplicable must say why');
});

test('a control that does not apply wants nothing and says why', async () => {
  const result = await loaded(control('x', { wants: '[]', notApplicable: 'There is none.' }));
  const found = result.ok ? result.value[0]?.controls.find((c) => c.id === 'x') : undefined;
  expect(found).toMatchObject({ notApplicable: 'There is none.', wants: [] });
});
