import { describe, expect, it } from 'vitest';
import type { AppState } from '../../src/store/state.ts';
import { locate } from '../../src/ui/location.ts';
import { stateOf } from './fixture.ts';
import { drawn, prose } from './frame.tsx';
import { scenes } from './scenes.ts';
import { world } from './world.ts';

/** A practice session whose program has ended, read back. */
const past = (state: AppState, more: Partial<AppState['session']> = {}): AppState => ({
  ...state,
  session: { ...state.session, ...more, lab: true },
  clusterGone: true,
  progress: {},
});

describe('a practice session that is read back', () => {
  it.each(['summary', 'controls', 'control', 'restarts', 'export'] as const)(
    'offers at %s nothing that would need its cluster, and says why',
    (at) => {
      const state = past(scenes[at], { changes: scenes.undo.session.changes });
      const keys = drawnFooter(state);
      for (const word of ['undo', 'connect', 'apply', 'ask again', 'restart'])
        expect(keys, word).not.toContain(` ${word} `);
      const w = world(state);
      for (const key of ['C', ...(at === 'export' ? [] : ['u'])]) {
        w.press(key);
        expect(w.state().view.notice?.text).toBe(
          'Not now: this was practice, and its cluster is gone; it can be read and exported.',
        );
      }
      expect(w.names()).toEqual([]);
    },
  );

  it('says of a change without a known end that the cluster is gone, and names no key that cannot help', () => {
    const state = past(scenes.unfinished);
    const shown = prose(state);
    expect(shown).toContain('The practice cluster of this session is gone');
    for (const useless of ['press C', 'Ask cp-2', 'Undo it', 'undo.sh']) expect(shown).not.toContain(useless);
    const w = world(state);
    w.press('enter');
    expect(w.calls).toEqual([]);
    expect(locate(w.state())).toBe('controls');
    expect(w.state().view.notice).toBeUndefined();
  });
});

describe('practice promises only what stays', () => {
  it.each(['export', 'quit'] as const)('at %s', (at) => {
    const lab: AppState = { ...scenes[at], session: { ...scenes[at].session, lab: true } };
    expect(prose(lab)).toMatch(/cluster goes away with the program/);
    expect(prose(lab)).not.toMatch(/undone later|can be resumed,/);
    expect(prose(scenes[at])).toMatch(/undone later|can be resumed,/);
  });
});

describe('the commands that are named', () => {
  it('are those that work where the program was started', () => {
    expect(prose({ ...scenes.quit, command: 'node bin/k8s-harden.cjs' })).toContain(
      'node bin/k8s-harden.cjs export session-1',
    );
  });
});

describe('past sessions', () => {
  it('are listed with the last used first, and are read, not resumed', () => {
    const [one] = scenes.sessions.sessions;
    if (!one) throw new Error('no session');
    const sessions = [
      { ...one, id: 'begun-last', lastAt: '2026-03-01T10:30:00Z' },
      { ...one, id: 'used-last', startedAt: '2026-02-01T10:00:00Z', lastAt: '2026-03-02T08:00:00Z' },
    ];
    const w = world(
      stateOf({ id: '' }, { overlay: { kind: 'sessions' }, highlighted: { start: 'past' } }, { sessions }),
    );
    w.press('enter');
    expect(w.calls).toEqual([{ name: 'readSession', args: ['used-last'] }]);
  });
});

describe('a past session of practice', () => {
  it('is listed as one whose cluster is gone, in the words of the command, and no change of it stands', () => {
    const [one] = scenes.sessions.sessions;
    if (!one) throw new Error('no session');
    const listed = (more: Partial<typeof one>): string =>
      drawn(
        stateOf(
          { id: '' },
          { overlay: { kind: 'sessions' }, highlighted: { start: 'past' } },
          { sessions: [{ ...one, unfinished: 0, changes: 11, ...more }] },
        ),
        80,
        24,
      );
    const gone = listed({ lab: true, ended: true });
    expect(gone).toMatch(/ cluster gone +ended/);
    expect(gone).toContain('practice, its cluster is gone');
    expect(gone).not.toContain('11 changes');
    expect(listed({ lab: true, ended: false })).toMatch(/ practice +not ended/);
    expect(listed({ lab: false, ended: false })).toMatch(/ 11 changes +not ended/);
  });
});

