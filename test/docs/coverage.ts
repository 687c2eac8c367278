import type { Benchmark, BenchmarkItem, Control, Profile } from '../../src/domain/control.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';
import { type Published, published } from './published.ts';

/** How an item is judged: from answers of the machine, by a person, or not at all. */
type Kind = 'automated' | 'manual' | 'not applicable';
const kinds: readonly Kind[] = ['automated', 'manual', 'not applicable'];

/** An item of a published text, with those of our controls that stand for it. */
type Item = { readonly level: 1 | 2; readonly kind: Kind };

/** The profiles of a folder, which have to be whole. */
export async function profilesIn(folder: string): Promise<readonly Profile[]> {
  const loaded = await loadProfiles([folder], (type, spec) => resources.get(type)?.schema.parse(spec));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
  return loaded.value;
}

/** Sentences that are still owed: where ours counts otherwise than the published text and nobody says why. */
export function unexplained(profiles: readonly Profile[]): readonly string[] {
  return published.flatMap((row) => {
    const ours = countsOf(row, profiles);
    return ours && differs(row, ours) && row.why === undefined
      ? [`${row.distribution}/${row.benchmark}`]
      : [];
  });
}

/** The text of docs/coverage.md. */
export function coverageText(profiles: readonly Profile[]): string {
  return `${[
    '# What is covered',
    '',
    'Written by `npm run coverage` from `profiles/` and `test/docs/published.ts`; `test/docs/coverage.test.ts` holds it to them.',
    '',
    'An item is *automated* when it is judged from what the machines answer, *manual* when a person has to judge it and what they say is',
    'kept as evidence, *not applicable* when the distribution has nothing of the kind, each with the reason. Where one published item is',
    'several controls here, it counts once. What we add to a published text, such as what a profile needs beforehand, counts apart.',
    'A control that lists itself (`listed`) is in no published text and does not count here.',
    'The row of a level counts what that level adds to the one before.',
    '',
    '## By level',
    '',
    table(
      [
        'Distribution',
        'Benchmark',
        'Kubernetes',
        'Level',
        'Automated',
        'Manual',
        'Not applicable',
        'Items',
        'Added',
      ],
      profiles.flatMap(({ distribution, controls, benchmarks }) =>
        benchmarks.flatMap((benchmark) =>
          ([1, 2] as const).flatMap((level) => levelRow(distribution.title, benchmark, controls, level)),
        ),
      ),
    ),
    '',
    '## Beside the published texts',
    '',
    'Theirs, then ours; a dash where the published text does not mark its items.',
    '',
    table(
      ['Distribution', 'Published', 'Items', 'Automated', 'Manual', 'Not applicable', 'Why ours differs'],
      published.map((row) => besideRow(row, profiles)),
    ),
    '',
  ].join('\n')}`;
}

function levelRow(
  title: string,
  benchmark: Benchmark,
  controls: readonly Control[],
  level: 1 | 2,
): readonly (readonly string[])[] {
  const row = published.find(
    (p) => p.distribution === benchmark.distribution && p.benchmark === benchmark.id,
  );
  const { items, added } = itemsOf(benchmark, controls, row?.additions);
  const here = items.filter((i) => i.level === level);
  const extra = added.filter((i) => i.level === level).length;
  if (here.length + extra === 0) return [];
  const named = [title, benchmark.title, `\`${benchmark.kubernetes}\``, levelWords(benchmark, level)];
  return [
    [...named, ...kinds.map((kind) => String(countOf(here, kind))), String(here.length), String(extra)],
  ];
}

function levelWords(benchmark: Benchmark, level: 1 | 2): string {
  const named = benchmark as { readonly levels?: readonly [string, string] };
  return named.levels?.[level - 1] ?? String(level);
}

/** The published items of a benchmark, each once: what follows a space in a number says which part of the item it is. */
function itemsOf(
  benchmark: Benchmark,
  controls: readonly Control[],
  additions: RegExp | undefined,
): { readonly items: readonly Item[]; readonly added: readonly BenchmarkItem[] } {
  // What a control lists itself is in no published text, and counts nowhere here.
  const written = benchmark.items.filter((i) => i.added === undefined);
  const added = written.filter((i) => additions?.test(i.number));
  const parts = new Map<string, readonly BenchmarkItem[]>();
  for (const item of written.filter((i) => !added.includes(i))) {
    const number = item.number.split(' ')[0] ?? item.number;
    parts.set(number, [...(parts.get(number) ?? []), item]);
  }
  const items = [...parts.values()].map((of): Item => {
    const its = of.map((i) => kindOf(controls.find((c) => c.id === i.control)));
    const level = of.some((i) => i.level === 1) ? 1 : 2;
    return { level, kind: kinds.find((kind) => its.includes(kind)) ?? 'manual' };
  });
  return { items, added };
}

function kindOf(control: Control | undefined): Kind {
  if (control?.notApplicable !== undefined) return 'not applicable';
  return control?.wants.every((want) => want.type === 'attested') ? 'manual' : 'automated';
}

function countOf(items: readonly Item[], kind: Kind): number {
  return items.filter((item) => item.kind === kind).length;
}

/** Ours by the columns of the published counts; undefined while the benchmark is not carried. */
function countsOf(row: Published, profiles: readonly Profile[]): readonly number[] | undefined {
  const profile = profiles.find((p) => p.distribution.id === row.distribution);
  const benchmark = profile?.benchmarks.find((b) => b.id === row.benchmark);
  if (!profile || !benchmark) return undefined;
  const { items } = itemsOf(benchmark, profile.controls, row.additions);
  return [items.length, ...kinds.map((kind) => countOf(items, kind))];
}

function theirs({ items, automated, manual, notApplicable }: Published): readonly (number | undefined)[] {
  return [items, automated, manual, notApplicable];
}

function differs(row: Published, ours: readonly number[]): boolean {
  return theirs(row).some((count, n) => count !== undefined && count !== ours[n]);
}

function besideRow(row: Published, profiles: readonly Profile[]): readonly string[] {
  const title = profiles.find((p) => p.distribution.id === row.distribution)?.distribution.title;
  const ours = countsOf(row, profiles);
  const cells = theirs(row).map((count, n) => `${count ?? '–'} · ${ours?.[n] ?? '–'}`);
  const owed = ours === undefined ? 'not carried yet' : differs(row, ours) ? 'not explained yet' : '';
  return [title ?? row.distribution, row.name, ...cells, row.why ?? owed];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
