import type { Benchmark } from '../domain/control.ts';
import type { Distribution } from '../domain/distribution.ts';
import { benchmarkName } from '../domain/fitness.ts';
import { edgesOf, inRange, rangeWords } from '../domain/version.ts';
import type { ProfileDocument } from './document.ts';
import type { Findings } from './findings.ts';
import type { ReadBenchmark } from './listed.ts';

/** Refuses a row of a versioned word that no version ever gets to, since the rows above it have them all. */
export function checkVersioned(
  document: ProfileDocument,
  { versioned }: Distribution,
  findings: Findings,
): void {
  for (const [word, rows] of Object.entries(versioned)) {
    const edges = edgesOf(rows.map((row) => row.versions));
    for (const [at, row] of rows.entries()) {
      const above = rows.slice(0, at);
      const left = edges.some(
        (v) => inRange(v, row.versions) && !above.some((other) => inRange(v, other.versions)),
      );
      if (!left)
        findings.take(
          document.invalid(
            ['versioned', word, at, 'versions'],
            `every version of ${row.versions} stands in a row above already; narrow one of them, or take this row out`,
          ),
        );
    }
  }
}

/** Refuses two benchmarks of one name for the same versions: neither a screen nor a report could tell them apart. */
export function checkBenchmarkNames(read: readonly ReadBenchmark[], findings: Findings): void {
  for (const [at, { benchmark, document }] of read.entries()) {
    const twin = read
      .slice(0, at)
      .find(
        (other) =>
          benchmarkName(other.benchmark) === benchmarkName(benchmark) && overlaps(other.benchmark, benchmark),
      );
    if (!twin) continue;
    const both = `${rangeWords(twin.benchmark.kubernetes)} of the ${benchmarkName(benchmark)} in ${twin.document.file}`;
    findings.take(
      document.invalid(
        ['kubernetes'],
        `overlaps with ${both}; part the versions, give it a title of its own, or call the file ${twin.benchmark.id}.yaml to replace that one`,
      ),
    );
  }
}

function overlaps(a: Benchmark, b: Benchmark): boolean {
  return edgesOf([a.kubernetes, b.kubernetes]).some(
    (v) => inRange(v, a.kubernetes) && inRange(v, b.kubernetes),
  );
}