describe('a practice session that was left before anything was asked', () => {
  const { distribution: _, benchmark: __, level: ___, ...rest } = scenes.summary.session;
  const left = (step: 'summary' | 'export'): AppState => ({
    ...scenes.summary,
    session: { ...rest, nodes: [], findings: {}, before: {}, changes: [], probed: false, lab: true, step },
    clusterGone: true,
    progress: {},
  });

  it('says that nothing was asked, and shows no empty table', () => {
    const shown = prose(left('summary'));
    expect(shown).toContain('Nothing was asked yet');
    expect(shown).not.toContain('Nothing is open');
    expect(shown).not.toContain('before');
    // Nor does it where the controls are chosen and every one of them is open, for want of an answer.
    const chosen = { ...left('summary'), session: { ...left('summary').session, ...scenes.summary.session } };
    const unasked = { ...chosen, session: { ...chosen.session, findings: {}, before: {}, probed: false } };
    expect(prose(unasked)).toContain('Nothing was asked yet');
    expect(prose(unasked)).not.toMatch(/Answers:|missing|not asked/);
  });

  it.each([
    ['summary', 'start'],
    ['export', 'summary'],
  ] as const)('leads back from %s to %s', (from, to) => {
    for (const key of ['escape', 'left']) {
      const w = world(left(from));
      w.press(key);
      expect(w.calls).toEqual([{ name: 'go', args: [to] }]);
    }
  });
});

function drawnFooter(state: AppState): string {
  return ` ${drawn(state, 200).split('\n').at(-1)?.replaceAll(/\s+/g, ' ')} `;
}

describe('the first screen, out of the lab', () => {
  const lab = stateOf({ step: 'start', lab: true });
  const real = stateOf({ step: 'start' });

  it('says which lines are about real nodes, and only then', () => {
    for (const words of [
      'Harden a cluster of real nodes',
      'Look at a cluster of real nodes, read-only',
      'Fix a broken cluster of real nodes',
    ]) {
      expect(drawn(lab)).toContain(words);
      expect(drawn(real)).not.toContain(words);
    }
  });

  it('asks before the practice cluster ends, and Enter keeps it', () => {
    const w = world(lab);
    w.press('down', 'enter');
    expect(w.calls).toEqual([]);
    expect(locate(w.state())).toBe('confirm-end-lab');
    expect(prose(w.state())).toContain('What comes next is about real nodes');
    w.press('enter');
    expect(w.calls).toEqual([]);
    expect(locate(w.state())).toBe('start');
    w.press('enter', 'y');
    expect(w.calls).toEqual([{ name: 'startSession', args: [{ readOnly: false }] }]);
  });

  it('asks nothing where the session goes on, or is on real nodes and can be resumed', () => {
    const on = world(lab);
    on.press('enter');
    expect(on.names()).toEqual(['go']);
    const w = world(real);
    w.press('down', 'enter');
    expect(w.names()).toEqual(['startSession']);
  });
});

describe('another distribution than that of the practice cluster', () => {
  const distribution = scenes.distribution.session.distribution ?? '';
  const [own] = scenes.distribution.profiles;
  if (!own || own.distribution.id !== distribution) throw new Error('not the profile of the session');
  const other = { ...own, distribution: { ...own.distribution, id: 'other', title: 'Another One' } };
  const at = (id: string, session: Partial<AppState['session']>): AppState =>
    stateOf(
      { step: 'distribution', lab: true, ...session },
      { highlighted: { distribution: id } },
      { profiles: [own, other] },
    );
  const { changes } = scenes.undo.session;

  it('is asked about where something was done to the cluster, and Enter keeps that', () => {
    const w = world(at('other', { changes }));
    w.press('enter');
    expect(w.calls).toEqual([]);
    expect(locate(w.state())).toBe('confirm-end-lab');
    expect(prose(w.state())).toContain('End the practice cluster?');
    expect(prose(w.state())).toContain('What comes next is the practice cluster of Another One as it comes');
    w.press('enter');
    expect(w.calls).toEqual([]);
    expect(locate(w.state())).toBe('distribution');
    w.press('enter', 'y');
    expect(w.calls).toEqual([{ name: 'chooseDistribution', args: ['other'] }]);
  });

  it.each<readonly [string, AppState]>([
    ['nothing was done to the cluster', at('other', {})],
    ['it is the same', at(distribution, { changes })],
    ['the nodes are real', at('other', { changes, lab: false })],
  ])('is taken without a question where %s', (_, state) => {
    const w = world(state);
    w.press('enter');
    expect(w.names()).toEqual(['chooseDistribution']);
  });
});
