import { expect, test } from 'vitest';
import { word } from '../../src/domain/failure.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { control, distribution, validateWant, whole, withFolder } from './bench.ts';

async function said(files: Readonly<Record<string, string>>): Promise<string> {
  return withFolder(files, async (folder) => {
    const loaded = await loadProfiles([folder], validateWant);
    return loaded.ok ? '' : word(loaded.failure).sentence;
  });
}

const withArguments = `${distribution}argumentFiles: { folder: /x/args, unit: "snap.{service}" }\n`;
const wants = '[{ argument-file: { service: kubelet, flag: v, present: true } }]';

test('a control that asks for an argument file needs a distribution that has some', async () => {
  const files = { ...whole, 'small/controls/kernel.yaml': control('values', { wants }) + control('more') };
  expect(await said(files)).toContain('needs argumentFiles in distribution.yaml');
});

test('a control that asks for a setting needs a distribution with a configuration of its own', async () => {
  const bare = distribution.replace(/config:\n( {2}.*\n)+/, '');
  const setting = '[{ setting: { key: profile, value: x } }]';
  const files = {
    ...whole,
    'small/distribution.yaml': bare,
    'small/controls/kernel.yaml': control('values', { wants: setting }) + control('more'),
  };
  expect(await said(files)).toContain('needs config in distribution.yaml');
});

test('the unit of a component names the component', async () => {
  const files = { ...whole, 'small/distribution.yaml': withArguments.replace('{service}', 'x') };
  expect(await said(files)).toContain('must have {service} in it');
  expect(await said({ ...whole, 'small/distribution.yaml': withArguments })).toBe('');
});

test('a level has its own name only where both have', async () => {
  const one = `${whole['small/first.yaml']}levels: [CAT I]\n`;
  expect(await said({ ...whole, 'small/first.yaml': one })).not.toBe('');
  const both = `${whole['small/first.yaml']}levels: [CAT I, CAT I and CAT II]\n`;
  expect(await said({ ...whole, 'small/first.yaml': both })).toBe('');
});
