import { z } from 'zod';
import { anyValue, octalMode, oneWord, treePath } from './values.ts';

/** What the YAML may say for a value inside a YAML file. */
export const yamlSchema = z
  .strictObject({
    path: z.string().regex(/^[^\0\n]+$/, 'a path'),
    at: treePath,
    equals: anyValue.optional(),
    oneOf: z.array(anyValue).min(1).readonly().optional(),
    some: z
      .record(z.string(), z.array(anyValue).min(1).readonly())
      .refine((s) => Object.keys(s).length === 1, 'names one key')
      .optional(),
    create: z.string().min(1).optional(),
    mode: octalMode.optional(),
    owner: oneWord.optional(),
    group: oneWord.optional(),
    value: anyValue.optional(),
    restarts: z.literal(true).optional(),
  })
  .refine((w) => [w.equals, w.oneOf, w.some].filter((t) => t !== undefined).length === 1, {
    message: 'needs exactly one of equals, oneOf, some',
  });
