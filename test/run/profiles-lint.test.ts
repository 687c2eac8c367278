import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/main.ts';
import { benchmark, check, control, trouble } from '../profiles/bench.ts';

let folder = '';
const built = join(import.meta.dirname, '../../profiles');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'k8s-harden-lint-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const wants = '[{ kernel: { key: kernel.panic, value: 10, file: /etc/sysctl.d/90-x.conf } }]';
const whole = (id: string, lines: Readonly<Record<string, string>> = {}) => control(id, { wants, ...lines });

/** What lint says of a folder with these files, the folder's own path left out, and how it ends. */
async function lint(
  files: Readonly<Record<string, string>>,
  at = folder,
): Promise<{ readonly code: unknown; readonly lines: readonly string[] }> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const said: string[] = [];
  const write = (text: unknown): boolean => said.push(String(text)) > 0;
  const spies = [process.stderr, process.stdout].map((s) => vi.spyOn(s, 'write').mockImplementation(write));
  const before = process.exitCode;
  try {
    await main(['profiles', 'lint', at]);
    const lines = said.join('').trimEnd().replaceAll(`${folder}/`, '').split('\n');
    return { code: process.exitCode, lines };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}

const correct = 'Correct that line; nothing was changed.';

describe('a folder in which nothing is wrong', () => {
  it('says what it adds and replaces', async () => {
    const { code, lines } = await lint({
      'rke2/controls/ours.yaml': whole('kernel-values') + whole('house-panic'),
      'rke2/house.yaml': benchmark('H.1 1 house-panic', 'H.2 1 kernel-values').replace(
        'A benchmark',
        'House',
      ),
      'rke2/cis-1.12.yaml': benchmark('1.1.1 1 house-panic'),
      'README.md': 'ours',
    });
    expect(lines).toEqual([
      'rke2: replaces the control kernel-values; adds the control house-panic; replaces the benchmark cis-1.12; adds the benchmark house.',
      'Nothing is wrong with them.',
    ]);
    expect(code).toBe(0);
  });

  it('is what the built-in one is', async () => {
    cpSync(built, folder, { recursive: true });
    const { code, lines } = await lint({});
    expect(lines.at(-1)).toBe('Nothing is wrong with them.');
    expect(lines.join('\n')).toMatch(
      /^rke2: replaces its description; replaces the controls .*; replaces the version gates /m,
    );
    expect(code).toBe(0);
  });

  it('may bring a distribution of its own, through a link', async () => {
    mkdirSync(join(folder, 'elsewhere'));
    cpSync(join(built, 'rke2'), join(folder, 'elsewhere/mine'), { recursive: true });
    mkdirSync(join(folder, 'own'));
    symlinkSync('../elsewhere/mine', join(folder, 'own/mine'));
    const { code, lines } = await lint({}, join(folder, 'own'));
    expect(lines[0]).toMatch(
      /^mine: is new; adds the controls .*kernel-values.*; adds the benchmarks cis-1\.10, /,
    );
    expect(code).toBe(0);
  });
});

