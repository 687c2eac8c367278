import { describe, expect, it } from 'vitest';
import { noSession } from '../../src/domain/session.ts';
import type { PastSession } from '../../src/store/state.ts';
import { startMenu } from '../../src/ui/menu.ts';
import { leftToDo, resumable } from '../../src/ui/resumable.ts';
import { stateOf } from './fixture.ts';
import { prose } from './frame.tsx';
import { world } from './world.ts';

const past = (id: string, more: Partial<PastSession> = {}): PastSession => ({
  id,
  startedAt: '2026-01-01T00:00:00Z',
  lastAt: '2026-01-01T00:00:00Z',
  ended: true,
  distribution: 'rke2',
  cluster: 'prod',
  nodes: 3,
  unfinished: 0,
  changes: 0,
  lab: false,
  step: 'controls',
  restartsDue: 0,
  finished: false,
  closed: false,
  ...more,
});
const ids = (...sessions: readonly PastSession[]) =>
  resumable(stateOf({}, {}, { sessions })).map((s) => s.id);

describe('the sessions to resume', () => {
  it('are those that were left or cut off, the last used first', () => {
    const sessions = [
      past('a'),
      past('b', { ended: false, lastAt: '2026-01-03T00:00:00Z' }),
      past('c', { lastAt: '2026-01-02T00:00:00Z' }),
    ];
    expect(ids(...sessions)).toEqual(['b', 'c', 'a']);
  });

  it.each<readonly [string, Partial<PastSession>]>([
    ['finished with nothing left to do', { finished: true }],
    ['practice', { lab: true, unfinished: 1 }],
    ['without a node', { nodes: 0 }],
    ['damaged beyond going on', { closed: true, damage: 'x' }],
    ['of other nodes than were named', { elsewhere: true }],
    ['the one that is open', { id: 'session-1' }],
  ])('not one that is %s', (_, more) => {
    expect(ids(past('a', more))).toEqual([]);
    const state = stateOf({}, {}, { sessions: [past('a', more)] });
    expect(startMenu(state).map((m) => m.id)).not.toContain('resume');
  });

  it.each<readonly [Partial<PastSession>, string]>([
    [{}, 'left at Controls'],
    [{ finished: true, unfinished: 1 }, '1 change unfinished, left at Controls'],
    [{ finished: true, restartsDue: 2, step: 'summary' }, 'restart due on 2 nodes, left at Summary'],
    [{ damage: 'the last line is not whole' }, 'left at Controls'],
  ])('say what was left to do: %o', (more, words) => {
    expect(ids(past('a', more))).toEqual(['a']);
    expect(leftToDo(past('a', more))).toBe(words);
  });
});

describe('a change without a known end', () => {
  const state = stateOf(
    { ...noSession },
    {},
    { sessions: [past('a', { unfinished: 1 }), past('b', { unfinished: 2 })] },
  );

  it('is spoken of on the start screen at once, wherever the highlight stands, which begins at what resumes it', () => {
    const words = '3 changes have no known end and should be looked at.';
    for (const [columns, rows] of [
      [60, 16],
      [80, 24],
      [120, 40],
    ] as const) {
      const shown = prose(state, columns, rows);
      expect(shown).toContain(words);
      expect(shown).toContain('❯ Resume a session');
    }
    expect(prose({ ...state, view: { ...state.view, highlighted: { start: 'harden' } } })).toContain(words);
  });

  it('opens the list of sessions with enter', () => {
    const w = world(state);
    w.press('enter');
    expect(w.state().view.overlay).toEqual({ kind: 'sessions' });
    expect(w.calls).toEqual([]);
  });

  it('is not where there is none', () => {
    const none = stateOf({ ...noSession }, {}, { sessions: [past('a')] });
    expect(prose(none)).not.toContain('no known end');
    expect(prose(none)).toContain('❯ Harden a cluster');
  });
});
