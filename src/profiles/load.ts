import type { Benchmark, Control, Profile } from '../domain/control.ts';
import type { Distribution } from '../domain/distribution.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import { byAge } from '../domain/fitness.ts';
import { readControls } from './controls.ts';
import { readDocument } from './document.ts';
import { type DistributionFiles, findDistributions } from './folders.ts';
import { checkReads } from './reads.ts';
import { type BenchmarkData, benchmarkSchema, type DistributionData, distributionSchema } from './schema.ts';
import { validate } from './validate.ts';
import type { ValidateWant } from './wants.ts';
import { checkWords } from './words.ts';

/**
 * Reads every distribution below the folders, with its controls and benchmarks. Later folders lie over earlier ones: a
 * benchmark or a description replaces the file of the same name, a control the one of the same id. The first thing that is
 * wrong is the failure.
 */
export async function loadProfiles(
  folders: readonly string[],
  validateWant: ValidateWant,
): Promise<Result<readonly Profile[]>> {
  const found = await findDistributions(folders);
  if (!found.ok) return found;
  const profiles: Profile[] = [];
  for (const files of found.value) {
    const profile = await readProfile(files, folders, validateWant);
    if (!profile.ok) return profile;
    profiles.push(profile.value);
  }
  return ok(profiles);
}

async function readProfile(
  files: DistributionFiles,
  folders: readonly string[],
  validateWant: ValidateWant,
): Promise<Result<Profile>> {
  if (files.description === undefined) {
    const path = `${folders.at(-1) ?? ''}/${files.id}/distribution.yaml`;
    return fail({ code: 'file-unreadable', path, message: `no folder describes a distribution ${files.id}` });
  }
  const distribution = await readDistribution(files.id, files.description);
  if (!distribution.ok) return distribution;
  const controls = await readControls(files.controls, distribution.value, validateWant);
  if (!controls.ok) return controls;
  const benchmarks: Benchmark[] = [];
  for (const { id, file } of files.benchmarks) {
    const benchmark = await readBenchmark(id, files.id, file, controls.value);
    if (!benchmark.ok) return benchmark;
    benchmarks.push(benchmark.value);
  }
  return ok({ distribution: distribution.value, controls: controls.value, benchmarks: byAge(benchmarks) });
}

async function readDistribution(id: string, file: string): Promise<Result<Distribution>> {
  const document = await readDocument(file);
  if (!document.ok) return document;
  const read = validate<DistributionData>(document.value, distributionSchema);
  if (!read.ok) return read;
  const distribution = { id, ...read.value };
  const checked = checkWords(document.value, distribution);
  if (!checked.ok) return checked;
  const reads = checkReads(document.value, distribution);
  return reads.ok ? ok(distribution) : reads;
}

async function readBenchmark(
  id: string,
  distribution: string,
  file: string,
  controls: readonly Control[],
): Promise<Result<Benchmark>> {
  const document = await readDocument(file);
  if (!document.ok) return document;
  const read = validate<BenchmarkData>(document.value, benchmarkSchema);
  if (!read.ok) return read;
  const seen = new Map<string, number>();
  for (const [index, item] of read.value.items.entries()) {
    const earlier = seen.get(item.number);
    if (earlier !== undefined) {
      const line = document.value.lineOf(['items', earlier]);
      return document.value.invalid(
        ['items', index, 'number'],
        `${item.number} stands on line ${line} already`,
      );
    }
    seen.set(item.number, index);
    if (!controls.some((c) => c.id === item.control)) {
      return document.value.invalid(['items', index, 'control'], `there is no control ${item.control}`);
    }
  }
  return ok({ id, distribution, ...read.value });
}
