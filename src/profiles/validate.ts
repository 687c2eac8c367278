import type { z } from 'zod';
import { ok, type Result } from '../domain/failure.ts';
import type { Path, ProfileDocument } from './document.ts';
import { issueWords } from './issue-words.ts';

/** Where something is wrong, and what. */
export type Flaw = { readonly path: Path; readonly message: string };

/** A document's data through a schema, or the first thing that is wrong with it, at its line. */
export function validate<T>(document: ProfileDocument, schema: z.ZodType<T>): Result<T> {
  const read = schema.safeParse(document.data);
  if (read.success) return ok(read.data);
  const { path, message } = firstFlaw(read.error.issues, document.data);
  return document.invalid(path, message);
}

/** The first issue as a place and a sentence. */
export function firstFlaw(issues: readonly z.core.$ZodIssue[], data: unknown): Flaw {
  return flawsOf(issues, data)[0] ?? { path: [], message: 'is not valid' };
}

/** Every issue as a place and a sentence. An unknown key is placed at the key itself, not at its map. */
export function flawsOf(issues: readonly z.core.$ZodIssue[], data: unknown): readonly Flaw[] {
  return issues.flatMap((issue): readonly Flaw[] => {
    if (issue.code === 'unrecognized_keys') {
      const message = 'is not a key that is known here; correct its spelling, or take it out';
      return issue.keys.map((key) => ({ path: [...issue.path, key], message }));
    }
    // A union's own message says nothing; the alternative that got furthest says what is wrong.
    if (issue.code === 'invalid_union') {
      const [nearest] = issue.errors
        .map((errors) => firstFlaw(errors, valueAt(data, issue.path)))
        .toSorted((a, b) => b.path.length - a.path.length);
      if (nearest && nearest.path.length > 0) {
        return [{ path: [...issue.path, ...nearest.path], message: nearest.message }];
      }
    }
    return [{ path: issue.path, message: missingWords(issueWords(issue.message), data, issue.path) }];
  });
}

/** What is not there is called missing, and a file without anything empty. */
function missingWords(message: string, data: unknown, path: Path): string {
  if (path.length === 0) return data === null ? `is empty; it ${message}` : message;
  if (valueAt(data, path) !== undefined) return message;
  if (message.startsWith('should be ')) return `is missing; it ${message}`;
  return message === 'is not of the kind that belongs here' ? 'is missing' : message;
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[step],
    data,
  );
}
