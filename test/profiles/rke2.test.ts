import { describe, expect, test } from 'vitest';
import { type Control, numbersOf, selectControls } from '../../src/domain/control.ts';
import { managersOf } from '../../src/domain/distribution.ts';
import { newestFor } from '../../src/domain/fitness.ts';
import { inRange } from '../../src/domain/version.ts';
import { rke2Profile, version } from './rke2.ts';

const rke2 = await rke2Profile();
const { distribution, controls, benchmarks } = rke2;

const named = (id: string): Control => {
  const found = controls.find((c) => c.id === id);
  if (!found) throw new Error(`no control ${id}`);
  return found;
};
const benchmark = (id: string) => {
  const found = benchmarks.find((b) => b.id === id);
  if (!found) throw new Error(`no benchmark ${id}`);
  return found;
};
const publishedItems = (id: string) => benchmark(id).items.filter((i) => /^\d/.test(i.number));
const publishedNumbers = (id: string) => publishedItems(id).map((i) => i.number);
/** Whether a control is judged from answers, by a person, or not at all. */
const kindOf = (control: Control): string => {
  if (control.notApplicable !== undefined) return 'not applicable';
  return control.wants.every((w) => w.type === 'attested') ? 'attested' : 'judged';
};
/** Every text below a value. */
const textsIn = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : value !== null && typeof value === 'object'
      ? Object.values(value).flatMap(textsIn)
      : [];

describe('what the controls are', () => {
  test('what cuts traffic or takes a token from pods says so', () => {
    const impacts = Object.fromEntries(controls.map((c) => [c.id, c.impact]));
    expect(impacts).toMatchObject({ 'network-policies': 'traffic', 'default-service-accounts': 'pod-start' });
  });

  test('RKE2 checks four kernel values, the kubelet two more', () => {
    const keys = (id: string) => named(id).wants.map((w) => w.spec as { key: string; value: string });
    expect(keys('kernel-values').map((k) => `${k.key}=${k.value}`)).toEqual([
      'vm.overcommit_memory=1',
      'vm.panic_on_oom=0',
      'kernel.panic=10',
      'kernel.panic_on_oops=1',
    ]);
    expect(keys('kernel-key-quotas').map((k) => `${k.key}=${k.value}`)).toEqual([
      'kernel.keys.root_maxkeys=1000000',
      'kernel.keys.root_maxbytes=25000000',
    ]);
  });

  test.each(['profile', 'profile-current'])(
    '%s is guarded, shown beforehand, and locked until its needs pass',
    (id) => {
      const control = named(id);
      expect(control).toMatchObject({
        guarded: 'profile-switch',
        preview: 'pod-security',
        impact: 'service-restart',
      });
      expect(control.needs).toEqual(['kernel-values', 'kernel-key-quotas', 'etcd-account']);
      expect(control.first?.map((f) => [f.words.slice(0, 3).join(' '), f.roles])).toEqual([
        ['rke2 etcd-snapshot save', ['etcd']],
      ]);
    },
  );

  test('the account of etcd is for servers only', () => {
    expect(named('etcd-account').roles).toEqual(['server']);
    expect(named('etcd-data-owner').roles).toEqual(['etcd']);
  });

  test('no path of a moved data folder is written out', () => {
    for (const control of controls) {
      expect(textsIn([control.wants, control.first ?? []]).join('\n')).not.toContain('/var/lib/rancher');
    }
  });

  test('the file that RKE2 writes anew at every start is never changed', () => {
    const changed = controls.flatMap((c) => c.wants).filter((w) => w.type !== 'attested');
    expect(textsIn(changed.map((w) => w.spec)).join('\n')).not.toMatch(
      /rke2-pss|\{\{pod-security\}\}|00-rke2/,
    );
  });

  test('only the data of etcd is owned as a whole tree', () => {
    const trees = controls.filter((c) => c.wants.some((w) => (w.spec as { tree?: boolean }).tree));
    expect(trees.map((c) => c.id)).toEqual(['etcd-data-owner']);
  });

  test('no step reloads all kernel values', () => {
    expect(JSON.stringify(controls)).not.toMatch(/sysctl --system|systemd-sysctl/);
  });
});

