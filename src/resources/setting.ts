import { z } from 'zod';
import { oneWord, scalar } from './values.ts';

/** What the YAML may say for a key of the distribution's own configuration. */
export const settingSchema = z.strictObject({
  key: oneWord,
  value: scalar.transform(String),
  accepts: z.array(scalar.transform(String)).min(1).readonly().optional(),
  /** A versioned word of the distribution whose values for this version pass too. */
  acceptsWord: oneWord.optional(),
  default: scalar.transform(String).optional(),
  active: z
    .strictObject({ process: oneWord, flag: oneWord, equals: scalar.transform(String) })
    .readonly()
    .optional(),
});
