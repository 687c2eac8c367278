import type { Control } from '../domain/control.ts';
import type { Place } from '../domain/distribution.ts';
import type { Recorded } from '../domain/event.ts';
import { readStat } from '../domain/evidence.ts';
import type { Target } from '../domain/ports.ts';
import { answerTo } from '../domain/question.ts';
import { patience } from './apply.ts';
import { wantsAt } from './place.ts';
import { questionsOf, resourceOf } from './probe.ts';

/** A server of the cluster and how it is asked; without a target it is not connected. */
export type Server = {
  readonly name: string;
  readonly link: { readonly target: Target; readonly place: Place } | undefined;
};

/**
 * Why no key may be made for a server now: all servers must have the same, and another has one that this process did not
 * make, or could not be asked. `servers` are the others, or nodes that may be servers.
 */
export async function newKeyObstacle(
  control: Control,
  servers: readonly Server[],
  records: readonly Recorded[],
): Promise<string | undefined> {
  const ours = madeHere(control, records);
  for (const { name, link } of servers) {
    if (!link) return `${name} is not connected, and may have a key already; all servers must have the same.`;
    if (!control.roles.some((role) => link.place.roles.includes(role)) && !link.place.unsure?.roles) continue;
    if (ours.has(name)) continue;
    const questions = questionsOf([control], link.place);
    const answers = await link.target.ask(questions, { deadlineMs: patience.ask });
    for (const question of questions) {
      if (question.kind !== 'stat') continue;
      const stat = readStat(answerTo(answers, question), question.path);
      if (!stat.known) return `Whether ${name} has a key already could not be read: ${stat.reason}.`;
      if (stat.value)
        return `${name} has ${question.path} already: copy that very file, for another key would make Secrets unreadable.`;
    }
    // Nothing stands where a key is looked for, and yet one may be elsewhere.
    for (const { type, spec } of wantsAt(control, link.place)) {
      const read = resourceOf(type).read(spec, answers, link.place);
      if (!read.known) return `Whether ${name} has a key already could not be read: ${read.reason}.`;
    }
  }
  return undefined;
}

/** The nodes on which this process wrote its key and left it: what went before a resume was another process's. */
function madeHere(control: Control, records: readonly Recorded[]): ReadonlySet<string> {
  const begun = records.findLastIndex(
    ({ event: e }) => e.kind === 'session-started' || e.kind === 'session-resumed',
  );
  const events = records.slice(begun + 1).map(({ event }) => event);
  const done = new Set(
    events.flatMap((e) => (e.kind === 'change-ended' && e.outcome.kind === 'done' ? [e.change] : [])),
  );
  const undone = new Set(events.flatMap((e) => (e.kind === 'undo-intended' ? [e.change] : [])));
  return new Set(
    events.flatMap((e) =>
      e.kind === 'change-intended' &&
      e.change.control === control.id &&
      done.has(e.change.id) &&
      !undone.has(e.change.id)
        ? [e.change.node]
        : [],
    ),
  );
}
