import * as z from 'zod';
import { readOnlyCommand, refusedInProfile } from '../domain/read-only.ts';

/** Four octal digits. */
export const octalMode = z.string().regex(/^[0-7]{4}$/, 'four octal digits in quotes, for example "0600"');

/** An absolute path, or one that begins with a word of the distribution. */
export const absolutePath = z
  .string()
  .regex(/^(\/|\{\{)[^\0\n]*$/, 'an absolute path, or one that begins with a {{word}}');

/** A name of an account, a group, a unit, a flag or a key: one word without blanks. */
export const oneWord = z.string().regex(/^[^\s\0]+$/, 'one word without blanks');

/** Words of a command. */
export const commandWords = z.array(z.string().min(1)).min(1).readonly();

/** What follows `kubectl get`; what would do more than read is refused. */
export const getWords = commandWords.superRefine((words, context) => {
  const reads = readOnlyCommand(['kubectl', 'get', ...words]);
  if (reads !== true) context.addIssue({ code: 'custom', message: refusedInProfile(reads) });
});

/** A plain value. */
export const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Any value that YAML or JSON can hold. */
export const anyValue = z.json();

/** Where in a YAML or JSON tree: names joined by dots; numbers count list items; `\.` is a dot inside a name. */
export const treePath = z.string().min(1);
