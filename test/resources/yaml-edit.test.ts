import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { treeSteps, withValueAt } from '../../src/resources/tree.ts';
import { editYaml } from '../../src/resources/yaml-edit.ts';

const template = `# reference cluster, do not reformat
apiVersion: provisioning.cattle.io/v1
kind: Cluster
metadata:   # who
    name: "prod"
    labels: {team: 'a',  tier: b}

spec:
    rkeConfig: &rke
        etcd:
            snapshotRetention:    5   # days
            snapshotScheduleCron: "0 */5 * * *"


        machineGlobalConfig:
            cni: calico
            # taken over from the old cluster
            tls-san: [one, 'two']
        machineSelectorConfig:
        - config:
            protect-kernel-defaults: false
            profile:
        - config: {}
          machineLabelSelector:
            matchLabels: &labels
              pool: workers
    again: *labels
    text: |
        keep
          this
    folded: >-
        and
        this
`;

function edited(text: string, at: string, value: unknown): string {
  const result = editYaml(text, treeSteps(at), value, 'it');
  if (!result.known) throw new Error(result.reason);
  return result.value;
}

/** The lines that an edit took away and put in. */
function difference(before: string, after: string): { out: string[]; in: string[] } {
  const a = before.split('\n');
  const b = after.split('\n');
  while (a.length > 0 && b.length > 0 && a[0] === b[0]) {
    a.shift();
    b.shift();
  }
  while (a.length > 0 && b.length > 0 && a.at(-1) === b.at(-1)) {
    a.pop();
    b.pop();
  }
  return { out: a, in: b };
}

describe('an edit changes its own lines only', () => {
  it.each([
    [
      'spec.rkeConfig.etcd.snapshotRetention',
      7,
      ['            snapshotRetention:    5   # days'],
      ['            snapshotRetention:    7   # days'],
    ],
    ['metadata.name', 'test', ['    name: "prod"'], ['    name: "test"']],
    [
      'metadata.labels.team',
      "it's",
      ["    labels: {team: 'a',  tier: b}"],
      ["    labels: {team: 'it''s',  tier: b}"],
    ],
    [
      'metadata.labels.zone',
      'x, y',
      ["    labels: {team: 'a',  tier: b}"],
      ['    labels: {team: \'a\',  tier: b, zone: "x, y"}'],
    ],
    [
      'spec.rkeConfig.machineGlobalConfig.cni',
      'canal',
      ['            cni: calico'],
      ['            cni: canal'],
    ],
    [
      'spec.rkeConfig.machineGlobalConfig.tls-san.1',
      'three',
      ["            tls-san: [one, 'two']"],
      ["            tls-san: [one, 'three']"],
    ],
    [
      'spec.rkeConfig.machineGlobalConfig.tls-san.2',
      'three',
      ["            tls-san: [one, 'two']"],
      ["            tls-san: [one, 'two', three]"],
    ],
    ['spec.rkeConfig.machineGlobalConfig.debug', true, [], ['            debug: true']],
    [
      'spec.rkeConfig.machineSelectorConfig.0.config.profile',
      'cis-1.6',
      ['            profile:'],
      ['            profile: cis-1.6'],
    ],
    [
      'spec.rkeConfig.machineSelectorConfig.0.config.protect-kernel-defaults',
      true,
      ['            protect-kernel-defaults: false'],
      ['            protect-kernel-defaults: true'],
    ],
    [
      'spec.rkeConfig.machineSelectorConfig.1.config.profile',
      'cis',
      ['        - config: {}'],
      ['        - config: {profile: cis}'],
    ],
    [
      'spec.rkeConfig.upgradeStrategy.controlPlaneConcurrency',
      '10%',
      [],
      ['        upgradeStrategy:', '          controlPlaneConcurrency: 10%'],
    ],
    ['spec.text', 'one line', ['    text: |', '        keep', '          this'], ['    text: one line']],
    ['spec.new', ['a', 'b'], [], ['    new:', '    - a', '    - b']],
  ] as const)('%s', (at, value, out, into) => {
    const after = edited(template, at, value);
    const got = difference(template, after);
    expect(got).toEqual({ out: [...out], in: [...into] });
    expect(edited(after, at, value)).toBe(after);
    expect(parse(after, { merge: true })).toEqual(
      withValueAt(parse(template, { merge: true }), treeSteps(at), value),
    );
  });
});