describe('what the controls say', () => {
  const sentences = (c: Control): readonly string[] =>
    `${c.why} ${c.breaks}`
      .split(/(?<=[.:?!]) /)
      .map((s) => s.trim())
      .filter((s) => s !== '');

  test('every control has why and breaks in at least two sentences, and a source', () => {
    for (const c of controls) {
      expect(c.why.split(/(?<=[.?!]) /).length, `${c.id} why`).toBeGreaterThanOrEqual(2);
      expect(c.breaks.split(/(?<=[.?!]) /).length, `${c.id} breaks`).toBeGreaterThanOrEqual(2);
      expect(c.sources.length, c.id).toBeGreaterThan(0);
    }
  });

  test('no sentence and no title serves two controls', () => {
    const seen = new Map<string, string>();
    for (const c of controls) {
      for (const s of [c.title, ...sentences(c)]) {
        expect(seen.get(s), s).toBeUndefined();
        seen.set(s, c.id);
      }
    }
  });
});

describe('the benchmarks', () => {
  test('every control is in one of them', () => {
    const used = new Set(benchmarks.flatMap((b) => b.items.map((i) => i.control)));
    expect(controls.map((c) => c.id).filter((id) => !used.has(id))).toEqual([]);
  });

  test('level 2 of CIS 1.6 is what the published text has there', () => {
    const published = benchmark('cis-1.6').items.filter((i) => /^\d/.test(i.number));
    expect(published.filter((i) => i.level === 2).map((i) => i.number)).toEqual([
      '3.2.2',
      '5.2.6',
      '5.2.9',
      '5.3.2',
    ]);
  });

  // As the self-assessment of each guide counts them.
  test.each([
    ['cis-1.23', 125],
    ['cis-1.24', 125],
    ['cis-1.7', 131],
    ['cis-1.8', 130],
    ['cis-1.9', 130],
    ['cis-1.10', 130],
    ['cis-1.11', 132],
    ['cis-1.12', 131],
  ])('%s has the %i items of the published one', (id, count) => {
    const numbers = publishedNumbers(id);
    expect(numbers).toHaveLength(count);
    expect(new Set(numbers).size).toBe(count);
  });

  test('CIS 1.12 has every number of every section', () => {
    const sizes = { 1.1: 21, 1.2: 30, 1.3: 7, 1.4: 2, 3.1: 3, 3.2: 2, 4.1: 10, 4.2: 14, 4.3: 1 };
    const policies = { 5.1: 13, 5.2: 12, 5.3: 2, 5.4: 2, 5.5: 1, 5.6: 4 };
    const count = (section: string, n: number) => Array.from({ length: n }, (_, i) => `${section}.${i + 1}`);
    const all = [...Object.entries(sizes), ...Object.entries(policies), ['2', 7] as const];
    const numbers = all.flatMap(([section, n]) => count(section, n));
    expect(publishedNumbers('cis-1.12').toSorted()).toEqual(numbers.toSorted());
  });

  test('CIS 1.23 and 1.24 have every number of every section', () => {
    const sizes = { 1.1: 21, 1.2: 32, 1.3: 7, 1.4: 2, 2: 7, 3.1: 1, 3.2: 2, 4.1: 10, 4.2: 13 };
    const policies = { 5.1: 8, 5.2: 13, 5.3: 2, 5.4: 2, 5.5: 1, 5.7: 4 };
    const numbers = [...Object.entries(sizes), ...Object.entries(policies)].flatMap(([section, n]) =>
      Array.from({ length: n }, (_, i) => `${section}.${i + 1}`),
    );
    for (const id of ['cis-1.23', 'cis-1.24'])
      expect(publishedNumbers(id).toSorted(), id).toEqual(numbers.toSorted());
  });

  // The modes of files are what CIS 1.24 made stricter; on RKE2 before 1.25 a stricter ceiling would fail what CIS 1.23 lets pass.
  test('CIS 1.23 differs from CIS 1.24 in the modes of files and in nothing else', () => {
    const controlsOf = (id: string) => new Map(publishedItems(id).map((i) => [i.number, i.control]));
    const later = controlsOf('cis-1.24');
    const differs = [...controlsOf('cis-1.23')].filter(([number, control]) => later.get(number) !== control);
    const modes = (id: string, number: string) => {
      const found = benchmark(id).items.find((i) => i.number === number)?.control ?? '';
      return [
        ...new Set(named(found).wants.flatMap((w) => (w.spec as { readonly mode?: string }).mode ?? [])),
      ];
    };
    const ofModes = ['1', '3', '5', '7', '9', '13', '15', '17', '20'].map((n) => `1.1.${n}`);
    ofModes.push('4.1.3', '4.1.5', '4.1.7');
    const ofOwners = ['1.1.2', '1.1.4', '1.1.6', '1.1.8'];
    expect(differs.map(([number]) => number).toSorted()).toEqual([...ofModes, ...ofOwners].toSorted());
    for (const number of ofModes)
      expect([number, modes('cis-1.23', number), modes('cis-1.24', number)]).toEqual([
        number,
        ['0644'],
        ['0600'],
      ]);
  });

  test.each(['cis-1.23', 'cis-1.24'])('%s asks nothing that its versions no longer or not yet have', (id) => {
    const chosen = publishedItems(id).map((i) => i.control);
    for (const later of ['pod-security-admission', 'deny-service-external-ips', 'security-context-deny'])
      expect(chosen).not.toContain(later);
    expect(publishedItems(id).filter((i) => i.control === 'pod-security-policies')).toHaveLength(8);
    expect(benchmark(id).items.find((i) => i.control.startsWith('profile'))?.control).toBe('profile');
  });

  test('what CIS 1.12 calls automated is automated, or not applicable with a reason', () => {
    const manual = '1.1.7 1.1.8 1.1.9 1.1.10 1.1.11 1.1.12 1.2.3 1.2.9 1.2.11 1.3.1 3.1.1 3.1.2 3.1.3 3.2.2';
    const more = '4.2.5 4.2.8 4.2.12 4.2.13 4.2.14';
    const called = new Set(`${manual} ${more}`.split(' '));
    const automated = publishedItems('cis-1.12').filter(
      ({ number }) => !called.has(number) && !number.startsWith('5.'),
    );
    expect(automated).toHaveLength(78);
    const kinds = automated.map(({ control }) => kindOf(named(control)));
    expect(kinds.filter((kind) => kind === 'attested')).toEqual([]);
  });

  test('of the 131 items of CIS 1.12, 90 are judged, 38 ask a person and 3 do not apply', () => {
    const kinds = publishedItems('cis-1.12').map(({ control }) => kindOf(named(control)));
    const count = (kind: string) => kinds.filter((k) => k === kind).length;
    expect([count('judged'), count('attested'), count('not applicable')]).toEqual([90, 38, 3]);
  });

  test.each(['cis-1.7', 'cis-1.8', 'cis-1.9', 'cis-1.10', 'cis-1.11', 'cis-1.12'])(
    'level 2 of %s is what goes beyond the ordinary',
    (id) => {
      const level2 = publishedItems(id).filter((i) => i.level === 2);
      expect(level2.map((i) => i.control)).toEqual([
        'controller-manager-kubelet-rotation',
        'etcd-own-ca',
        'audit-policy-coverage',
        'kubelet-event-rate',
        'root-containers',
        'assigned-capabilities',
        'network-policies',
        'secrets-as-files',
        'external-secrets',
        'image-provenance',
        'seccomp-profiles',
        'security-contexts',
        'default-namespace',
      ]);
    },
  );

  test.each(['cis-1.23', 'cis-1.24'])('level 2 of %s is what goes beyond the ordinary', (id) => {
    const level2 = publishedItems(id).filter((i) => i.level === 2);
    expect(level2.map((i) => i.number)).toEqual(
      '1.3.6 2.7 3.2.2 4.2.9 5.2.7 5.2.10 5.3.2 5.4.1 5.4.2 5.5.1 5.7.2 5.7.3 5.7.4'.split(' '),
    );
  });

  test.each([
    ['1.21.14', 'cis-1.6'],
    ['1.22.17', 'cis-1.6'],
    ['1.23.17', 'cis-1.23'],
    ['1.24.17', 'cis-1.24'],
    ['1.25.16', 'cis-1.7'],
    ['1.26.15', 'cis-1.8'],
    ['1.27.16', 'cis-1.9'],
    ['1.28.15', 'cis-1.10'],
    ['1.29.15', 'cis-1.11'],
    ['1.32.9', 'cis-1.11'],
    ['1.33.6', 'cis-1.12'],
    ['1.36.3', 'cis-1.12'],
    ['1.37.0', 'hardening-guide'],
  ])('%s is offered %s', (text, id) => {
    expect(newestFor(benchmarks, [version(text)])?.id).toBe(id);
  });

  test.each(benchmarks.map((b) => [b.id] as const))(
    '%s chooses prerequisites before what needs them',
    (id) => {
      for (const level of [1, 2] as const) {
        const chosen = selectControls(rke2, benchmark(id), level).map((c) => c.id);
        for (const c of chosen) {
          for (const need of named(c).needs) expect(chosen.indexOf(need)).toBeLessThan(chosen.indexOf(c));
        }
      }
    },
  );

  test('every chosen control has a number, and is for some version of its benchmark', () => {
    const samples = {
      'cis-1.6': ['1.21.14', '1.22.17', '1.23.17'],
      'cis-1.23': ['1.23.17'],
      'cis-1.24': ['1.24.17'],
      'hardening-guide': ['1.25.16', '1.28.15', '1.33.6'],
      'cis-1.7': ['1.25.16'],
      'cis-1.8': ['1.26.15'],
      'cis-1.9': ['1.27.16', '1.29.15'],
      'cis-1.10': ['1.28.15', '1.31.14'],
      'cis-1.11': ['1.29.15', '1.34.2'],
      'cis-1.12': ['1.33.6', '1.36.3'],
    } as const;
    expect(Object.keys(samples)).toEqual(benchmarks.map((b) => b.id));
    for (const [id, texts] of Object.entries(samples)) {
      const { kubernetes } = benchmark(id);
      for (const text of texts) expect(inRange(version(text), kubernetes), text).toBe(true);
      for (const c of selectControls(rke2, benchmark(id), 2)) {
        expect(numbersOf(benchmark(id), c.id).length, c.id).toBeGreaterThan(0);
        expect(
          texts.some((text) => inRange(version(text), c.versions ?? '>=1.0')),
          c.id,
        ).toBe(true);
      }
    }
  });
});

