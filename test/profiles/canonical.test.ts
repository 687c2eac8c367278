import { describe, expect, test } from 'vitest';
import { type Control, levelName, numbersOf, selectControls } from '../../src/domain/control.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';

const loaded = await loadProfiles(['profiles'], (type, spec) => resources.get(type)?.schema.parse(spec));
if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
const profile = loaded.value.find((p) => p.distribution.id === 'canonical');
if (!profile) throw new Error('no canonical');
const { controls, benchmarks, distribution } = profile;

const benchmark = (id: string) => {
  const found = benchmarks.find((b) => b.id === id);
  if (!found) throw new Error(`no benchmark ${id}`);
  return found;
};
/** Of a benchmark what its published text has. */
const publishedItems = (id: string) => benchmark(id).items.filter((item) => item.added === undefined);
const named = (id: string): Control => {
  const found = controls.find((c) => c.id === id);
  if (!found) throw new Error(`no control ${id}`);
  return found;
};
const range = (chapter: string, last: number): readonly string[] =>
  Array.from({ length: last }, (_, n) => `${chapter}.${n + 1}`);

describe('the published numbers', () => {
  test('CIS 1.24 has all 124 items of the assessment page, in their order', () => {
    const all = [
      ...range('1.1', 21),
      ...range('1.2', 31),
      ...range('1.3', 7),
      ...range('1.4', 2),
      ...range('2', 7),
      ...['3.1.1', '3.2.1', '3.2.2'],
      ...range('4.1', 10),
      ...range('4.2', 13),
      ...range('5.1', 8),
      ...range('5.2', 13),
      ...range('5.3', 2),
      ...range('5.4', 2),
      ...range('5.5', 1),
      ...range('5.7', 4),
    ];
    expect(all).toHaveLength(124);
    expect(publishedItems('cis-1.24').map((i) => i.number)).toEqual(all);
  });

  test('the DISA STIG has 91 items: 62 default, 13 bootstrap, 10 afterwards, 6 not applicable; 18 are CAT I', () => {
    const items = publishedItems('disa-stig');
    const count = (name: string) => items.filter((i) => i.class === name).length;
    expect(items).toHaveLength(91);
    expect(['default', 'bootstrap', 'post-deployment', 'not-applicable'].map(count)).toEqual([62, 13, 10, 6]);
    expect(items.filter((i) => i.level === 1)).toHaveLength(18);
    expect(items.every((i) => /^V-(2423|2424|2455|2548)\d\d$/.test(i.number))).toBe(true);
    expect(levelName(benchmark('disa-stig'), 1)).toBe('CAT I');
    for (const item of items)
      expect(named(item.control).notApplicable !== undefined, item.number).toBe(
        item.class === 'not-applicable',
      );
  });

  test('every item that a control claims among its sources is one of its numbers', () => {
    const stig = benchmark('disa-stig');
    for (const { id, sources } of controls) {
      const claimed = sources.flatMap((source) => source.match(/V-\d{6}/g) ?? []);
      for (const number of claimed) {
        const item = stig.items.find((i) => i.number === number);
        expect(item, `${id} claims ${number}`).toBeDefined();
      }
    }
    for (const { number, control } of publishedItems('disa-stig'))
      expect(named(control).sources.join(' '), `${control} does not say ${number}`).toContain(number);
    for (const { number, control } of publishedItems('cis-1.24'))
      expect(named(control).sources.join(' '), `${control} does not say ${number}`).toContain(number);
  });

  test('the sixteen steps of the hardening guide are all there', () => {
    const steps = [
      ...['audit-policy', 'audit-log-path', 'audit-log-maxage', 'audit-log-maxbackup', 'audit-log-maxsize'],
      ...['audit-policy-flag', 'event-rate-config', 'event-rate-admission', 'event-rate-plugin'],
      ...['admission-config-flag', 'always-pull-images', 'scheduler-bind-address', 'controller-bind-address'],
      ...['kubelet-kernel-defaults', 'kubelet-unit-file', 'kubelet-idle-timeout-short'],
    ];
    expect(steps).toHaveLength(16);
    const listed = benchmark('hardening-guide').items.map((i) => i.control);
    expect(listed).toEqual(expect.arrayContaining(steps));
  });
});

