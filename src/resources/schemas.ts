import { accountSchema } from './account.ts';
import { argumentSchema } from './argument.ts';
import { attestedSchema } from './attested.ts';
import { fileSchema } from './file.ts';
import { kernelSchema } from './kernel.ts';
import { objectSchema } from './object.ts';
import { settingSchema } from './setting.ts';
import { unitSchema } from './unit.ts';
import { yamlSchema } from './yaml.ts';

/** The schema of every resource type by its name. */
export const schemas = {
  kernel: kernelSchema,
  file: fileSchema,
  yaml: yamlSchema,
  setting: settingSchema,
  argument: argumentSchema,
  account: accountSchema,
  unit: unitSchema,
  object: objectSchema,
  attested: attestedSchema,
} as const;