describe('how a start is watched', () => {
  const matches = (patterns: readonly string[], line: string): boolean =>
    patterns.some((p) => new RegExp(p).test(line));
  const { fatal, unhardened, seconds } = distribution.health;

  test.each([
    'invalid kernel parameter value vm.overcommit_memory=0 - expected 1',
    'missing required: user: unknown user etcd',
    'missing required: group: unknown group etcd',
    'level=fatal msg="invalid value provided for --profile flag"',
    '--protect-kernel-defaults must be true when using --profile=cis-1.6',
    'invalid kernel flag: kernel/panic, expected value: 10, actual value: 0',
    'cannot access data directory: open /data/server/db/etcd/.touch: permission denied',
    'failed to open database: open member/snap/db: permission denied',
  ])('given up for good: %s', (line) => {
    expect(matches(fatal, line)).toBe(true);
    expect(matches(unhardened, line)).toBe(false);
  });

  test.each([
    'level=warning msg="not running in CIS mode"',
    'Unknown flag --profile found in config.yaml, skipping',
  ])('runs, but not hardened: %s', (line) => {
    expect(matches(unhardened, line)).toBe(true);
    expect(matches(fatal, line)).toBe(false);
  });

  test.each([
    'level=info msg="rke2 is up and running"',
    'level=error msg="failed to pull images, trying again"',
  ])('neither: %s', (line) => {
    expect(matches([...fatal, ...unhardened], line)).toBe(false);
  });

  test('five minutes of silence are no failure', () => expect(seconds).toBe(300));

  test('who else owns the configuration is named with the way there', () => {
    const managers = managersOf(distribution);
    expect(managers.map((m) => [m.file.split('/').at(-1), m.who])).toEqual([
      ['50-rancher.yaml', 'Rancher'],
      ['40-rancherd.yaml', 'rancherd'],
    ]);
    expect(managers[0]?.instead).toMatch(/machineGlobalConfig.*machineSelectorConfig/s);
  });
});
