import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { ok, told } from '../../src/domain/failure.ts';
import type { DeedReport, Target } from '../../src/domain/ports.ts';
import { type ChangeState, noSession } from '../../src/domain/session.ts';
import type { Step } from '../../src/domain/step.ts';
import { undoBlocker } from '../../src/domain/undo-order.ts';
import { otherMachine, undoChange } from '../../src/engine/undo.ts';
import { placeFor } from '../resources/place.ts';
import { control } from '../ui/fixture.ts';

const change = { id: 'c1', session: 's', control: 'k', node: 'cp-1', via: 'cp-1', steps: [] };

/** How an undo ends, and what is recorded of it, when the node reports this. */
async function undone(report: DeedReport) {
  const events: Event[] = [];
  const target: Target = {
    name: 'cp-1',
    ask: async () => new Map(),
    perform: async (deed) => (deed.kind === 'undo' ? report : { kind: 'done', output: [] }),
    onLost: () => {},
    close: async () => {},
  };
  const outcome = await undoChange({
    target,
    place: placeFor({}),
    state: { change, commands: [], restarts: false, at: '', output: [] },
    control: undefined,
    force: false,
    holder: 'me',
    recorder: {
      record: async (event) => {
        events.push(event);
        return ok(undefined);
      },
    },
    redact: (text) => text,
    onOutput: () => {},
  });
  return { outcome, events };
}

it('an undo that finds something changed since says so in its own words, on record too', async () => {
  const failure = { code: 'drifted', node: 'cp-1', path: 'sa default -n shop' } as const;
  const { outcome, events } = await undone({ kind: 'refused', failure, output: [] });
  if (!outcome.ok || outcome.value.kind !== 'refused') throw new Error(JSON.stringify(outcome));
  expect(told(outcome.value.failure)).toBe(
    'sa default -n shop on cp-1 was changed by somebody since this change was made. Nothing was taken back. To undo it all the same, and lose that edit, press F on the Undo screen.',
  );
  expect(events.at(-1)).toMatchObject({ kind: 'undo-ended', outcome: outcome.value });
  expect(told(failure)).toContain('changed after we looked');
});

it('any other end is passed on as it is', async () => {
  const failure = { code: 'refused', message: 'The change is still running.' } as const;
  const { outcome } = await undone({ kind: 'refused', failure, output: [] });
  expect(outcome).toEqual(ok({ kind: 'refused', failure }));
});

describe('what must be undone first', () => {
  const onFile: Step = { kind: 'set-mode', path: '/etc/x', mode: '0600', before: '0644' };
  const made = (id: string, at: Partial<ChangeState['change']> = {}, machine = 'm-1'): ChangeState => ({
    change: { ...change, id, steps: [onFile], ...at },
    machine,
    commands: [],
    restarts: false,
    at: '',
    output: [],
    outcome: { kind: 'done' },
  });
  const controls = [
    { ...control(0), id: 'k', title: 'First' },
    { ...control(1), id: 'later', title: 'Later', needs: ['k'] },
  ];
  const blocker = (of: ChangeState, ...then: readonly ChangeState[]) =>
    undoBlocker({ ...noSession, changes: [of, ...then] }, of, controls);
  const first = made('c1');
  const elsewhere: Step = { ...onFile, path: '/etc/y' };

  it('is a later change of the same file on the same node', () => {
    expect(blocker(first, made('c2', { control: 'z' }))).toBe('undo “z” first: it wrote the same file later');
    expect(blocker(first, made('c2', { steps: [elsewhere] }))).toBeUndefined();
    expect(blocker(first, { ...made('c2'), undo: { at: '', outcome: { kind: 'done' } } })).toBeUndefined();
    const both = { ...noSession, changes: [first, made('c2')] };
    expect(undoBlocker(both, both.changes[1] as ChangeState, controls)).toBeUndefined();
  });

  it('is a later change whose control needs this one', () => {
    expect(blocker(first, made('c2', { control: 'later', steps: [elsewhere] }))).toBe(
      'undo “Later” first: it needs this one',
    );
  });

  it('is nothing on another node, nor on another machine that has the name now', () => {
    const there = { node: 'cp-2', via: 'cp-2' };
    expect(blocker(first, made('c2', there), made('c3', { ...there, control: 'later' }))).toBeUndefined();
    expect(blocker(first, made('c2', {}, 'm-2'), made('c3', { control: 'later' }, 'm-2'))).toBeUndefined();
  });

  it('in the cluster is the same through whichever server it was changed', () => {
    const there = { node: 'cluster', steps: [] };
    expect(
      blocker(made('c1', there), made('c2', { ...there, via: 'cp-2', control: 'later' }, 'm-2')),
    ).toContain('undo “Later” first');
  });
});

it('a change is undone on the machine on which it was made, and on no other', () => {
  const state: ChangeState = { change, machine: 'm-1', commands: [], restarts: false, at: '', output: [] };
  expect(otherMachine(state, 'm-1')).toBeUndefined();
  expect(otherMachine(state, 'm-2')).toBe(
    'cp-1 is not the machine on which this was changed. Give cp-1 its old address again on the Nodes screen, or run there by hand: sh /var/lib/k8s-harden/s/c1/undo.sh',
  );
  expect(otherMachine(state, '')).toContain('is not the machine');
  const { machine: _, ...unknown } = state;
  expect(otherMachine(unknown, 'm-2')).toBeUndefined();
});
