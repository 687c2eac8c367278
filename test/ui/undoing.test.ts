import { describe, expect, it } from 'vitest';
import type { ChangeState } from '../../src/domain/session.ts';
import { locate } from '../../src/ui/location.ts';
import { change, stateOf } from './fixture.ts';
import { drawn, prose } from './frame.tsx';
import { scenes } from './scenes.ts';
import { world } from './world.ts';

const done = (of: string, node: string, at: string): ChangeState => ({
  change: change(of, node),
  commands: [],
  restarts: false,
  at,
  output: [],
  outcome: { kind: 'done' },
});
// Both wrote the same file on cp-1.
const changes = [
  done('control-0', 'cp-1', '2026-03-02T11:30:00Z'),
  done('control-1', 'cp-1', '2026-03-02T11:40:00Z'),
];

it('how long ago a change was made is told by the clock, not by the last event', () => {
  const just = stateOf(
    { changes, lastAt: '2026-03-02T11:40:10Z' },
    { overlay: { kind: 'undo' } },
    { now: Date.parse('2026-03-02T11:40:10Z') },
  );
  expect(prose(just)).toContain('just now');
  const view = { ...just.view, shownAt: Date.parse('2026-03-02T11:43:00Z') };
  expect(prose({ ...just, view })).toContain('3 min ago');
  expect(prose({ ...just, view })).not.toContain('just now');
  expect(prose({ ...just, now: Date.parse('2026-03-02T11:45:00Z') })).toContain('5 min ago');
});

describe('what must be undone first', () => {
  const older = stateOf(
    { changes },
    { overlay: { kind: 'undo' }, highlighted: { undo: changes[0]?.change.id ?? '' } },
  );

  it('is said in the list, and nobody is asked', () => {
    expect(prose(older)).toMatch(/Blocked undo “Setting 1 .*” first: it wrote the same file later\./);
    expect(prose(older)).not.toContain('undo this');
    const w = world(older);
    w.press('enter');
    expect(locate(w.state())).toBe('undo');
    expect(w.state().view.notice?.text).toMatch(/^Not now: undo “Setting 1 .*” first/);
  });

  it('is no reason against undoing both', () => {
    const w = world(older);
    w.press('end', 'enter', 'y');
    expect(w.calls.at(-1)?.args[0]).toHaveLength(2);
  });

  it('is a connection, where there is none', () => {
    const cut = { ...older, progress: {} };
    const newest = { ...cut, view: { ...cut.view, highlighted: {} } };
    expect(prose(newest)).toContain('Blocked cp-1 is not connected; C connects.');
  });
});

describe('the undo list of an open control', () => {
  it('has its own changes on top and says so', () => {
    const shown = prose(stateOf({ changes }, { control: 'control-0', overlay: { kind: 'undo' } }));
    expect(shown).toMatch(/cp-1: Setting 0 .*cp-1: Setting 1 .*Everything on cp-1/);
    expect(shown).toContain('The changes of this control first, then the others, each the newest on top.');
  });
});

describe('work that was refused', () => {
  it('ends with what is true: nothing was changed', () => {
    const over = { ...scenes.running, work: [] };
    expect(prose(over)).toContain('It has ended.');
    expect(prose({ ...over, untouched: true })).toContain('Nothing was changed.');
    expect(prose({ ...over, untouched: true })).not.toContain('It has ended');
  });
});

describe('u on the screen of a change that has ended', () => {
  const running = { kind: 'running' } as const;
  const ended = (more: Parameters<typeof stateOf>[1] = {}) =>
    stateOf(
      { changes },
      { control: 'control-0', overlay: running, ...more },
      { output: ['cp-1: done, pass'] },
    );

  it('is offered there and opens the list at that change; nothing is left beneath', () => {
    const said = drawn(ended(), 80, 24);
    expect(said).toContain('It has ended.');
    expect(said.split('\n').at(-1)).toMatch(/enter close .*u undo/);
    const w = world(ended());
    w.press('u');
    expect(locate(w.state())).toBe('undo');
    expect(w.state().view.highlighted.undo).toBe('0001-control-0-cp-1');
    w.press('escape');
    expect(locate(w.state())).toBe('control');
    expect(w.names()).toEqual([]);
  });

  it('goes back to the list that an undo came from, and opens no second one', () => {
    const w = world(ended({ beneath: [{ kind: 'undo' }] }));
    w.press('u');
    expect(locate(w.state())).toBe('undo');
    w.press('escape');
    expect(locate(w.state())).toBe('control');
  });

  it('waits until it has ended', () => {
    const work = [{ id: 'w', label: 'changing', since: 0, done: 0, of: 1, changing: true }];
    const w = world({ ...ended(), work });
    w.press('u');
    expect(locate(w.state())).toBe('running');
  });
});
