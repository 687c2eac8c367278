import { describe, expect, test } from 'vitest';
import { type Control, numbersOf } from '../../src/domain/control.ts';
import { newestFor } from '../../src/domain/fitness.ts';
import { parseVersion } from '../../src/domain/version.ts';
import { loadProfiles, readPractice } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';

const loaded = await loadProfiles(['profiles'], (type, spec) => resources.get(type)?.schema.parse(spec));
const all = loaded.ok ? loaded.value : [];
const profile = all.find((p) => p.distribution.id === 'rke');
if (!profile) throw new Error(JSON.stringify(loaded));
const { controls, benchmarks } = profile;
const cis = benchmarks.find((b) => b.id === 'cis-1.8');
if (!cis) throw new Error('no cis-1.8');

const named = (id: string): Control => {
  const found = controls.find((c) => c.id === id);
  if (!found) throw new Error(`no control ${id}`);
  return found;
};
/** The controls of a published number; what follows a blank says which part of it is meant. */
const behind = (number: string): readonly Control[] =>
  cis.items.filter((i) => i.number.split(' ')[0] === number).map((i) => named(i.control));
const isAttested = ({ wants }: Control): boolean => wants.every((w) => w.type === 'attested');

describe('CIS 1.8 for RKE', () => {
  const sections = { 1.1: 21, 1.2: 30, 1.3: 7, 1.4: 2, 3.1: 3, 3.2: 2, 4.1: 10, 4.2: 13 };
  const policies = { 5.1: 13, 5.2: 13, 5.3: 2, 5.4: 2, 5.5: 1, 5.7: 4 };
  const sizes = [...Object.entries(sections), ...Object.entries(policies), ['2', 7] as const];

  test('has every number of every chapter, 130 in all', () => {
    const wanted = sizes.flatMap(([chapter, n]) =>
      Array.from({ length: n }, (_, i) => `${chapter}.${i + 1}`),
    );
    const numbers = [...new Set(cis.items.map((i) => i.number.split(' ')[0] ?? ''))];
    expect(wanted).toHaveLength(130);
    expect(numbers.toSorted()).toEqual(wanted.toSorted());
  });

  test('level 2 is what the published text has there', () => {
    const second = cis.items.filter((i) => i.level === 2).map((i) => i.number);
    const early = ['1.3.6', '2.7', '3.2.2', '4.2.8', '5.2.7', '5.2.10', '5.3.2'];
    expect(second).toEqual([...early, '5.4.1', '5.4.2', '5.5.1', '5.7.2', '5.7.3', '5.7.4']);
  });

  test('what RKE has not, by design, does not apply and says why', () => {
    const absent = cis.items.filter((i) => named(i.control).notApplicable !== undefined).map((i) => i.number);
    expect(absent).toEqual([
      ...['1.1.1', '1.1.2', '1.1.3', '1.1.4', '1.1.5', '1.1.6', '1.1.7', '1.1.8', '1.1.13', '1.1.14'],
      ...['1.2.5', '1.2.12', '1.3.6', '4.1.1', '4.1.2', '4.2.7', '4.2.11'],
    ]);
  });

  test('every source names the number under which the control stands', () => {
    for (const { number, control } of cis.items) {
      const [base = ''] = number.split(' ');
      const said = named(control).sources.filter((s) => s.includes('CIS Kubernetes Benchmark 1.8'));
      expect(said.join(' '), control).toMatch(sourceOf(base));
    }
  });

  test('what a container shows can be changed in cluster.yml: a control of the same item does it, or the way is said', () => {
    for (const { control } of cis.items) {
      const { broughtBy = [], id, wants } = named(control);
      const containers = wants.filter((w) => w.type === 'container');
      const said = containers.every((w) => (w.spec as { instead?: string }).instead !== undefined);
      const listed = broughtBy.some((other) => numbersOf(cis, other).length > 0);
      expect(containers.length === 0 || said || listed, id).toBe(true);
    }
  });

  test.each([
    ['1.25.16', 'maintenance-and-network'],
    ['1.26.0', 'cis-1.8'],
    ['1.30.9', 'cis-1.8'],
  ])('%s is offered %s', (version, id) => {
    expect(newestFor(benchmarks, [parseVersion(version) ?? [0, 0, 0]])?.id).toBe(id);
  });

  test('the practice cluster can practise it', async () => {
    const practice = await readPractice(['profiles'], 'rke');
    const { common } = (practice.ok ? practice.value : {}) as { common?: { version?: string } };
    expect(newestFor(benchmarks, [parseVersion(common?.version ?? '') ?? [0, 0, 0]])?.id).toBe('cis-1.8');
  });
});

