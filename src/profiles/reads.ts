import { type Distribution, fillWords } from '../domain/distribution.ts';
import { ok, type Result } from '../domain/failure.ts';
import { isProgramFolder, readOnlyCommand, refusedInProfile } from '../domain/read-only.ts';
import type { Path, ProfileDocument } from './document.ts';
import { fillingsOf } from './words.ts';

type Filling = Readonly<Record<string, string>>;

/** Refuses what a description would run on a node unseen and that is not known to only read. */
export function checkReads(document: ProfileDocument, distribution: Distribution): Result<void> {
  const { programs = [], versionCommands, health, kubectl } = distribution;
  for (const filling of fillingsOf(distribution)) {
    for (const [n, folder] of programs.entries()) {
      if (!isProgramFolder(fillWords(folder, filling)))
        return document.invalid(
          ['programs', n],
          'must be the absolute path of a folder called bin, and no temporary one',
        );
    }
    const commands: readonly (readonly [Path, readonly string[]])[] = [
      ...versionCommands.map((words, n) => [['versionCommands', n], words] as const),
      [['kubectl'], [...kubectl, 'get', 'nodes']],
      ...health.logs.map((words, n) => [['health', 'logs', n], words] as const),
    ];
    for (const [path, words] of commands) {
      const refusal = refusalOf(words, distribution, filling);
      if (refusal !== undefined) return document.invalid(path, refusal);
    }
  }
  return ok(undefined);
}

/** The first command below a spec that is not known to only read: where it stands, and the sentence that says so. */
export function unreadCommand(
  spec: unknown,
  distribution: Distribution,
  filling: Filling,
): { readonly path: Path; readonly message: string } | undefined {
  for (const { path, words } of commandsIn(spec)) {
    const message = refusalOf(words, distribution, filling);
    if (message !== undefined) return { path, message };
  }
  return undefined;
}

function refusalOf(
  words: readonly string[],
  distribution: Distribution,
  filling: Filling,
): string | undefined {
  const folders = (distribution.programs ?? []).map((folder) => fillWords(folder, filling));
  // A time stands there when a start is watched.
  const filled = fillWords(words, filling).map((word) => word.replaceAll('%since%', '0'));
  const reads = readOnlyCommand(filled, folders);
  return reads === true ? undefined : refusedInProfile(reads);
}

/** Every list of words under a key `command`. */
function commandsIn(value: unknown, path: Path = []): readonly { path: Path; words: readonly string[] }[] {
  if (value === null || typeof value !== 'object') return [];
  if (path.at(-1) === 'command' && Array.isArray(value) && value.every((word) => typeof word === 'string'))
    return [{ path, words: value }];
  return Object.entries(value).flatMap(([key, inner]) => commandsIn(inner, [...path, key]));
}
