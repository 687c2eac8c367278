import { describe, expect, it } from 'vitest';
import type { Event, Outcome, Recorded } from '../../src/domain/event.ts';
import { reduce } from '../../src/domain/reduce.ts';
import { changeStatus, noSession, openDeed, standing, unfinished } from '../../src/domain/session.ts';

const failure = { code: 'refused', message: 'no' } as const;
const ends: readonly Outcome[] = [
  { kind: 'done' },
  { kind: 'put-back', failure },
  { kind: 'refused', failure },
  { kind: 'unknown', failure },
];
const change = { id: 'c1', session: 's1', control: 'k', node: 'cp-1', via: 'cp-1', steps: [] };
const intended: Event = { kind: 'change-intended', change, commands: [], restarts: false };
const undoing: Event = { kind: 'undo-intended', change: 'c1', commands: [], force: false };
const ended = (outcome: Outcome): Event => ({ kind: 'change-ended', change: 'c1', outcome, output: [] });
const undone = (outcome: Outcome): Event => ({ kind: 'undo-ended', change: 'c1', outcome, output: [] });

/** What is true of a change on its node, told step by step: how it ended itself, and every undo that may have begun. */
type Truth = {
  readonly own: Outcome['kind'];
  readonly undos: number;
  readonly fresh: boolean;
  readonly taken: boolean;
};

const atFirst: Truth = { own: 'unknown', undos: 0, fresh: false, taken: false };

function statusOf({ own, undos, taken }: Truth): 'unfinished' | 'standing' | 'gone' {
  if (taken) return 'gone';
  if (undos > 0 || own === 'unknown') return 'unfinished';
  return own === 'done' ? 'standing' : 'gone';
}

/** What may happen next, and what is true then. */
function next(truth: Truth): readonly (readonly [Event, Truth])[] {
  const status = statusOf(truth);
  if (status === 'gone') return [];
  const again = [undoing, { ...truth, undos: truth.undos + 1, fresh: true }] as const;
  if (truth.undos > 0) return [again, ...ends.map((end) => [undone(end), afterUndo(truth, end)] as const)];
  if (status === 'standing') return [again];
  return [again, ...ends.map((end) => [ended(end), { ...truth, own: end.kind }] as const)];
}

function afterUndo(truth: Truth, { kind }: Outcome): Truth {
  if (kind === 'done') return { ...truth, taken: true };
  if (kind === 'unknown') return { ...truth, fresh: false };
  // The first answer speaks of that undo alone; a later one was asked of the node, and speaks of all.
  return { ...truth, undos: truth.fresh ? truth.undos - 1 : 0, fresh: false };
}

/** Every story of so many more events. */
function stories(
  events: readonly Event[],
  truth: Truth,
  more: number,
): readonly (readonly [readonly Event[], Truth])[] {
  const longer =
    more === 0 ? [] : next(truth).flatMap(([e, then]) => stories([...events, e], then, more - 1));
  return [[events, truth], ...longer];
}

function sessionOf(events: readonly Event[]) {
  return events
    .map((event, n): Recorded => ({ at: `2024-01-01T00:00:0${n}Z`, event }))
    .reduce(reduce, noSession);
}

const tell = (events: readonly Event[]): string =>
  events.map((e) => ('outcome' in e ? `${e.kind} ${e.outcome.kind}` : e.kind)).join(', ');

describe('a change', () => {
  const all = stories([intended], atFirst, 6);

  it('is in one list and one only, and in the right one, whatever becomes of it and of its undos', () => {
    expect(all.length).toBeGreaterThan(1000);
    const wrong = all.flatMap(([events, truth]) => {
      const session = sessionOf(events);
      const lists = [
        ...unfinished(session).map(() => 'unfinished'),
        ...standing(session).map(() => 'standing'),
      ].join(' and ');
      const status = statusOf(truth);
      return lists === (status === 'gone' ? '' : status) ? [] : [`${tell(events)}: ${status}, not ${lists}`];
    });
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  it('has a deed to settle where it is unfinished, and none elsewhere', () => {
    for (const [events, { undos }] of all)
      for (const state of sessionOf(events).changes)
        expect(openDeed(state), tell(events)).toBe(
          changeStatus(state) !== 'unfinished' ? undefined : undos > 0 ? 'undo' : 'change',
        );
  });

  it('of unknown end stays unfinished when its undo is refused, or never began', () => {
    const [, put, refused, lost] = ends as readonly [Outcome, Outcome, Outcome, Outcome];
    for (const end of [put, refused])
      expect(unfinished(sessionOf([intended, ended(lost), undoing, undone(end)]))).toHaveLength(1);
    const half = [intended, ended(ends[0] as Outcome), undoing, undone(lost), undoing, undone(refused)];
    expect(unfinished(sessionOf(half)), 'an undo half done before one that was refused').toHaveLength(1);
  });
});
