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
