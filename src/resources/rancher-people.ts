import { known, type Read, unread } from '../domain/answer.ts';
import type { Answers } from '../domain/ports.ts';
import { visible } from '../domain/unseen.ts';
import { hasFields, type RancherObject, readRancherList, textAt } from './rancher-read.ts';
import { valueAt } from './tree.ts';

/** A name that nobody can give themselves, and what is said for people. */
export type Name = { readonly name: string; readonly label: string };

/** Who uses the server, as far as we need it. */
export type People = {
  /** The id of the user whose token we have. */
  readonly me: string;
  /** What an object is called: of a binding, its user or group. */
  readonly nameOf: (object: RancherObject) => Name;
};

/** What is read to know them. */
export const peopleLists: readonly string[] = ['/v3/users', '/v3/globalRoleBindings'];

/**
 * Reads whose token it is. Only an administrator sees lists whole: to anybody else the server leaves out what is not for
 * them, without a word, so that something missing would look like nothing wrong.
 */
export function readPeople(answers: Answers): Read<People> {
  const users = readRancherList(answers, '/v3/users');
  if (!users.known) return users;
  const bindings = readRancherList(answers, '/v3/globalRoleBindings');
  if (!bindings.known) return bindings;
  const mine = users.value.find((user) => hasFields(user, { me: ['true', true] }));
  if (!mine) return unread('the Rancher server does not say whose token it is');
  const names = new Map(users.value.map((user) => [user.id, nameOfUser(user)]));
  if (!bindings.value.some((each) => hasFields(each, { userId: mine.id, globalRoleId: 'admin' })))
    return unread(
      `the token is that of ${nameOfUser(mine).label}, who has no binding of the role admin, and lists are only whole for an administrator: use the token of one`,
    );
  return known({
    me: mine.id,
    nameOf: ({ id, tree }) => {
      const user = textAt(tree, 'userId');
      if (user !== undefined) return names.get(user) ?? plain(user);
      return plain(
        textAt(tree, 'groupPrincipalId') ?? textAt(tree, 'username') ?? textAt(tree, 'name') ?? id,
      );
    },
  });
}

/** Only a local account has a username; the display name of anybody else is whatever they wrote in their directory. */
function nameOfUser({ id, tree }: RancherObject): Name {
  const username = textAt(tree, 'username');
  if (username !== undefined) return plain(username);
  const principals = valueAt(tree, ['principalIds']);
  const list: readonly unknown[] = Array.isArray(principals) ? principals : [];
  const outside = list.find((one) => typeof one === 'string' && !one.startsWith('local://'));
  const name = typeof outside === 'string' ? outside : id;
  const display = textAt(tree, 'name');
  return { name, label: visible(display === undefined ? name : `${name} (${display})`) };
}

function plain(name: string): Name {
  return { name, label: visible(name) };
}
