import { describe, expect, it } from 'vitest';
import type { VerdictKind } from '../../src/domain/verdict.ts';
import { statusAt } from '../../src/ui/standing.ts';
import { verdict } from '../support/profile.ts';
import { probedSession, stateOf } from './fixture.ts';
import { drawn, prose } from './frame.tsx';
import { scenes } from './scenes.ts';
import { world } from './world.ts';

const of = 'control-1';

/** The open control, found so on every node. */
function found(kinds: readonly VerdictKind[], skips: Readonly<Record<string, string>> = {}) {
  const session = probedSession();
  const findings = Object.fromEntries(
    session.nodes.map(({ name }, i) => [
      `${of}@${name}`,
      {
        control: of,
        place: name,
        verdict: verdict(kinds[i % kinds.length] ?? 'fail', 'found', 'wanted', 'a reason'),
      },
    ]),
  );
  return stateOf(
    { findings: { ...session.findings, ...findings }, skips, restartsDue: ['cp-1'] },
    { control: of },
  );
}

describe('a control that was applied and waits for its restart', () => {
  it('is not skipped, and it is said why', () => {
    const w = world(found(['pending-restart']));
    w.press('s');
    expect(w.state().view.overlay).toBeUndefined();
    expect(w.state().view.notice?.text).toBe(
      'Not now: it is done and waits for its restart; u takes it back.',
    );
  });

  it('is left out where the same control is skipped on other nodes', () => {
    const w = world(found(['pending-restart', 'fail']));
    w.press('s');
    expect(w.state().view.overlay).toMatchObject({ kind: 'skip', places: ['cp-2', 'worker-1'] });
  });

  it('shows its restart as due although it was skipped', () => {
    const state = found(['pending-restart'], { [`${of}@cp-1`]: 'later' });
    expect(statusAt(state.session, of, 'cp-1')).toBe('pending-restart');
    expect(drawn(state)).toMatch(/cp-1 +↻ restart due/);
  });
});

describe('the question who answers for it', () => {
  const asking = (waiversEnd: boolean): string => {
    const { overlay } = scenes.skip.view;
    if (overlay?.kind !== 'skip') throw new Error('not the question');
    const view = { ...scenes.skip.view, overlay: { ...overlay, asks: 'owner' as const, reason: 'later' } };
    return prose({ ...scenes.skip, view, waiversEnd }, 80, 24);
  };

  it('promises later sessions only where a waiver is kept for them', () => {
    expect(asking(false)).toContain('later sessions and check count it as waived');
    expect(asking(true)).toContain('this is practice, and it ends with this session');
    expect(asking(true)).not.toContain('count it as waived');
  });
});
