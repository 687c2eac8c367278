import { z } from 'zod';
import { oneWord, scalar } from './values.ts';

const tests = ['equals', 'oneOf', 'contains', 'lacks', 'present', 'absent', 'atLeast'] as const;

/** What the YAML may say for an argument of a running process. */
export const argumentSchema = z
  .strictObject({
    process: oneWord,
    flag: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'a flag without its dashes'),
    equals: scalar.transform(String).optional(),
    oneOf: z.array(scalar.transform(String)).min(1).readonly().optional(),
    contains: oneWord.optional(),
    lacks: oneWord.optional(),
    present: z.literal(true).optional(),
    absent: z.literal(true).optional(),
    atLeast: z.number().optional(),
    default: scalar.transform(String).optional(),
    via: z.strictObject({ setting: oneWord }).readonly().optional(),
  })
  .refine((w) => tests.filter((t) => w[t] !== undefined).length === 1, {
    message: `needs exactly one of ${tests.join(', ')}`,
  });
