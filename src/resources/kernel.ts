import { z } from 'zod';
import { oneWord } from './values.ts';

/** What the YAML may say for a kernel value. */
export const kernelSchema = z.strictObject({
  key: oneWord,
  value: z.union([z.string().min(1), z.number()]).transform(String),
  file: z
    .string()
    .regex(/^\/etc\/sysctl\.d\/[^/\s]+\.conf$/, 'a file directly in /etc/sysctl.d whose name ends in .conf'),
});
