import { describe, expect, it } from 'vitest';
import { prose } from './frame.tsx';
import { scenes } from './scenes.ts';
import { world } from './world.ts';

describe('the export', () => {
  it('says that secrets are masked within limits', () => {
    const shown = prose(scenes.export, 80, 24);
    expect(shown).toContain('Read it before you pass it on.');
    expect(shown).not.toContain('Secrets are not in it');
  });

  it('keeps what was written in sight, whatever key comes next', () => {
    const w = world({ ...scenes.export, written: ['k8s-harden-session-1.md'] });
    w.press('enter');
    expect(w.state().view.notice?.text).toBe(
      'Nothing more was written. w writes the highlighted form to a file.',
    );
    for (const [columns, rows] of [
      [80, 24],
      [120, 40],
    ] as const)
      expect(prose(w.state(), columns, rows)).toContain('Written: k8s-harden-session-1.md');
    expect(prose(scenes.export)).not.toContain('Written:');
  });
});

describe('a plan for review', () => {
  it.each(['export', 'controls'] as const)(
    'is written from %s only after a question that names its files',
    (at) => {
      const w = world(scenes[at]);
      w.press('P');
      expect(w.calls).toEqual([]);
      for (const [columns, rows] of [
        [60, 16],
        [80, 24],
      ] as const) {
        const shown = prose(w.state(), columns, rows);
        expect(shown).toContain('k8s-harden-session-1-plan.md and k8s-harden-session-1-plan.json');
        expect(shown).toContain('❯ No, write nothing');
      }
      w.press('P', 'p', 'space');
      expect(w.calls).toEqual([]);
      w.press('y');
      expect(w.calls).toEqual([{ name: 'writePlan', args: [] }]);
      expect(w.state().view.overlay).toBeUndefined();
    },
  );

  it.each(['n', 'enter', 'escape'])('is not written after %s', (key) => {
    const w = world(scenes.export);
    w.press('P', key);
    expect(w.calls).toEqual([]);
    expect(w.state().view.overlay).toBeUndefined();
  });
});