describe('what could stop a cluster', () => {
  const wantsOf = (id: string) => named(id).wants.map((w) => w.spec as Readonly<Record<string, unknown>>);

  test('the authority is never closed from here, for etcd under its own account reads it', () => {
    expect(wantsOf('rke-ca-mode')).toMatchObject([{ fixed: expect.stringContaining('waive') }]);
    expect(wantsOf('rke-pki-certificates')).toMatchObject([
      { except: expect.arrayContaining(['kube-ca.pem']) },
    ]);
  });

  test('nothing of etcd is given away: its number is known to cluster.yml alone', () => {
    expect(wantsOf('rke-etcd-owner')).toMatchObject([
      { fixed: expect.stringContaining('services.etcd.uid') },
    ]);
    const ofOthers = wantsOf('rke-pki-owner').filter((w) => w.fixed === undefined && w.folder !== undefined);
    expect(ofOthers).toMatchObject([{ except: ['kube-etcd-*'] }]);
  });

  test('a kubelet that protects kernel values waits for all six that it compares', () => {
    const protecting = controls.filter((c) =>
      c.wants.some((w) => JSON.stringify(w.spec).includes('protect-kernel-defaults')),
    );
    expect(protecting.map((c) => c.id)).toEqual(['rke-cluster-kubelet', 'rke-kubelet-options']);
    for (const { id, needs } of protecting)
      expect(
        needs
          .flatMap(wantsOf)
          .map((w) => w.key)
          .toSorted(),
        id,
      ).toEqual([
        ...['kernel.keys.root_maxbytes', 'kernel.keys.root_maxkeys', 'kernel.panic', 'kernel.panic_on_oops'],
        ...['vm.overcommit_memory', 'vm.panic_on_oom'],
      ]);
  });

  test('plugins that a version may not know are never turned on', () => {
    const plugins = JSON.stringify(cis.items.map((i) => named(i.control).wants));
    expect(plugins).not.toMatch(/SecurityContextDeny|PodSecurityPolicy"/);
  });

  test('no list of plugins takes the place of that of rke', () => {
    const lists = cis.items
      .flatMap((i) => wantsOf(i.control))
      .filter((w) => String(w.at ?? '').includes('extra_args.enable-admission-plugins'));
    // A list that somebody put there is added to; where there is none, none is written.
    expect(lists.filter((w) => w.has === undefined || w.default !== w.has)).toEqual([]);
  });
});

describe('what the controls say', () => {
  const own = new Set(cis.items.map((i) => i.control));
  const sentences = (c: Control): readonly string[] =>
    `${c.why} ${c.breaks}`.split(/(?<=[.?!:;]) /).filter((s) => s.length > 25);

  test('no two controls have one title', () => {
    const titles = controls.map((c) => c.title);
    expect(titles.filter((title, at) => titles.indexOf(title) !== at)).toEqual([]);
  });

  test('no sentence serves two controls, of any distribution', () => {
    const others = all.flatMap((p) =>
      p.controls.map((c) => ({ of: `${p.distribution.id} ${c.id}`, texts: [c.why, c.breaks] })),
    );
    const shared = controls
      .filter((c) => own.has(c.id))
      .flatMap((c) =>
        sentences(c).flatMap((sentence) =>
          others
            .filter(({ of, texts }) => of !== `rke ${c.id}` && texts.some((t) => t.includes(sentence)))
            .map(({ of }) => `${c.id} and ${of}: ${sentence}`),
        ),
      );
    expect(shared).toEqual([]);
  });

  test('why and what may break are two sentences or more', () => {
    const short = controls
      .filter((c) => own.has(c.id) && [c.why, c.breaks].some((t) => t.split(/(?<=[.?!]) /).length < 2))
      .map((c) => c.id);
    expect(short).toEqual([]);
  });

  test('every control is in one of the benchmarks', () => {
    const idle = controls.filter((c) => benchmarks.every((b) => numbersOf(b, c.id).length === 0));
    expect(idle.map((c) => c.id)).toEqual([]);
  });

  test('what only a person can judge is asked so that yes is good', () => {
    for (const number of ['2.7', '3.1.1', '5.1.1', '5.2.2', '5.7.4'])
      expect(behind(number).every(isAttested), number).toBe(true);
  });
});

/** How a source names a number: alone, in a row, or inside a span such as 1.2.17 to 1.2.20. */
function sourceOf(number: string): RegExp {
  const inside = /^1\.2\.(18|19)$/.test(number) ? '|1\\.2\\.17 to 1\\.2\\.20' : '';
  return new RegExp(`(?<![\\d.])${number.replaceAll('.', '\\.')}(?![\\d.]*\\d)${inside}`);
}
