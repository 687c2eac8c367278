import { describe, expect, it } from 'vitest';
import type { AppState } from '../../src/store/state.ts';
import { footer } from '../../src/ui/footer.ts';
import { keymap } from '../../src/ui/keymap.ts';
import { lineWidth } from '../../src/ui/line.ts';
import { type Location, locate } from '../../src/ui/location.ts';
import { lookOf } from '../../src/ui/look.ts';
import { isAt, lookup, whenOf } from '../../src/ui/lookup.ts';
import { help } from '../../src/ui/screens/help.ts';
import { screens } from '../../src/ui/screens/index.ts';
import { width } from '../../src/ui/text.ts';
import { stateOf } from './fixture.ts';
import { scenes } from './scenes.ts';

const locations = Object.keys(screens) as readonly Location[];
const look = { ascii: false, color: false, plain: false };
const words = (state: AppState, columns = 200): string =>
  footer(state, lookOf({ ...state.view, columns }, look), '')
    .map((s) => s.text)
    .join('');

describe('key table', () => {
  it.each(keymap.map((b) => [`${b.keys.join(' ')} at ${b.where}`, b] as const))(
    '%s has a word and a sentence',
    (_, b) => {
      expect(b.word).toMatch(/^[a-z]/i);
      expect(b.about).toMatch(/^[A-Z].{2,}/);
      expect(b.keys.length).toBeGreaterThan(0);
    },
  );

  it.each(keymap.filter((b) => !b.unlisted).map((b) => [b.about] as const))(
    'fits whole into the help at 80 columns: %s',
    (about) => expect(width(about)).toBeLessThanOrEqual(80 - 18),
  );

  it.each(locations)('means one thing at most by one key at %s', (at) => {
    const seen = new Map<string, string>();
    for (const b of keymap.filter((row) => isAt(row, at))) {
      for (const key of b.keys) {
        const other = seen.get(key);
        // Two rows may share a key only where one of them is impossible whenever the other is possible.
        if (other !== undefined)
          expect([at, key]).toEqual([at, sharedKeys[at]?.includes(key) ? key : 'a key of its own']);
        seen.set(key, b.word);
      }
    }
  });

  it('never has two working rows for one key, in any scene', () => {
    for (const [at, state] of Object.entries(scenes)) {
      const working = keymap.filter((b) => isAt(b, locate(state)) && whenOf(b, state) === true);
      const keys = working.flatMap((b) => b.keys);
      expect(
        keys.filter((k, i) => keys.indexOf(k) !== i),
        at,
      ).toEqual([]);
    }
  });

  it('lets nothing that applies be reached by Enter, except after a typed name', () => {
    const byEnter = keymap.filter((b) => b.confirms && b.keys.includes('enter'));
    expect(byEnter.map((b) => b.word)).toEqual(['yes, after the name']);
    const digits = keymap.flatMap((b) => b.keys).filter((k) => /^\d$/.test(k));
    expect(digits).toEqual([]);
  });

  it('confirms with another key than the one that opened the question', () => {
    const openers = ['a', 'u', 'r', 't', 'R', 'F', 'w'];
    for (const b of keymap.filter((row) => row.confirms))
      for (const key of b.keys) expect(openers).not.toContain(key);
  });

  it('offers help last in every footer where letters are not text', () => {
    for (const [at, state] of Object.entries(scenes)) {
      if (state.view.field || ['running', 'quit', 'filter'].includes(at)) continue;
      expect(words(state), at).toMatch(/\? help\s*$/);
    }
  });

  it('drops entries instead of wrapping, the last rows of the table first', () => {
    for (const [at, state] of Object.entries(scenes)) {
      for (const columns of [60, 80, 120]) {
        const sized = lookOf({ ...state.view, columns }, look);
        expect(lineWidth(footer(state, sized, 'idle')), `${at} ${columns}`).toBeLessThanOrEqual(columns);
      }
    }
  });

  it('keeps the deliberate key, the ticks, undo, the way back and help at 80 columns', () => {
    const { changes } = scenes.undo.session;
    const open = stateOf({ changes }, { control: 'control-0' });
    expect(words(open, 80)).toMatch(/a apply .*space tick .*esc back .*\? help/);
    expect(words(open, 80)).toContain('u undo');
    expect(words(open, 60)).toMatch(/a apply .*esc back .*\? help/);
    expect(words(stateOf({ changes }), 80)).toMatch(/enter open .*c continue .*u undo .*esc back .*\? help/);
    expect(words({ ...scenes.restarts, session: { ...scenes.restarts.session, changes } }, 80)).toMatch(
      /r restart .*space tick .*c continue .*u undo .*esc back .*\? help/,
    );
    for (const [at, state] of Object.entries(scenes)) {
      if (['start', 'running', 'filter', 'asked'].includes(at)) continue;
      expect(words(state, 80), at).toMatch(/ esc (back|no|cancel|later)| n (no|stay)| enter stay/);
    }
  });

  it('moves between screens by no letter that people would type to search a list', () => {
    for (const at of ['start', 'distribution', 'benchmark', 'sessions', 'export'] as const) {
      const letters = keymap
        .filter((b) => isAt(b, at))
        .flatMap((b) => b.keys.filter((k) => /^[a-z]$/.test(k)));
      expect(letters.sort(), at).toEqual(at === 'export' ? ['g', 'j', 'k', 'q', 'w'] : ['g', 'j', 'k', 'q']);
    }
    expect(words(scenes.export, 80)).toMatch(/w write .*esc back .*\? help/);
  });

  it('names only keys that work', () => {
    const readOnly = stateOf({ readOnly: true }, { control: 'control-0' });
    expect(words(readOnly)).not.toContain('apply');
    expect(lookup(readOnly, 'a')?.reason).toBe('this session is read-only');
    expect(words(scenes.running)).toMatch(/ctrl-c stop after this step/);
    expect(words(scenes.skip)).toMatch(/enter go on .*esc cancel/);
  });

  it('writes every key that works at a place into its help once, and no other', () => {
    const state = stateOf({ readOnly: true }, { control: 'control-0', overlay: { kind: 'help' } });
    const page = help(state, lookOf(state.view, look));
    const text =
      page.middle.kind === 'text'
        ? page.middle.lines.map((l) => l.map((s) => s.text).join('')).join('\n')
        : '';
    for (const b of keymap.filter((row) => isAt(row, 'control')))
      expect(text.split(` ${b.about}`).length - 1, b.about).toBe(
        whenOf(b, { ...state, view: { ...state.view, beneath: [] } }) === true ? 1 : 0,
      );
    expect(text).not.toContain('not now');
  });
});

const sharedKeys: Partial<Record<Location, readonly string[]>> = {
  control: ['m'],
  'confirm-apply': ['enter', 'escape'],
  'confirm-undo': ['enter', 'escape'],
  asked: ['enter', 'escape'],
};
