import { z } from 'zod';
import { oneWord } from './values.ts';

/** What the YAML may say for a systemd unit. */
export const unitSchema = z
  .strictObject({ name: oneWord, active: z.boolean().optional(), enabled: z.boolean().optional() })
  .refine((w) => w.active !== undefined || w.enabled !== undefined, {
    message: 'needs active or enabled',
  });