describe('what is wrong is said in a sentence each', () => {
  it('all of it, not only the first', async () => {
    const { code, lines } = await lint({
      'rke2/controls/a.yaml': whole('one', { colour: 'blue', shape: 'round' }) + whole('two', { level: '3' }),
      'rke2/controls/b.yaml': whole('three', { needs: '[nobody]' }) + whole('three'),
      'rke2/controls/c.yaml': '- id: a\n  title: "no end\n',
      'rke2/house.yaml': benchmark('1 1 one', '1 1 three', '2 1 nowhere', '3 4 two').replace(
        '>=1.21 <1.24',
        '>=1.24 <1.21',
      ),
      'rke2/more.yaml': benchmark('1 1 one', '1 1 three', '2 1 nowhere'),
    });
    const unknown = 'is not a key that is known here; correct its spelling, or take it out';
    expect(lines).toEqual([
      `rke2/controls/a.yaml:9: 0.colour: ${unknown}. ${correct}`,
      `rke2/controls/a.yaml:10: 0.shape: ${unknown}. ${correct}`,
      `rke2/controls/a.yaml:19: 1.level: ${unknown}. ${correct}`,
      `rke2/controls/b.yaml:10: 1.id: three is the id of another control, at rke2/controls/b.yaml:1; give one of the two an id of its own. ${correct}`,
      expect.stringMatching(/^rke2\/controls\/c\.yaml:\d+: .+\. Correct that line; nothing was changed\.$/),
      `rke2/controls/b.yaml:9: 0.needs.0: there is no control nobody; correct the id, or write that control under controls. ${correct}`,
      `rke2/house.yaml:2: kubernetes: holds no version at all; the lower bound comes first, as in ">=1.21 <1.24". ${correct}`,
      `rke2/house.yaml:7: items.3.level: must be 1 or 2. ${correct}`,
      `rke2/more.yaml:5: items.1.number: 1 stands on line 4 already; give it a number of its own. ${correct}`,
      `rke2/more.yaml:6: items.2.control: there is no control nowhere; correct the id, or write that control under controls. ${correct}`,
      '10 lines to correct.',
    ]);
    expect(code).toBe(2);
  });

  it.each<readonly [string, Readonly<Record<string, string>>, string]>([
    [
      'a key that is missing from a control, where its line is',
      { 'rke2/controls/x.yaml': whole('x', { impact: '' }).replace(/ {2}impact: \n/, '') },
      'rke2/controls/x.yaml:1: 0.impact: is missing; it should be one of none, traffic, ',
    ],
    [
      'a key that is missing from a want',
      { 'rke2/controls/x.yaml': whole('x').replace('value: 10, ', '') },
      'rke2/controls/x.yaml:7: 0.wants.0.kernel.value: is missing. ',
    ],
    [
      'an alias that repeats nothing',
      { 'rke2/controls/x.yaml': '- id: &a x\n  title: *b\n' },
      'rke2/controls/x.yaml:2: *b repeats nothing that stands above; write &b there, or put it in quotes. ',
    ],
    [
      'a tab',
      { 'rke2/x.yaml': 'title: House\n\tkubernetes: ">=1.25"\n' },
      'rke2/x.yaml:2: is indented with a tab; use spaces. ',
    ],
    [
      'a second document',
      { 'rke2/x.yaml': 'title: House\n---\ntitle: House\n' },
      'rke2/x.yaml:2: begins a second document; a file holds one, so take the line --- out. ',
    ],
    [
      'braces without quotes',
      { 'rke2/x.yaml': 'title: {{house}} rules\n' },
      'rke2/x.yaml:1: is not whole YAML (',
    ],
    [
      'an empty file',
      { 'rke2/x.yaml': '' },
      'rke2/x.yaml:1: is empty; it should be a map of keys and values. ',
    ],
    [
      'controls outside their folder',
      { 'rke2/x.yaml': whole('x') },
      'rke2/x.yaml:1: is read as a benchmark and is a list; controls belong in the folder controls beside it. ',
    ],
    [
      'one name for two levels',
      { 'rke2/x.yaml': benchmark('1 1 kernel-values').replace('items:', 'levels: [a]\nitems:') },
      'rke2/x.yaml:3: levels: should have at least 2 entries. ',
    ],
    [
      'a practice cluster with a key that nobody knows',
      { 'practice/rke2.yaml': 'distribution: rke2\nnodes:\n  cp-1:\n    roles: [master]\n' },
      'practice/rke2.yaml:4: nodes.cp-1.roles.0: should be one of ',
    ],
    [
      'a practice cluster that is not YAML',
      { 'practice/rke2.yaml': 'distribution: rke2\nnodes: [\n' },
      'practice/rke2.yaml:3: is not whole YAML (',
    ],
    [
      'a check of ours whose id is taken in another trouble',
      { 'troubles/aaa.yaml': trouble('aaa', check('ip-forward', { wants })) },
      'troubles/aaa.yaml:5: checks.0.id: ip-forward is the id of another check, at ',
    ],
  ])('%s', async (_name, files, says) => {
    const { code, lines } = await lint(files);
    expect(lines[0]?.startsWith(says) || lines).toBe(true);
    expect(lines[0]).toMatch(/ Correct that line; nothing was changed\.$/);
    expect(code).toBe(2);
  });

  it('two benchmarks of one name for the same versions', async () => {
    const named = benchmark('1 1 kernel-values').replace(
      'A benchmark',
      'CIS Kubernetes Benchmark 1.12, as we have it',
    );
    const { lines } = await lint({ 'rke2/house.yaml': named.replace('>=1.21 <1.24', '>=1.36') });
    expect(lines[0]).toBe(
      `rke2/house.yaml:2: kubernetes: overlaps with 1.33 to 1.36 of the CIS Kubernetes Benchmark 1.12 in ${built}/rke2/cis-1.12.yaml; part the versions, give it a title of its own, or call the file cis-1.12.yaml to replace that one. ${correct}`,
    );
    const { code } = await lint({ 'rke2/house.yaml': named.replace('>=1.21 <1.24', '>=1.37') });
    expect(code).toBe(0);
  });

  it('a row of values that no version gets to', async () => {
    cpSync(join(built, 'rke2'), join(folder, 'mine'), { recursive: true });
    const { lines } = await lint({
      'mine/distribution.yaml': `title: Mine
words: {}
versioned:
  word:
    - { versions: ">=1.20 <1.30", values: [a] }
    - { versions: ">=1.21 <1.25 || >=1.28 <1.29", values: [b] }
units: { server: s, agent: a }
versionCommands: [[rke2, --version]]
kubectl: [kubectl]
health: { fatal: [x], unhardened: [], seconds: 60 }
`,
    });
    expect(lines[0]).toBe(
      `mine/distribution.yaml:6: versioned.word.1.versions: every version of >=1.21 <1.25 || >=1.28 <1.29 stands in a row above already; narrow one of them, or take this row out. ${correct}`,
    );
  });

  it('a description that does not suit our controls is blamed, not they', async () => {
    const { lines } = await lint({
      'rke2/distribution.yaml': `title: Mine
words: { data-dir: /var/lib/mine }
units: { server: s, agent: a }
versionCommands: [[rke2, --version]]
kubectl: [kubectl]
health: { fatal: [x], unhardened: [], seconds: 60 }
`,
    });
    expect(lines[0]).toMatch(
      /^rke2\/distribution\.yaml:1: does not suit what it lies over: .*rke2\/controls\//,
    );
    expect(lines.every((line) => /^rke2\/distribution\.yaml:1: |to correct\.$/.test(line))).toBe(true);
  });

  it.each<readonly [string, Readonly<Record<string, string>>, string]>([
    [
      'nothing in it',
      {},
      ':1: holds no profiles; they belong in a folder called after their distribution, such as ',
    ],
    [
      'one distribution instead of the folder above it',
      { 'controls/x.yaml': whole('x') },
      ':1: is the folder of one distribution; give the folder above it.',
    ],
    [
      'a distribution that nothing describes',
      { 'rke3/controls/x.yaml': whole('x') },
      'rke3/distribution.yaml cannot be read: no folder describes a distribution rke3; those that are known are ',
    ],
    [
      'a file that does not end in .yaml',
      { 'rke2/controls/x.yaml': whole('x'), 'rke2/house.yml': 'title: x' },
      'rke2/house.yml:1: is read by nothing, since its name does not end in .yaml; rename it.',
    ],
    [
      'a file where nothing looks',
      { 'rke2/controls/x.yaml': whole('x'), 'rke2/controls/deep/y.yaml': whole('y') },
      'rke2/controls/deep/y.yaml:1: lies where nothing reads it; controls belong in <distribution>/controls, ',
    ],
  ])('%s', async (_name, files, says) => {
    const { code, lines } = await lint(files);
    expect(lines.join('\n').replaceAll(folder, '')).toContain(says);
    expect(code).toBe(2);
  });

  it('a folder that is not there, and words that are not lint', async () => {
    expect(await lint({}, join(folder, 'gone'))).toEqual({
      code: 2,
      lines: [
        'k8s-harden: gone cannot be read: there is no such file or folder (ENOENT).',
        'Check the path and its permissions.',
      ],
    });
    const { code, lines } = await lint({}, '--level=1');
    expect(lines[0]).toBe('k8s-harden: profiles takes lint <folder>.');
    expect(code).toBe(2);
  });
});
