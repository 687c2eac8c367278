import { z } from 'zod';
import { anyValue, commandWords, oneWord, treePath } from './values.ts';

const ignoreNamespaces = z.array(oneWord).readonly().optional();

const eachSchema = z.strictObject({
  each: commandWords,
  named: oneWord.optional(),
  where: z.record(z.string(), anyValue).readonly().optional(),
  at: treePath,
  equals: anyValue,
  ignoreNamespaces,
});

const everyNamespaceSchema = z.strictObject({
  everyNamespaceHas: oneWord,
  ignoreNamespaces,
  create: z.string().min(1).optional(),
});

const existsSchema = z.strictObject({ exists: commandWords, create: z.string().min(1).optional() });

/** What the YAML may say for Kubernetes objects. */
export const objectSchema = z.union([eachSchema, everyNamespaceSchema, existsSchema]);
