import { readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Profile } from '../domain/control.ts';
import { type Failure, fail, ok, type Result } from '../domain/failure.ts';
import { systemWords } from '../domain/system-error.ts';
import { readDocument } from './document.ts';
import { type DistributionFiles, findDistributions, findTroubles, reservedFolders } from './folders.ts';
import { loadProfiles, readProfiles } from './load.ts';
import { checkPractice } from './practice.ts';
import type { ValidateWant } from './wants.ts';

/** What a folder of profiles does to those it lies over: a line for each distribution, or everything that is wrong with it. */
export type Lint = { readonly findings: readonly Failure[]; readonly says: readonly string[] };

/** Checks a folder of profiles as it would lie over others, which have to be whole themselves. */
export async function lintProfiles(
  belowFolders: readonly string[],
  folder: string,
  validateWant: ValidateWant,
  isPractice: (data: unknown) => Result<unknown>,
): Promise<Result<Lint>> {
  const base = await loadProfiles(belowFolders, validateWant);
  if (!base.ok) return base;
  const own = findDistributions([folder]);
  if (!own.ok) return own;
  const known = base.value.map((p) => p.distribution.id);
  const troubles = findTroubles([folder]);
  if (!troubles.ok) return troubles;
  const practice = await checkPractice(folder, isPractice);
  const nothing = own.value.every(isEmpty) && troubles.value.length === 0 && practice.ids.length === 0;
  if (own.value.some((d) => d.id === 'controls') || nothing)
    return ok({ findings: [misplaced(folder, own.value, known)], says: [] });
  const strays = await straysIn(folder, own.value);
  if (!strays.ok) return strays;
  const { findings } = await readProfiles([...belowFolders, folder], validateWant, true);
  const all = [
    ...findings.all.map((failure) => blamedOn(folder, own.value, failure)),
    ...practice.findings,
    ...strays.value,
  ];
  if (all.length > 0) return ok({ findings: all, says: [] });
  const below = findTroubles(belowFolders);
  if (!below.ok) return below;
  const ofDistributions = await Promise.all(own.value.map((files) => effect(files, base.value)));
  const ids = (found: typeof below.value): readonly string[] => found.map((t) => t.id);
  const ofTroubles = parted('trouble', ids(troubles.value), new Set(ids(below.value)));
  const says = ofTroubles.length === 0 ? [] : [`${ofTroubles.join('; ')}.`];
  const clusters = practice.ids.map((id) => `${id}: its practice cluster.`);
  return ok({ findings: [], says: [...ofDistributions, ...says, ...clusters] });
}

function isEmpty({ description, benchmarks, gates, controls }: DistributionFiles): boolean {
  const files = [...benchmarks, ...gates, ...controls.flat()];
  return description === undefined && files.length === 0;
}

/** Why a folder holds nothing that could be laid over anything. */
function misplaced(folder: string, own: readonly DistributionFiles[], known: readonly string[]): Failure {
  const one = own.some((d) => d.id === 'controls');
  return wrong(
    folder,
    one
      ? 'is the folder of one distribution; give the folder above it'
      : `holds no profiles; they belong in a folder called after their distribution, such as ${known.join(' or ')}`,
  );
}

/** What is wrong with a file that lies below is so because of the description that was laid over its own. */
function blamedOn(folder: string, own: readonly DistributionFiles[], failure: Failure): Failure {
  if (failure.code !== 'profile-invalid' || isBelow(folder, failure.file)) return failure;
  const { file, line, key, message } = failure;
  // A trouble is for several distributions; the one that it cannot do with is named in the message.
  const named = own.find(({ id }) => message.split(/\W+/).includes(id)) ?? own[0];
  const distribution = dirname(file).endsWith(`${sep}troubles`)
    ? (named?.id ?? '')
    : dirname(file).endsWith('controls')
      ? dirname(dirname(file))
      : dirname(file);
  const cause = join(folder, distribution.split(sep).at(-1) ?? '', 'distribution.yaml');
  return wrong(cause, `does not suit what it lies over: ${file}:${line}: ${key}: ${message}`);
}

function isBelow(folder: string, file: string): boolean {
  return !relative(folder, file).startsWith('..');
}

/** Files that nothing reads, which their author surely did not mean. */
async function straysIn(
  folder: string,
  own: readonly DistributionFiles[],
): Promise<Result<readonly Failure[]>> {
  const read = new Set(
    own.flatMap((d) => [d.description, ...d.gates, ...d.benchmarks.map((b) => b.file), ...d.controls.flat()]),
  );
  try {
    const files = (await readdir(folder, { recursive: true }))
      .filter(
        (name) => /\.(ya?ml|json)$/i.test(name) && !name.split(sep).some((part) => part.startsWith('.')),
      )
      .filter((name) => !isAside(name) && !read.has(join(folder, name)))
      .map((name) => join(folder, name));
    return ok(files.toSorted().map((path) => wrong(path, strayWords(path))));
  } catch (error) {
    return fail({ code: 'file-unreadable', path: folder, message: systemWords(error) });
  }
}

/** Whether nothing can be said of a file because it lies where more than profiles may lie. */
function isAside(name: string): boolean {
  const [first = '', ...rest] = name.split(sep);
  const read = first === 'troubles' && rest.length === 1 && name.endsWith('.yaml');
  return read || (reservedFolders.has(first) && first !== 'troubles');
}

function strayWords(path: string): string {
  return path.endsWith('.yaml')
    ? 'lies where nothing reads it; controls belong in <distribution>/controls, all else in <distribution>'
    : 'is read by nothing, since its name does not end in .yaml; rename it';
}

function wrong(file: string, message: string): Failure {
  return { code: 'profile-invalid', file, line: 1, key: '', message };
}

/** What the files of one distribution add and replace. */
async function effect(files: DistributionFiles, base: readonly Profile[]): Promise<string> {
  const below = base.find((p) => p.distribution.id === files.id);
  const parts = [
    ...(files.description === undefined ? [] : [below ? 'replaces its description' : 'is new']),
    ...parted('control', await idsIn(files.controls.flat()), new Set(below?.controls.map((c) => c.id))),
    ...parted(
      'benchmark',
      files.benchmarks.map((b) => b.id),
      new Set(below?.benchmarks.map((b) => b.id)),
    ),
    ...parted('version gate', await idsIn(files.gates), new Set(below?.gates?.map((g) => g.id))),
  ];
  return `${files.id}: ${parts.join('; ') || 'changes nothing'}.`;
}

/** The ids of the entries of some files, which have been found whole. */
async function idsIn(files: readonly string[]): Promise<readonly string[]> {
  const documents = await Promise.all(files.map(readDocument));
  return documents.flatMap((document) =>
    document.ok ? (document.value.data as readonly { readonly id: string }[]).map((entry) => entry.id) : [],
  );
}

function parted(what: string, ids: readonly string[], below: ReadonlySet<string>): readonly string[] {
  return (['replaces', 'adds'] as const).flatMap((verb) => {
    const of = ids.filter((id) => below.has(id) === (verb === 'replaces'));
    return of.length === 0 ? [] : [`${verb} the ${what}${of.length === 1 ? '' : 's'} ${of.join(', ')}`];
  });
}
