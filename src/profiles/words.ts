import type { Distribution } from '../domain/distribution.ts';
import { ok, type Result } from '../domain/failure.ts';
import type { Path, ProfileDocument } from './document.ts';

const wordUse = /\{\{([^{}]*)\}\}/g;

type Use = { readonly path: Path; readonly word: string };

/** Every use of `{{word}}` below a value, in the order of the text. */
function wordsIn(value: unknown, path: Path = []): readonly Use[] {
  if (typeof value === 'string') {
    return [...value.matchAll(wordUse)].map((found) => ({ path, word: found[1] ?? '' }));
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => wordsIn(inner, [...path, key]));
}

/** The first word below a value that the distribution does not define and that is not one of `own`. */
export function undefinedWord(
  value: unknown,
  distribution: Pick<Distribution, 'words' | 'versioned'>,
  own: readonly string[],
): { readonly path: Path; readonly message: string } | undefined {
  const known = new Set([...Object.keys(distribution.words), ...Object.keys(distribution.versioned), ...own]);
  const use = wordsIn(value).find(({ word }) => !known.has(word));
  return use && { path: use.path, message: `the distribution does not define {{${use.word}}}` };
}

/** Refuses words that are not defined, defined twice, or defined through themselves; and a data folder that is no word. */
export function checkWords(document: ProfileDocument, distribution: Distribution): Result<void> {
  const missing = undefinedWord(document.data, distribution, []);
  if (missing) return document.invalid(missing.path, missing.message);
  const both = Object.keys(distribution.versioned).find((word) => word in distribution.words);
  if (both) return document.invalid(['versioned', both], 'is defined among the words already');
  for (const kind of ['words', 'versioned'] as const) {
    const round = Object.keys(distribution[kind]).find((word) =>
      reaches(distribution, word, word, new Set()),
    );
    if (round) return document.invalid([kind, round], 'is defined through itself');
  }
  const moved = distribution.config?.dataDir.word;
  if (moved !== undefined && !(moved in distribution.words)) {
    return document.invalid(['config', 'dataDir', 'word'], `the distribution does not define {{${moved}}}`);
  }
  return ok(undefined);
}

/**
 * The words with each row of the versioned ones in turn, so that what is written with them can be checked for all. An empty
 * word gets its value from the operator later, so it stays as it is written.
 */
export function fillingsOf(distribution: Distribution): readonly Readonly<Record<string, string>>[] {
  const rows = Math.max(1, ...Object.values(distribution.versioned).map((list) => list.length));
  return Array.from({ length: rows }, (_, n) => {
    const raw: Record<string, string> = { ...distribution.words };
    for (const [word, list] of Object.entries(distribution.versioned)) {
      raw[word] = list[Math.min(n, list.length - 1)]?.values[0] ?? '';
    }
    const resolve = (text: string): string =>
      text.replaceAll(wordUse, (whole, word: string) => (raw[word] ? resolve(raw[word]) : whole));
    return Object.fromEntries(
      Object.entries(raw).flatMap(([word, text]) => (text === '' ? [] : [[word, resolve(text)]])),
    );
  });
}

function reaches(distribution: Distribution, from: string, to: string, seen: Set<string>): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  return wordsIn([distribution.words[from] ?? '', distribution.versioned[from] ?? []]).some(
    ({ word }) => word === to || reaches(distribution, word, to, seen),
  );
}
