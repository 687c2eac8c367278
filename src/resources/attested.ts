import { z } from 'zod';
import { commandWords } from './values.ts';

/** What the YAML may say for something that only a person can judge. */
export const attestedSchema = z.strictObject({
  ask: z.string().min(1),
  show: z
    .union([z.strictObject({ command: commandWords }), z.strictObject({ object: commandWords })])
    .readonly()
    .optional(),
});
