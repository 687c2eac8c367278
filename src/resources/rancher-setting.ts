import * as z from 'zod';
import { known } from '../domain/answer.ts';
import type { Resource } from '../domain/resource.ts';
import { forAPerson, notOurs, rancherQuestion, readRancher, textAt } from './rancher-read.ts';
import { stepsOrNothing } from './write.ts';

/** One setting of the server. */
export const settingSchema = z.strictObject({
  setting: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'the name of a setting'),
  is: z.string().min(1),
  /** Why it is not changed here, and what to do; without it, it is. */
  instead: z.string().min(1).optional(),
  ask: z.string().min(1),
});

type Wanted = z.infer<typeof settingSchema>;

/** `own` is what was set; `value` what counts, which is the default where nothing was. */
type Observed =
  | { readonly there: false }
  | { readonly there: true; readonly own: string; readonly value: string };

/** A setting that must have a value. */
export const rancherSetting: Resource<Wanted, Observed> = {
  type: 'rancher',
  schema: settingSchema,
  ask: ({ setting }) => [rancherQuestion(pathOf(setting))],
  read: ({ setting }, answers) => {
    const read = readRancher(answers, pathOf(setting));
    if (!read.known) return read;
    if (read.value === undefined) return known({ there: false });
    const value = textAt(read.value, 'value') ?? '';
    return known({ there: true, own: value, value: value || (textAt(read.value, 'default') ?? '') });
  },
  judge: ({ setting, is, ask }, observed) => {
    if (!observed.there) return forAPerson(ask, `this Rancher server has no setting ${setting}`);
    return {
      kind: observed.value === is ? 'pass' : 'fail',
      found: observed.value || 'empty',
      wanted: `${setting} ${is}`,
    };
  },
  change: ({ setting, is, instead }, observed) => {
    if (observed.there && observed.value === is) return { kind: 'nothing' };
    if (!observed.there || instead !== undefined)
      return notOurs(
        `the setting ${setting}`,
        instead ?? 'Look it up in the pages of this version of Rancher.',
      );
    return stepsOrNothing(
      [
        {
          kind: 'rancher-object',
          path: pathOf(setting),
          title: `setting ${setting}`,
          does: 'set',
          before: JSON.stringify({ value: observed.own }),
          after: JSON.stringify({ value: is }),
        },
      ],
      false,
    );
  },
};

function pathOf(setting: string): string {
  return `/v3/settings/${setting}`;
}
