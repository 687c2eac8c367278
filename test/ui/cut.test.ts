import { describe, expect, it } from 'vitest';
import { blank, line, span } from '../../src/ui/line.ts';
import { fitted } from '../../src/ui/page.ts';
import { width, wrap } from '../../src/ui/text.ts';
import { stateOf } from './fixture.ts';
import { drawn, prose } from './frame.tsx';
import { scenes } from './scenes.ts';

const sizes = [
  [60, 16],
  [80, 24],
  [100, 30],
  [120, 40],
] as const;

describe('what does not fit', () => {
  const long =
    'Given when this session was begun, but not now: --key /home/kim/.ssh/cluster --known-hosts /home/kim/known_hosts --ssh-config /home/kim/config --profiles /srv/profiles. To use them again, leave with q and start with them; or go on without.';

  it.each(sizes)('of a notice is wrapped at %i × %i, so that its way out is read', (columns, rows) => {
    const state = stateOf({}, { notice: { text: long, tone: 'bad' } });
    expect(prose(state, columns, rows)).toContain(long);
    expect(drawn(state, columns, rows).split('\n').length).toBeLessThan(rows);
  });

  it('of a notice that is longer than a third of the screen ends in dots', () => {
    const state = stateOf({}, { notice: { text: 'word '.repeat(400).trim(), tone: 'bad' } });
    const lines = drawn(state, 80, 24).split('\n');
    expect(lines.at(-2)).toMatch(/word \.\.$/);
    expect(lines.length).toBeLessThan(24);
  });

  it('below a menu is seen whole at 80 × 24', () => {
    const about = 'A long title of a benchmark, which says at length what it is for and for whom. '.repeat(3);
    const [profile] = stateOf().profiles;
    const [first] = profile?.benchmarks ?? [];
    if (!profile || !first) throw new Error('no benchmark');
    const benchmarks = Array.from({ length: 8 }, (_, i) => ({ ...first, id: `b-${i}`, title: about }));
    const state = stateOf({ step: 'benchmark' }, {}, { profiles: [{ ...profile, benchmarks }] });
    expect(prose(state, 80, 24)).toContain('may cost function or speed; each control says what.');
  });

  it('below a list or a menu loses its blanks first, and then ends in dots', () => {
    const lines = [blank, line(span('one')), blank, line(span('two')), line(span('three'))];
    const text = (room: number) => fitted(lines, room, 20).map((l) => l.map((s) => s.text).join(''));
    expect(text(5)).toEqual(['', 'one', '', 'two', 'three']);
    expect(text(4)).toEqual(['one', 'two', 'three']);
    expect(text(2)).toEqual(['one', 'two ..']);
    expect(text(0)).toEqual([]);
    expect(fitted([line(span('x'.repeat(20))), blank, line(span('y'))], 1, 20)[0]?.[0]?.text).toMatch(
      /x\.\.$/,
    );
  });

  it('of a path breaks after a slash', () => {
    const path =
      '/var/lib/k8s-harden/2026-03-02-1100-abcdef/0002-kernel-values_at_cp-2-with-a-long-name/undo.sh';
    for (const columns of [50, 60, 76]) {
      const lines = wrap(`By hand on the node, also without this program: sh ${path}`, columns);
      expect(
        lines
          .map((l) => l.trim())
          .join('')
          .replaceAll(' ', ''),
      ).toContain(path);
      for (const l of lines) expect(width(l)).toBeLessThanOrEqual(columns);
      for (const l of lines.filter((one) => one.includes('/')).slice(0, -1)) expect(l).toMatch(/\/$/);
    }
    expect(wrap('a'.repeat(30), 10)).toEqual(['a'.repeat(10), 'a'.repeat(10), 'a'.repeat(10)]);
  });

  it('is never the way to undo by hand', () => {
    for (const [columns, rows] of sizes) {
      const shown = drawn(scenes.unfinished, columns, rows).replaceAll(/\s+/g, '');
      expect(shown).toContain('undo.sh');
    }
  });
});
