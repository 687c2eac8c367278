import type { Question, Words } from '../../domain/question.ts';
import { commandLine } from '../../domain/quote.ts';
import type { Group, Numbered } from './ask-groups.ts';

type Asked = Extract<Question, { kind: 'object' }>;

/** One object that is asked for by its name, as `get KIND NAME [-n NAMESPACE]`. */
export type NamedObject = { readonly kind: string; readonly name: string; readonly namespace?: string };

/** The one object a question asks for; undefined when it asks for more, or in another form. */
export function namedObject({ get }: Asked): NamedObject | undefined {
  const [kind = '', name = '', flag, namespace = ''] = get;
  if (![kind, name].every(isObjectWord)) return undefined;
  if (get.length === 2) return { kind, name };
  return get.length === 4 && flag === '-n' && isObjectWord(namespace) ? { kind, name, namespace } : undefined;
}

/**
 * Objects whose kind is asked for as a whole too first, then those of one name in several namespaces, then several names of
 * one kind in one place.
 */
export function objectGroups(asked: readonly Numbered<Asked>[]): readonly Group[] {
  const all = asked.flatMap((n) => {
    const object = namedObject(n.question);
    return object ? [{ ...n, object, kubectl: commandLine(n.question.kubectl) }] : [];
  });
  const lists = asked
    .filter(({ question: { get } }) => get.length === 2 && get[1] === '-A')
    .map((list) => {
      const kubectl = commandLine(list.question.kubectl);
      const within = all.filter(
        ({ object: o, ...n }) =>
          n.kubectl === kubectl && o.kind === list.question.get[0] && o.namespace !== undefined,
      );
      return { list, within };
    })
    .filter(({ within }) => within.length > 0);
  const named = all.filter((n) => !lists.some(({ within }) => within.includes(n)));
  const everywhere = alike(
    named.filter((n) => n.object.namespace !== undefined),
    (n) => [n.kubectl, n.object.kind, n.object.name],
  );
  const taken = new Set(everywhere.flat());
  const together = alike(
    named.filter((n) => !taken.has(n)),
    (n) => [n.kubectl, n.object.kind, n.object.namespace ?? ''],
  );
  return [
    ...lists.map(
      ({ list, within }): Group => ({
        kind: 'objects',
        members: [list, ...within],
        get: list.question.get,
      }),
    ),
    ...everywhere.map((members): Group => {
      const { kind = '', name = '' } = members[0]?.object ?? {};
      return { kind: 'objects', members, get: [kind, '-A', '--field-selector', `metadata.name=${name}`] };
    }),
    ...together.map((members): Group => {
      const { kind = '', namespace } = members[0]?.object ?? {};
      const names = members.map((n) => n.object.name);
      const place = namespace === undefined ? [] : ['-n', namespace];
      return { kind: 'objects', members, get: [kind, ...names, ...place, '--ignore-not-found'] };
    }),
  ];
}

/** Those that have the same words in common, two or more of them. */
function alike<T>(all: readonly T[], words: (one: T) => Words): readonly (readonly T[])[] {
  const sets = new Map<string, T[]>();
  for (const one of all) {
    const key = words(one).join('\0');
    sets.set(key, [...(sets.get(key) ?? []), one]);
  }
  return [...sets.values()].filter((set) => set.length > 1);
}

function isObjectWord(word: string): boolean {
  return /^[a-z0-9][a-z0-9.-]*$/.test(word);
}
