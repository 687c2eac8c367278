import * as z from 'zod';
import type { AnyResource } from '../domain/resource.ts';
import { absentSchema, objectAbsent } from './object-absent.ts';
import { eachSchema, objectEach } from './object-each.ts';
import { existsSchema, objectExists } from './object-exists.ts';
import { isolationSchema, objectIsolation } from './object-isolation.ts';
import { everyNamespaceSchema, objectNamespaces } from './object-namespaces.ts';
import { noneSchema, objectNone } from './object-none.ts';

/** The six things that can be asked of Kubernetes objects, told apart by the key that only one of them has. */
const forms = [
  { key: 'each', schema: eachSchema, resource: objectEach as AnyResource },
  { key: 'everyNamespaceHas', schema: everyNamespaceSchema, resource: objectNamespaces as AnyResource },
  { key: 'exists', schema: existsSchema, resource: objectExists as AnyResource },
  { key: 'absent', schema: absentSchema, resource: objectAbsent as AnyResource },
  { key: 'none', schema: noneSchema, resource: objectNone as AnyResource },
  { key: 'isolated', schema: isolationSchema, resource: objectIsolation as AnyResource },
] as const;

function formOf(wanted: unknown) {
  return forms.find((f) => wanted !== null && typeof wanted === 'object' && f.key in wanted);
}

function resourceOf(wanted: unknown): AnyResource {
  const form = formOf(wanted);
  if (!form) throw new Error('the schema lets nothing through that has none of the forms');
  return form.resource;
}

/** Kubernetes objects: a value that each has, an object that every namespace has, one that exists, one that does not, none that tells of a trouble, or policies that isolate. */
export const object: AnyResource = {
  type: 'object',
  schema: {
    // The form is chosen first, so that an error names the wrong key and not three alternatives.
    parse: (value) =>
      (
        formOf(value)?.schema ??
        z.never({ error: 'needs each, everyNamespaceHas, exists, absent, none or isolated' })
      ).parse(value),
  },
  ask: (wanted, place) => resourceOf(wanted).ask(wanted, place),
  read: (wanted, answers, place) => resourceOf(wanted).read(wanted, answers, place),
  judge: (wanted, observed, place) => resourceOf(wanted).judge(wanted, observed, place),
  change: (wanted, observed, place) => resourceOf(wanted).change(wanted, observed, place),
};
