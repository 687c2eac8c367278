import type { Words } from '../domain/question.ts';
import { type ChangeState, standing } from '../domain/session.ts';
import { reachOf } from '../domain/undo.ts';
import { type AppState, controlById } from '../store/state.ts';
import { count, someOf } from './words.ts';

/** What undoing these changes does beyond their nodes, and to whom, in two sentences; empty where it does nothing there. */
export function reachWords(state: AppState, changes: readonly ChangeState[]): string {
  const reaching = changes.filter((c) => reachOf(c.change).length > 0);
  if (reaching.length === 0) return '';
  const commands = new Map(
    reaching.flatMap((c) => reachOf(c.change)).map((words) => [words.join(' '), words]),
  );
  const ids = changes.map((c) => c.change.id);
  const controls = new Set(reaching.map((c) => c.change.control));
  const others = standing(state.session).filter(
    (c) => controls.has(c.change.control) && !ids.includes(c.change.id),
  );
  const left = [...new Set(others.map((c) => c.change.node))];
  const shared =
    left.length > 0
      ? ` ${someOf(left, 6)} ${left.length > 1 ? 'keep' : 'keeps'} this change but ${left.length > 1 ? 'lose' : 'loses'} these too.`
      : '';
  const nodes = [...new Set(reaching.map((c) => c.change.node))].toSorted();
  return `NOT ONLY ON ${someOf(nodes, 4)}: in the whole cluster ${done([...commands.values()])} at once.${shared}`;
}

/** What the service did by itself and undo leaves as it is, as the controls of these changes say it. */
export function staysWords(state: AppState, changes: readonly ChangeState[]): readonly string[] {
  const said = changes.flatMap((c) => {
    const roles = state.session.nodes.find((n) => n.name === c.change.node)?.facts?.roles ?? [];
    const firsts = controlById(state, c.change.control)?.first ?? [];
    return firsts.filter((f) => f.roles.some((r) => roles.includes(r))).flatMap((f) => f.stays ?? []);
  });
  return [...new Set(said)];
}

/** What each verb of kubectl does to an object, and what it is done to. */
const verbs = [
  ['delete', 'object', 'removed'],
  ['apply', 'object', 'laid down again'],
  ['patch', 'value', 'set back'],
] as const;

/** `9 objects are removed (networkpolicies) and 13 values are set back (namespaces, serviceaccounts)`. */
function done(commands: readonly Words[]): string {
  const parts = verbs.flatMap(([verb, one, is]) => {
    const mine = commands.filter((words) => words.includes(verb));
    // What is laid down again is named in its manifest only.
    const kinds = verb === 'apply' ? [] : mine.map((words) => words[words.indexOf(verb) + 1]);
    const named = kinds.length > 0 ? ` (${[...new Set(kinds)].join(', ')})` : '';
    return mine.length === 0
      ? []
      : `${count(mine.length, one)} ${mine.length > 1 ? 'are' : 'is'} ${is}${named}`;
  });
  return parts.length <= 2 ? parts.join(' and ') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
