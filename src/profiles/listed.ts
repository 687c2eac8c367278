import type { Benchmark, BenchmarkItem } from '../domain/control.ts';
import type { ProfileDocument } from './document.ts';
import type { Findings } from './findings.ts';
import type { DistributionFiles } from './folders.ts';
import type { ListedData } from './schema.ts';

/** The benchmarks in which a control says that it is listed, and where it says so. */
export type Listing = {
  readonly control: string;
  readonly listed: readonly ListedData[];
  readonly document: ProfileDocument;
  readonly at: number;
  /** Which of the lists of controls of the distribution the control is in, from the lowest. */
  readonly layer: number;
};

/** A benchmark as its file has it. */
export type ReadBenchmark = { readonly benchmark: Benchmark; readonly document: ProfileDocument };

const byNumber = new Intl.Collator('en', { numeric: true });

/**
 * The benchmarks with what controls list themselves, by number after the items of the file. A benchmark that lies over another
 * file takes nothing from controls that lie below it.
 */
export function withListed(
  read: readonly ReadBenchmark[],
  files: DistributionFiles['benchmarks'],
  listings: readonly Listing[],
  findings: Findings,
): readonly Benchmark[] {
  const taken = new Map(read.map((one) => [one.benchmark.id, placesOf(one)]));
  const added = new Map<string, BenchmarkItem[]>();
  for (const { control, listed, document, at, layer } of listings) {
    for (const [index, { benchmark: id, ...item }] of listed.entries()) {
      const path = [at, 'listed', index] as const;
      const file = files.find((one) => one.id === id);
      if (!file) findings.take(document.invalid([...path, 'benchmark'], noBenchmark(id, files)));
      const places = taken.get(id);
      if (!file || !places || layer < file.from) continue;
      const twin = places.get(item.number);
      if (twin !== undefined) {
        const message = `${item.number} of ${id} stands at ${twin} already; give it a number of its own, or take this line out`;
        findings.take(document.invalid([...path, 'number'], message));
        continue;
      }
      places.set(item.number, `${document.file}:${document.lineOf(path)}`);
      added.set(id, [...(added.get(id) ?? []), { ...item, control, added: true }]);
    }
  }
  return read.map(({ benchmark }) => {
    const more = (added.get(benchmark.id) ?? []).toSorted((a, b) => byNumber.compare(a.number, b.number));
    return more.length === 0 ? benchmark : { ...benchmark, items: [...benchmark.items, ...more] };
  });
}

/** Where the numbers of a benchmark's file stand. */
function placesOf({ benchmark, document }: ReadBenchmark): Map<string, string> {
  const place = (at: number): string => `${document.file}:${document.lineOf(['items', at])}`;
  return new Map(benchmark.items.map(({ number }, at) => [number, place(at)]));
}

function noBenchmark(id: string, files: DistributionFiles['benchmarks']): string {
  const known = files.map((one) => one.id);
  const those = known.length === 0 ? 'there is none yet' : `those that are known are ${known.join(', ')}`;
  return `there is no benchmark ${id}; ${those}`;
}