describe('what the controls are', () => {
  test('what must be there before is needed: files before flags, kernel values before the kubelet looks at them', () => {
    const order = selectControls(profile, benchmark('hardening-guide'), 1).map((c) => c.id);
    const inOrder = (a: string, b: string) =>
      expect(order.indexOf(a), `${a} before ${b}`).toBeLessThan(order.indexOf(b));
    inOrder('audit-policy', 'audit-policy-flag');
    inOrder('event-rate-config', 'event-rate-admission');
    inOrder('event-rate-admission', 'admission-config-flag');
    inOrder('admission-config-flag', 'event-rate-plugin');
    inOrder('kernel-values', 'kubelet-kernel-defaults');
    expect(named('kubelet-kernel-defaults').needs).toEqual(['kernel-values']);
  });

  test('the kubelet compares six kernel values', () => {
    const keys = named('kernel-values').wants.map((w) => w.spec as { key: string; value: string });
    expect(keys.map((k) => `${k.key}=${k.value}`).sort()).toEqual([
      'kernel.keys.root_maxbytes=25000000',
      'kernel.keys.root_maxkeys=1000000',
      'kernel.panic=10',
      'kernel.panic_on_oops=1',
      'vm.overcommit_memory=1',
      'vm.panic_on_oom=0',
    ]);
  });

  test('nothing is written where the misprinted sentence says', () => {
    const wants = controls.filter((c) => c.id !== 'no-stray-folder').map((c) => c.wants);
    expect(JSON.stringify([wants, distribution.words])).not.toContain('/var/k8s');
  });

  test('plugins that these releases do not know are never turned on', () => {
    expect(JSON.stringify(controls.map((c) => c.wants))).not.toContain('SecurityContextDeny');
    expect(named('security-context-deny').notApplicable).toContain('1.30');
  });

  test('no sentence serves two controls, of any distribution', () => {
    const all = (loaded.ok ? loaded.value : []).flatMap((p) =>
      p.controls.map((c) => ({ of: `${p.distribution.id} ${c.id}`, texts: [c.why, c.breaks] })),
    );
    const own = all.filter(({ of }) => of.startsWith('canonical '));
    const sentences = (texts: readonly string[]) =>
      texts.flatMap((t) => t.split(/(?<=[.!?:;]) /).filter((s) => s.length > 25));
    for (const { of, texts } of own) {
      for (const sentence of sentences(texts)) {
        const others = all.filter((o) => o.of !== of && o.texts.some((t) => t.includes(sentence)));
        expect(
          others.map((o) => o.of),
          `${of}: ${sentence}`,
        ).toEqual([]);
      }
    }
  });

  test('why and what may break are two or three sentences, or one where nothing is to be done', () => {
    for (const { id, text, notApplicable } of controls.flatMap((c) => [
      { ...c, text: c.why },
      { ...c, text: c.breaks },
    ])) {
      const count = text.split(/[.!?](?: |$)/).filter((s) => s.trim() !== '').length;
      expect(count, id).toBeGreaterThanOrEqual(notApplicable ? 1 : 2);
      expect(count, id).toBeLessThanOrEqual(4);
    }
  });

  test('a benchmark lists every control', () => {
    const idle = controls.filter((c) => benchmarks.every((b) => numbersOf(b, c.id).length === 0));
    expect(idle.map((c) => c.id)).toEqual([]);
  });

  test('who enters by SSH is asked about sshd last', () => {
    expect(
      benchmark('disa-stig')
        .items.slice(-2)
        .map((i) => i.number),
    ).toEqual(['V-242393', 'V-242394']);
  });
});

test('the services of workers restart before those of the control plane', () => {
  expect(distribution.restartOrder).toEqual(['agent', 'server']);
});
