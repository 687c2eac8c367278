import type { Plan } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import type { Named } from './rancher-none.ts';
import type { People } from './rancher-people.ts';
import { textAt } from './rancher-read.ts';
import { refused, stepsOrNothing } from './write.ts';

/** What a binding is made of when it is made anew. */
const holders = ['userId', 'groupPrincipalId'];
const bindingFields = ['globalRoleId', ...holders];

/** Switches a node driver off. */
export function stepDeactivate({ id, label }: Named): Step {
  return {
    kind: 'rancher-object',
    path: `/v3/nodeDrivers/${id}`,
    title: `node driver ${label}`,
    does: 'deactivate',
    before: JSON.stringify({ active: true }),
    after: JSON.stringify({ active: false }),
  };
}

/** Removes bindings, but never the one by which we act, and never the last. */
export function planRemoval(all: readonly Named[], left: readonly Named[], people: People): Plan {
  const own = left.find(({ tree }) => textAt(tree, 'userId') === people.me);
  if (own)
    return refused(
      `the token is that of ${own.label}, whose own binding this would remove`,
      'Use the token of an administrator who stays one, or allow this one in your own profile.',
    );
  if (left.length === all.length)
    return refused(
      'nobody would be left',
      'Name in your own profile who is to stay, or remove the bindings in Rancher yourself.',
    );
  const odd = left.find(({ tree }) => holders.every((field) => textAt(tree, field) === undefined));
  if (odd)
    return refused(
      `the binding ${odd.id} says neither a user nor a group, so it could not be given back`,
      'Look at it in Rancher, and remove it there yourself.',
    );
  return stepsOrNothing(left.map(stepRemove), false);
}

function stepRemove({ id, label, tree }: Named): Step {
  const kept = bindingFields.flatMap((field) => {
    const value = textAt(tree, field);
    return value === undefined ? [] : [[field, value] as const];
  });
  return {
    kind: 'rancher-object',
    path: `/v3/globalRoleBindings/${id}`,
    title: `binding of ${label}`,
    does: 'remove',
    before: JSON.stringify(Object.fromEntries(kept)),
    after: '{}',
  };
}
