import type { Profile } from '../domain/control.ts';
import type { Distribution } from '../domain/distribution.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import { byAge } from '../domain/fitness.ts';
import { noControl, readControls } from './controls.ts';
import type { ProfileDocument } from './document.ts';
import { Findings } from './findings.ts';
import { type DistributionFiles, findDistributions } from './folders.ts';
import { readGates } from './gates.ts';
import { type ReadBenchmark, withListed } from './listed.ts';
import { checkBenchmarkNames, checkVersioned } from './ranges.ts';
import { checkReads } from './reads.ts';
import {
  type BenchmarkData,
  benchmarkSchema,
  controlsSchema,
  type DistributionData,
  distributionSchema,
} from './schema.ts';
import { readTroubleFiles, type TroubleFiles } from './trouble-files.ts';
import { compileTroubles } from './troubles.ts';
import type { ValidateWant } from './wants.ts';
import { checkWords } from './words.ts';

/**
 * Reads every distribution below the folders, with its controls, benchmarks and troubles. Later folders lie over earlier ones: a
 * benchmark or a description replaces the file of the same name, a control or a gate the one of the same id. The first thing
 * that is wrong is the failure.
 */
export async function loadProfiles(
  folders: readonly string[],
  validateWant: ValidateWant,
): Promise<Result<readonly Profile[]>> {
  const { profiles, findings } = await readProfiles(folders, validateWant);
  const [first] = findings.all;
  return first ? fail(first) : ok(profiles);
}

/**
 * Reads what `loadProfiles` reads, and finds everything that is wrong instead of the first. What is strict also finds what nobody
 * can have meant, though one can work with it: ranges of versions that get in each other's way.
 */
export async function readProfiles(
  folders: readonly string[],
  validateWant: ValidateWant,
  strict = false,
): Promise<{ readonly profiles: readonly Profile[]; readonly findings: Findings }> {
  const findings = new Findings();
  const found = findings.take(findDistributions(folders)) ?? [];
  const described = found.filter((d) => d.description !== undefined).map((d) => d.id);
  const troubles = await readTroubleFiles(folders, described, findings);
  const profiles: Profile[] = [];
  for (const files of found) {
    if (files.description === undefined) {
      const path = `${folders.at(-1) ?? ''}/${files.id}/distribution.yaml`;
      const message = `no folder describes a distribution ${files.id}; those that are known are ${described.join(', ')}`;
      findings.take(fail({ code: 'file-unreadable', path, message }));
      continue;
    }
    const profile = await readProfile(files, files.description, troubles, validateWant, findings, strict);
    if (profile) profiles.push(profile);
  }
  return { profiles, findings };
}

async function readProfile(
  files: DistributionFiles,
  description: string,
  troubles: TroubleFiles,
  validateWant: ValidateWant,
  findings: Findings,
  strict: boolean,
): Promise<Profile | undefined> {
  const distribution = await readDistribution(files.id, description, findings, strict);
  if (!distribution) {
    await readAlone(files, findings);
    return undefined;
  }
  const controls = await readControls(files.controls, distribution, validateWant, findings);
  const read: ReadBenchmark[] = [];
  for (const { id, file } of files.benchmarks) {
    const document = await findings.document(file);
    const data = document && findings.validate<BenchmarkData>(document, benchmarkSchema);
    if (!data) continue;
    checkItems(document, data, controls.ids, findings);
    read.push({ benchmark: { id, distribution: files.id, ...data }, document });
  }
  if (strict) checkBenchmarkNames(read, findings);
  const gates = await readGates(files.gates, distribution, validateWant, findings);
  const benchmarks = byAge(withListed(read, files.benchmarks, controls.listings, findings));
  const made = compileTroubles(troubles, distribution, controls, validateWant, findings);
  return { distribution, controls: controls.whole, benchmarks, gates, ...made };
}

/** What can be said of controls and benchmarks while the description they rest on is wrong. */
async function readAlone(files: DistributionFiles, findings: Findings): Promise<void> {
  for (const file of files.controls.flat()) {
    const document = await findings.document(file);
    if (document) findings.validate(document, controlsSchema);
  }
  for (const { file } of files.benchmarks) {
    const document = await findings.document(file);
    if (document) findings.validate(document, benchmarkSchema);
  }
}

async function readDistribution(
  id: string,
  file: string,
  findings: Findings,
  strict: boolean,
): Promise<Distribution | undefined> {
  const document = await findings.document(file);
  const data = document && findings.validate<DistributionData>(document, distributionSchema);
  if (!data) return undefined;
  const distribution = { id, ...data };
  if (strict) checkVersioned(document, distribution, findings);
  const words = checkWords(document, distribution);
  // Words that go round cannot be filled in, so nothing that is written with them can be looked at.
  const checked = words.ok ? checkReads(document, distribution) : words;
  findings.take(checked);
  return checked.ok ? distribution : undefined;
}

function checkItems(
  document: ProfileDocument,
  { items }: BenchmarkData,
  ids: ReadonlySet<string>,
  findings: Findings,
): void {
  const seen = new Map<string, number>();
  for (const [index, { number, control }] of items.entries()) {
    const earlier = seen.get(number);
    if (earlier !== undefined) {
      const message = `${number} stands on line ${document.lineOf(['items', earlier])} already; give it a number of its own`;
      findings.take(document.invalid(['items', index, 'number'], message));
    }
    seen.set(number, earlier ?? index);
    if (!ids.has(control)) findings.take(document.invalid(['items', index, 'control'], noControl(control)));
  }
}