describe('forms of a file', () => {
  it('keeps Windows line ends', () => {
    expect(edited('a: 1\r\nb:\r\n  c: 2\r\n', 'b.d', 3)).toBe('a: 1\r\nb:\r\n  c: 2\r\n  d: 3\r\n');
  });

  it('starts an empty file, and one that holds comments at most', () => {
    expect(edited('', 'a.b', 1)).toBe('a:\n  b: 1\n');
    expect(edited('# only this', 'a', 1)).toBe('# only this\na: 1\n');
    expect(edited('---\n# x\n', 'a', [1])).toBe('---\n# x\na:\n  - 1\n');
  });

  it('adds to a file without a last line break', () => {
    expect(edited('a: 1', 'b', 2)).toBe('a: 1\nb: 2\n');
  });

  it('edits JSON', () => {
    expect(edited('{"a": {"b": "x"}}', 'a.b', 'y')).toBe('{"a": {"b": "y"}}');
  });

  it('keeps the comment of a key whose list is replaced, and what follows the list', () => {
    const text = 'rules: # the rules\n- level: None # all\n# next\nz: 1\n';
    expect(edited(text, 'rules', [{ level: 'Metadata' }])).toBe(
      'rules: # the rules\n- level: Metadata # all\n# next\nz: 1\n',
    );
  });

  it('adds to a list in the manner of its items', () => {
    expect(edited('l:\n- a # one\n- b\nz: 1\n', 'l.2', 'c')).toBe('l:\n- a # one\n- b\n- c\nz: 1\n');
    expect(edited('l:\n    - a\n    - k: 1\n', 'l.2', { k: 2, m: 3 })).toBe(
      'l:\n    - a\n    - k: 1\n    - k: 2\n      m: 3\n',
    );
  });

  it('writes words that YAML would misread in quotes', () => {
    expect(parse(edited('a: 1\n', 'a', 'true'))).toEqual({ a: 'true' });
    expect(parse(edited('a: 1\n', 'a', '# no'))).toEqual({ a: '# no' });
    expect(parse(edited('a: 1\n', 'a', 'x: y'))).toEqual({ a: 'x: y' });
    expect(parse(edited('a: 1\n', 'a', 'two\nlines'))).toEqual({ a: 'two\nlines' });
  });
});

describe('what is left alone, with the reason', () => {
  it.each([
    ['a: &x { k: 1 }\nb: *x\n', 'a.k', 'shared through an anchor'],
    ['a: &x 1\nb: *x\n', 'a', 'shared through an anchor'],
    ['b: &x { k: 1 }\na: *x\n', 'a.k', 'through an alias'],
    ['a: [1]\n', 'a.5', 'no item 5'],
    ['a: 1\n---\nb: 2\n', 'a', 'holds 2 YAML documents'],
    ['a: 1\na: 2\n', 'a', 'it:2 is not YAML'],
    ['a: "open\n', 'a', 'is not YAML'],
    ['a: !!str 1\n', 'a', 'cannot edit safely'],
  ])('%j at %s', (text, at, reason) => {
    expect(editYaml(text, treeSteps(at), 9, 'it')).toMatchObject({
      known: false,
      reason: expect.stringContaining(reason),
    });
  });

  it('replaces an alias by a value of its own, and leaves the anchor as it was', () => {
    expect(edited('a: &x 1\nb: *x\n', 'b', 2)).toBe('a: &x 1\nb: 2\n');
  });
});

it('every value of the template can be replaced or is refused; no other value ever changes', () => {
  const tree = parse(template, { merge: true });
  const paths: string[] = [];
  const walk = (value: unknown, at: string[]): void => {
    if (at.length > 0) paths.push(at.map((s) => s.replaceAll('.', '\\.')).join('.'));
    if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) walk(inner, [...at, key]);
    }
  };
  walk(tree, []);
  const refused = new Set<string>();
  for (const path of paths) {
    for (const value of ['new', 12, true, null, ['a', { b: 1 }], { c: { d: 'e' } }, [], {}]) {
      const result = editYaml(template, treeSteps(path), value, 'it');
      if (!result.known) {
        refused.add(path);
        continue;
      }
      expect(parse(result.value, { merge: true }), path).toEqual(withValueAt(tree, treeSteps(path), value));
      expect(result.value).toContain('# reference cluster, do not reformat\n');
    }
  }
  expect(paths.length).toBeGreaterThan(25);
  // Each of these holds an anchor, is shared through one, or comes through an alias.
  const selector = 'spec.rkeConfig.machineSelectorConfig';
  expect([...refused]).toEqual([
    'spec.rkeConfig',
    selector,
    `${selector}.1`,
    `${selector}.1.machineLabelSelector`,
    `${selector}.1.machineLabelSelector.matchLabels`,
    `${selector}.1.machineLabelSelector.matchLabels.pool`,
    'spec.again.pool',
  ]);
});

it.each([
  ['plugins.0', { name: 'B', path: 'b' }, '{"plugins":[{"name":"B","path":"b"}]}'],
  ['plugins.1', { name: 'B' }, '{"plugins":[{"name":"A","path":"a"}, {"name":"B"}]}'],
  ['plugins.0.path', 'no', '{"plugins":[{"name":"A","path":"no"}]}'],
  ['plugins.0.more', [1, 'x'], '{"plugins":[{"name":"A","path":"a", "more":[1,"x"]}]}'],
  ['kind', 'Configuration', '{"plugins":[{"name":"A","path":"a"}], "kind":"Configuration"}'],
])('JSON stays JSON: %s', (path, value, expected) => {
  const edited = editYaml('{"plugins":[{"name":"A","path":"a"}]}\n', treeSteps(path), value, 'it');
  expect(edited).toEqual({ known: true, value: `${expected}\n` });
  expect(JSON.parse(expected)).toBeTruthy();
});
