import { join } from 'node:path';
import type { Path, ProfileDocument } from './document.ts';
import type { Findings } from './findings.ts';
import { findTroubles } from './folders.ts';
import {
  type CheckData,
  checksSchema,
  type OwnCheckData,
  type TroubleData,
  troubleSchema,
} from './trouble-schema.ts';

/** A check and where it stands. */
export type PlacedCheck = {
  readonly document: ProfileDocument;
  readonly at: Path;
  readonly data: CheckData;
  /** The distributions it is for: those that it names, of those that its trouble names; all where neither does. */
  readonly distributions: readonly string[] | undefined;
};

/** The files below `troubles` as they are written, the same for every distribution. */
export type TroubleFiles = {
  readonly troubles: readonly {
    readonly data: TroubleData;
    readonly checks: readonly PlacedCheck[];
  }[];
  /** The checks that end every trouble. */
  readonly every: readonly PlacedCheck[];
};

/** The name of the file whose checks end every trouble. */
const everyName = 'every';

/** Reads the files below `troubles`; of files of one name, that in the last folder counts. */
export async function readTroubleFiles(
  folders: readonly string[],
  known: readonly string[],
  findings: Findings,
): Promise<TroubleFiles> {
  const troubles: TroubleFiles['troubles'][number][] = [];
  const every: PlacedCheck[] = [];
  for (const { id, file } of findings.take(findTroubles(folders)) ?? []) {
    const document = await findings.document(file);
    if (!document) continue;
    if (id === everyName) {
      const checks = findings.validate<readonly CheckData[]>(document, checksSchema) ?? [];
      every.push(...checks.map((data, n) => placed(document, [n], data)));
      continue;
    }
    const data = findings.validate<TroubleData>(document, troubleSchema);
    if (!data) continue;
    if (data.id !== id)
      findings.take(document.invalid(['id'], `must be the name of its file, ${id}; correct one of the two`));
    checkDistributions(document, ['distributions'], data.distributions, known, findings);
    const checks = data.checks.map((check, n) => placed(document, ['checks', n], check, data.distributions));
    troubles.push({ data, checks });
  }
  const all = [...troubles.flatMap((t) => t.checks), ...every];
  for (const { document, at, data } of all)
    checkDistributions(document, [...at, 'distributions'], data.distributions, known, findings);
  const layerOf = ({ document: { file } }: PlacedCheck): number =>
    folders.findLastIndex((folder) => file.startsWith(join(folder, 'troubles')));
  checkIds(
    all.toSorted((a, b) => layerOf(a) - layerOf(b)),
    findings,
  );
  return { troubles, every };
}

function placed(
  document: ProfileDocument,
  at: Path,
  data: CheckData,
  ofTrouble?: readonly string[],
): PlacedCheck {
  const own = data.distributions;
  const both = own && ofTrouble ? own.filter((id) => ofTrouble.includes(id)) : (own ?? ofTrouble);
  return { document, at, data, distributions: both };
}

/** Whether a check is written out here, and not only named. */
export function isOwn(data: CheckData): data is OwnCheckData {
  return !('control' in data);
}

function checkDistributions(
  document: ProfileDocument,
  path: Path,
  distributions: readonly string[] | undefined,
  known: readonly string[],
  findings: Findings,
): void {
  for (const [n, id] of (distributions ?? []).entries())
    if (!known.includes(id))
      findings.take(
        document.invalid([...path, n], `is no distribution that is known; those are ${known.join(', ')}`),
      );
}

function checkIds(checks: readonly PlacedCheck[], findings: Findings): void {
  const seen = new Map<string, PlacedCheck>();
  for (const check of checks) {
    const { document, at, data } = check;
    if (!isOwn(data)) continue;
    const twin = seen.get(data.id);
    if (twin) {
      const where = `${twin.document.file}:${twin.document.lineOf(twin.at)}`;
      const message = `${data.id} is the id of another check, at ${where}; give one of the two an id of its own, or name it with control: ${data.id}`;
      findings.take(document.invalid([...at, 'id'], message));
    }
    seen.set(data.id, twin ?? check);
  }
}
