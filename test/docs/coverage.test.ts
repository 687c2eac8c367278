import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { coverageText, profilesIn, unexplained } from './coverage.ts';

const root = join(import.meta.dirname, '../..');
const profiles = await profilesIn(join(root, 'profiles'));

it('docs/coverage.md is what the profiles make of it', () => {
  const text = readFileSync(join(root, 'docs/coverage.md'), 'utf8');
  expect(text === coverageText(profiles) || 'out of date; write it anew: npm run coverage').toBe(true);
});

it('every difference from a published text is explained', () => {
  const owed = unexplained(profiles);
  const wayOut = 'say why in test/docs/published.ts, then: npm run coverage';
  expect(owed.map((id) => `${id} counts otherwise: ${wayOut}`)).toEqual([]);
});

it('counts an item once, by the first of its kinds, and what is added apart', () => {
  const [profile] = profiles;
  if (!profile) throw new Error('no profile');
  const control = (id: string, of: object) => ({ ...profile.controls[0], id, ...of });
  const attested = { wants: [{ type: 'attested', spec: {} }] };
  const controls = [
    control('asked', attested),
    control('judged', { wants: [{ type: 'file', spec: {} }] }),
    control('none', { wants: [], notApplicable: 'There is none.' }),
  ];
  const items = [
    { number: '1.1', level: 1, control: 'asked' },
    { number: '1.1 from 1.25', level: 2, control: 'judged' },
    { number: '1.2', level: 2, control: 'none' },
    { number: '1.3', level: 2, control: 'asked' },
    { number: 'host.1', level: 1, control: 'judged' },
    { number: 'host.2', level: 1, control: 'judged', added: true },
  ];
  const benchmark = { id: 'cis-1.12', distribution: 'rke2', title: 'T | t', kubernetes: '>=1.33', items };
  const distribution = { ...profile.distribution, id: 'rke2', title: 'RKE2' };
  const text = coverageText([{ distribution, controls, benchmarks: [benchmark] } as never]);
  expect(text).toContain('| RKE2 | T \\| t | `>=1.33` | 1 | 1 | 0 | 0 | 1 | 1 |');
  expect(text).toContain('| RKE2 | T \\| t | `>=1.33` | 2 | 0 | 1 | 1 | 2 | 0 |');
  expect(text).toMatch(/\| RKE2 \| CIS 1\.12 self-assessment \| 131 · 3 \| 78 · 1 \| 53 · 1 \| 5 · 1 \| /);
  expect(text).toContain('| rke2 | CIS 1.12'.replace('rke2', 'RKE2'));
  expect(text).toContain('| canonical | DISA STIG | 91 · – | – · – | – · – | 6 · – | ');
});
