import * as z from 'zod';
import { known, unread } from '../domain/answer.ts';
import type { Resource } from '../domain/resource.ts';
import { foundList } from './object-list.ts';
import {
  fieldsSchema,
  hasFields,
  notOurs,
  oddField,
  rancherQuestion,
  readRancherList,
  textAt,
} from './rancher-read.ts';

/** At least one object of a list, besides those that do not count. */
export const someSchema = z.strictObject({
  some: z.enum(['authConfigs']),
  /** What they are, for people. */
  what: z.string().min(1),
  where: fieldsSchema.default({}),
  /** Those that are always there; without them the list is not whole. */
  besides: z.array(z.string().min(1)).min(1).readonly(),
  instead: z.string().min(1),
  ask: z.string().min(1),
});

type Wanted = z.infer<typeof someSchema>;

/** A list in which something must stand besides what every server has. */
export const rancherSome: Resource<Wanted, { readonly names: readonly string[] }> = {
  type: 'rancher',
  schema: someSchema,
  ask: ({ some }) => [rancherQuestion(`/v3/${some}`)],
  read: ({ some, besides, where }, answers) => {
    const list = readRancherList(answers, `/v3/${some}`);
    if (!list.known) return list;
    const missing = besides.find((id) => !list.value.some((each) => each.id === id));
    if (missing !== undefined)
      return unread(
        `/v3/${some} does not list ${missing}, which every server has: use the token of an administrator`,
      );
    const odd = oddField(list.value, where);
    if (odd !== undefined) return unread(odd);
    const found = list.value.filter((each) => hasFields(each, where) && !besides.includes(each.id));
    return known({ names: found.map(({ id, tree }) => textAt(tree, 'name') ?? id) });
  },
  judge: ({ what, besides }, { names }) => ({
    kind: names.length > 0 ? 'pass' : 'fail',
    found: names.length > 0 ? foundList(names) : `only ${besides.join(', ')}`,
    wanted: `${what} besides ${besides.join(', ')}`,
  }),
  change: ({ what, instead }, { names }) => (names.length > 0 ? { kind: 'nothing' } : notOurs(what, instead)),
};
