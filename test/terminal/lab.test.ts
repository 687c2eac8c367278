import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { type Built, builtProgram } from './build.ts';
import { type Operator, sitDown } from './operator.ts';
import { whyNoTmux } from './tmux.ts';
import { findOverview, walkLab } from './way.ts';

const missing = whyNoTmux();
// A busy machine may take its time; what must not happen is still waited for no longer than it takes.
vi.setConfig({ testTimeout: 180_000 });

if (missing) console.warn(`LEFT OUT: the lab in a real terminal: ${missing}`);

/** What must not happen by accident. */
const deeds: readonly Event['kind'][] = [
  'change-intended',
  'undo-intended',
  'restart-intended',
  'lock-taken',
  'host-key-accepted',
];

function deedsOf(at: Operator): readonly string[] {
  return at.records().flatMap(({ event }) => (deeds.includes(event.kind) ? [event.kind] : []));
}

/** The same bytes at every run. */
function randomBytes(seed: number, count: number): Buffer {
  const leaves = new Set([0x03, 0x1a, 'q'.charCodeAt(0)]);
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
  const out: number[] = [];
  while (out.length < count) {
    const byte = next();
    if (!leaves.has(byte)) out.push(byte);
  }
  return Buffer.from(out);
}

describe.skipIf(missing !== undefined)('the lab in a real terminal', () => {
  let built: Built;
  beforeAll(async () => {
    built = await builtProgram();
  });
  afterAll(() => built?.remove());

  it('applies its first control, undoes it, and never erases what scrolled by', async () => {
    const at = await sitDown({ program: built.program, columns: 100, rows: 30 });
    try {
      await at.start('lab');
      await walkLab(at);
      await at.press('Enter', 'host.1', /cp-1\s+✖ fail/, 'a apply');
      await at.press('a', 'yes, apply', 'sysctl');
      await at.press('y', 'It has ended', /worker-2: done, pass/);
      await at.press('Enter', /cp-1\s+✔ fixed/);
      await at.press('u', /❯ worker-2: /, 'This control everywhere');
      for (const _ of [1, 2]) await at.press('Down');
      await at.press('Down', /❯ This control everywhere/);
      await at.press('Enter', 'yes, undo');
      await at.press('y', 'It has ended');
      await at.press('Enter', 'nothing to undo');
      await at.press('Escape', /cp-1\s+✖ fail/);
      const kinds = deedsOf(at);
      expect(kinds.filter((k) => k === 'change-intended')).toHaveLength(3);
      expect(kinds.filter((k) => k === 'undo-intended')).toHaveLength(3);
      await at.press('q', 'y leave');
      await at.keys('y');
      expect(await at.exitCode()).toBe(3);
      const bytes = (await at.written()).toString('latin1');
      expect(bytes).toContain('\x1b[?1049h');
      expect(bytes).not.toContain('\x1b[3J');
      expect(bytes).not.toContain('\x1b[2J');
    } finally {
      await at.close();
    }
  });

  describe('hands that slip', () => {
    let at: Operator;
    beforeAll(async () => {
      at = await sitDown({ program: built.program, alone: ['lab'] });
      await at.see('LAB', 'Step 1 of 9');
    });
    afterAll(async () => at?.close());

    const slips: readonly (readonly [name: string, slip: () => Promise<void>])[] = [
      ['Enter, Enter', () => at.bytes(Buffer.from('\r\r'))],
      ['down, enter', () => at.bytes(Buffer.from('\x1b[B\r'))],
      ['y twice', () => at.bytes(Buffer.from('yy'))],
      ['y, enter', () => at.bytes(Buffer.from('y\r'))],
      ['apply and yes at once', () => at.bytes(Buffer.from('ay'))],
      ['a marked paste', () => at.paste('y\na\ny\n')],
      ['a plain paste', () => at.paste('y\na\ny\n', false)],
    ];

    it('accept no host key', async () => {
      await at.press('Enter', 'Step 2 of 9');
      await at.press('Enter', 'Step 3 of 9');
      await at.press('c', 'worker-2', 'not known yet');
      for (const [, slip] of slips) {
        await slip();
        let screen = await at.see();
        // Some of them say no, and go on; then the question is asked again.
        for (let keys = 0; keys < 5 && !/not known yet|r try again/.test(screen); keys++) {
          screen = await at.press('Escape');
        }
        if (screen.includes('not known yet')) continue;
        await at.press('G', /❯ worker-2/);
        await at.press('r', 'not known yet');
      }
      // The last slip may still be on its way, and say no to the question that stands here now.
      let screen = await at.see();
      for (let keys = 0; keys < 8 && !screen.includes('5 of 5 nodes connected'); keys++) {
        expect(deedsOf(at)).toEqual([]);
        if (screen.includes('not known yet')) screen = await at.press('y', /5 of 5 nodes|r try again/);
        else screen = await at.press(screen.includes('❯ worker-2') ? 'r' : 'G');
      }
      expect(screen).toContain('5 of 5 nodes connected');
      expect(deedsOf(at)).toEqual(['host-key-accepted']);
    });

    /** Keys that lead from the overview to a place, each with what is seen then. */
    type Way = readonly (readonly [key: string, seen: string])[];
    const toControl = ['Enter', 'host.1'] as const;
    const places: readonly { readonly name: string; readonly way: Way; readonly fewer?: true }[] = [
      { name: 'the overview', way: [], fewer: true },
      { name: 'a control', way: [toControl] },
      { name: 'the question before a change', way: [toControl, ['a', 'yes, apply']] },
      { name: 'the undo list', way: [['u', 'nothing to undo']], fewer: true },
      { name: 'the restarts', way: [['c', 'Step 7 of 9']], fewer: true },
    ];
    const goTo = async (way: Way): Promise<void> => {
      await findOverview(at);
      for (const [key, seen] of way) {
        const screen = await at.press(key, seen);
        // A hand that slipped may have skipped it, with whatever it typed as the reason.
        if (key === 'Enter' && screen.includes('Skipped ')) await at.press('b', 'a apply');
      }
    };

    it.each(places.map((place) => [place.name, place] as const))(
      'change nothing on %s',
      async (_, { way, fewer }) => {
        for (const [, slip] of fewer ? slips.filter((_, i) => i % 2 === 1) : slips) {
          await goTo(way);
          await slip();
          await at.see();
        }
        expect(deedsOf(at)).toEqual(['host-key-accepted']);
      },
    );

    it('nor do thousands of random bytes', async () => {
      for (const [seed, { way }] of places.entries()) {
        await goTo(way);
        const bytes = randomBytes(seed + 1, 2048);
        for (let i = 0; i < bytes.length; i += 256) await at.bytes(bytes.subarray(i, i + 256));
        await at.see();
      }
      expect(deedsOf(at)).toEqual(['host-key-accepted']);
    });

    it('nor does a held key', async () => {
      await goTo([toControl]);
      // In bursts, as a terminal hands them over: on a busy machine single ones may come as slowly as a hand types.
      for (let i = 0; i < 12; i++) await at.bytes(Buffer.from(i % 2 ? 'yayaya' : 'ayayay'));
      await at.see();
      expect(deedsOf(at)).toEqual(['host-key-accepted']);
    });

    it('while the deliberate key does what it says', async () => {
      await goTo([toControl, ['a', 'yes, apply']]);
      await at.press('y', 'It has ended');
      expect(deedsOf(at)).toContain('change-intended');
      expect((await at.written()).includes('\x1b[3J')).toBe(false);
    });
  });

  it.each([
    ['canonical', 'Canonical Kubernetes v1.32.6', /❯ 1\.1\.1 /],
    ['rke', 'RKE v1.28.15-rancher1', /❯ 1\.1\.1 /],
  ])('practises %s as well, where that is asked for', async (distribution, header, first) => {
    const at = await sitDown({ program: built.program, alone: ['lab', '--distribution', distribution] });
    try {
      await at.see('LAB', 'Step 2 of 9', '❯ Level 1');
      await at.press('Enter', 'Step 3 of 9', '3 nodes');
      await at.press('c', 'not known yet');
      await at.press('y', '3 of 3 nodes connected');
      await at.press('c', 'Step 5 of 9', 'controls asked');
      await at.press('c', 'Step 6 of 9', header, first);
      expect(deedsOf(at)).toEqual(['host-key-accepted']);
    } finally {
      await at.close();
    }
  });

  it('says of what it has no practice cluster', async () => {
    const at = await sitDown({ program: built.program, alone: ['lab', '--distribution', 'k0s'] });
    try {
      await at.see('The lab has no practice cluster for k0s; it has one for canonical, rke, rke2.');
    } finally {
      await at.close();
    }
  });

  it('read-only is always in sight, and nothing can be changed', async () => {
    const at = await sitDown({ program: built.program, alone: ['lab', '--read-only'] });
    try {
      await at.see('READ-ONLY', 'Step 1 of 9');
      await walkLab(at);
      for (const key of [
        'Enter',
        'a',
        'd',
        'Escape',
        'e',
        'Escape',
        's',
        'Escape',
        'u',
        'Escape',
        'Escape',
        'c',
        'r',
      ]) {
        expect(await at.press(key)).toMatch(/^ READ-ONLY/);
      }
      await findOverview(at);
      await at.press('Enter', 'host.1', 'd commands');
      await at.press('a', 'Not now: this session is read-only');
      await at.press('y');
      expect(deedsOf(at)).toEqual(['host-key-accepted']);
    } finally {
      await at.close();
    }
  });
});
