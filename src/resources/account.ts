import { z } from 'zod';
import { oneWord } from './values.ts';

/** What the YAML may say for a local account and its group. */
export const accountSchema = z.strictObject({
  name: oneWord,
  group: oneWord,
  comment: z.string().regex(/^[^:\n]*$/, 'no colon, one line'),
  shell: z.string().startsWith('/'),
});
