import * as z from 'zod';
import { known } from '../domain/answer.ts';
import type { Place } from '../domain/distribution.ts';
import { rancherWord } from '../domain/rancher.ts';
import type { AnyResource } from '../domain/resource.ts';
import { environmentSchema, rancherEnvironment } from './rancher-environment.ts';
import { loginSchema, rancherLogin } from './rancher-login.ts';
import { noneSchema, rancherNone } from './rancher-none.ts';
import { forAPerson } from './rancher-read.ts';
import { rancherSetting, settingSchema } from './rancher-setting.ts';
import { rancherSome, someSchema } from './rancher-some.ts';
import { refused } from './write.ts';

/** What can be asked of a Rancher server, told apart by the key that only one form has. */
const forms = [
  { key: 'none', schema: noneSchema, resource: rancherNone as AnyResource },
  { key: 'some', schema: someSchema, resource: rancherSome as AnyResource },
  { key: 'setting', schema: settingSchema, resource: rancherSetting as AnyResource },
  { key: 'environment', schema: environmentSchema, resource: rancherEnvironment as AnyResource },
  { key: 'refusesLogin', schema: loginSchema, resource: rancherLogin as AnyResource },
] as const;

function formOf(wanted: unknown) {
  return forms.find((form) => wanted !== null && typeof wanted === 'object' && form.key in wanted);
}

function resourceOf(wanted: unknown): AnyResource {
  const form = formOf(wanted);
  if (!form) throw new Error('the schema lets nothing through that has none of the forms');
  return form.resource;
}

function isNamed(place: Place): boolean {
  return place.words[rancherWord] !== undefined;
}

const unnamed = 'no Rancher server was named';

/** Where a server is named, what its API says; where none is, a question to the operator, as for anything only they can tell. */
export const rancher: AnyResource = {
  type: 'rancher',
  schema: {
    // The form is chosen first, so that an error names the wrong key and not the alternatives.
    parse: (value) =>
      (
        formOf(value)?.schema ?? z.never({ error: 'needs none, some, setting, environment or refusesLogin' })
      ).parse(value),
  },
  ask: (wanted, place) => (isNamed(place) ? resourceOf(wanted).ask(wanted, place) : []),
  read: (wanted, answers, place) =>
    isNamed(place) ? resourceOf(wanted).read(wanted, answers, place) : known(undefined),
  judge: (wanted, observed, place) =>
    isNamed(place) ? resourceOf(wanted).judge(wanted, observed, place) : forAPerson(wanted.ask, unnamed),
  change: (wanted, observed, place) =>
    isNamed(place)
      ? resourceOf(wanted).change(wanted, observed, place)
      : refused(unnamed, 'Start with --rancher and its address, or look for yourself and say what is so.'),
};
