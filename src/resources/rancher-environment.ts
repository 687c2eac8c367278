import * as z from 'zod';
import { known, unread } from '../domain/answer.ts';
import type { Resource } from '../domain/resource.ts';
import { forAPerson, notOurs, rancherQuestion, readRancher, textAt } from './rancher-read.ts';
import { valueAt } from './tree.ts';

/** A variable in the environment of the server's own deployment. */
export const environmentSchema = z.strictObject({
  environment: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'the name of a variable'),
  atLeast: z.number().int(),
  /** A newer variable that stands for it when it is true. */
  orTrue: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, 'the name of a variable')
    .optional(),
  namespace: z.string().regex(/^[a-z0-9-]+$/),
  deployment: z.string().regex(/^[a-z0-9-]+$/),
  instead: z.string().min(1),
  ask: z.string().min(1),
});

type Wanted = z.infer<typeof environmentSchema>;

/** What the variables are; `unset` where they are not, undefined where there is no such deployment. */
type Observed = { readonly value: string; readonly switched: boolean } | undefined;

/** A level that the server's deployment gives it. */
export const rancherEnvironment: Resource<Wanted, { readonly found: Observed }> = {
  type: 'rancher',
  schema: environmentSchema,
  ask: (wanted) => [rancherQuestion(pathOf(wanted))],
  read: (wanted, answers) => {
    const read = readRancher(answers, pathOf(wanted));
    if (!read.known) return read;
    if (read.value === undefined) return known({ found: undefined });
    const containers = valueAt(read.value, ['spec', 'template', 'spec', 'containers']);
    if (!Array.isArray(containers))
      return unread(`${wanted.deployment} is not a deployment that can be read`);
    const own: unknown = containers.find((each: unknown) => textAt(each, 'name') === wanted.deployment);
    if (own === undefined) return unread(`${wanted.deployment} has no container of this name`);
    const variables = valueAt(own, ['env']);
    const list: readonly unknown[] = Array.isArray(variables) ? variables : [];
    // Of a variable that is named twice, the last counts.
    const variable = (name: string | undefined): unknown =>
      list.findLast((each) => name !== undefined && textAt(each, 'name') === name);
    const found = {
      value: textAt(variable(wanted.environment), 'value') ?? 'not set',
      switched: textAt(variable(wanted.orTrue), 'value') === 'true',
    };
    const sources = valueAt(own, ['envFrom']);
    const more = Array.isArray(sources) && sources.length > 0;
    const elsewhere = [wanted.environment, wanted.orTrue].find((name) => {
      const said = variable(name);
      return name !== undefined && (said === undefined ? more : valueAt(said, ['valueFrom']) !== undefined);
    });
    if (elsewhere !== undefined && !reaches(wanted, found))
      return unread(`${elsewhere} comes from another object, which is not read`);
    return known({ found });
  },
  judge: (wanted, { found }) => {
    if (!found)
      return forAPerson(
        wanted.ask,
        `the deployment ${wanted.deployment} cannot be seen through the server: it has no local cluster, or was installed in another way`,
      );
    const good = reaches(wanted, found);
    return {
      kind: good ? 'pass' : 'fail',
      found: `${wanted.environment} ${found.value}${found.switched ? `, ${wanted.orTrue} true` : ''}`,
      wanted: `${wanted.environment} ${wanted.atLeast} or more`,
    };
  },
  change: (wanted, { found }) =>
    found && reaches(wanted, found)
      ? { kind: 'nothing' }
      : notOurs(`the deployment ${wanted.deployment}, which helm makes,`, wanted.instead),
};

function reaches({ atLeast }: Wanted, { value, switched }: NonNullable<Observed>): boolean {
  return switched || (/^\d+$/.test(value) && Number(value) >= atLeast);
}

function pathOf({ namespace, deployment }: Wanted): string {
  return `/k8s/clusters/local/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`;
}
