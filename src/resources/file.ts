import { z } from 'zod';
import { absolutePath, octalMode, oneWord } from './values.ts';

/** What the YAML may say for a file or folder. */
export const fileSchema = z
  .strictObject({
    path: absolutePath,
    mode: octalMode.optional(),
    owner: oneWord.optional(),
    group: oneWord.optional(),
    tree: z.literal(true).optional(),
    optional: z.literal(true).optional(),
    absentIs: z.literal('pass').optional(),
    content: z.string().min(1).optional(),
    readers: z.array(oneWord).min(1).readonly().optional(),
  })
  .refine((w) => !w.tree || (w.owner !== undefined && w.group !== undefined), {
    path: ['tree'],
    message: 'needs an owner and a group',
  })
  .refine((w) => !(w.optional && w.absentIs), {
    path: ['absentIs'],
    message: 'says something else than optional does',
  })
  .refine((w) => w.content === undefined || (!w.optional && !w.absentIs), {
    path: ['content'],
    message: 'is for a file that must exist',
  });
