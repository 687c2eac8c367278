import { describe, expect, it } from 'vitest';
import type { AppState } from '../../src/store/state.ts';
import type { Location } from '../../src/ui/location.ts';
import { scenes } from './scenes.ts';
import { changing, world } from './world.ts';

/** What must never happen by accident: changes, and trust in a host. */
function accidents(w: ReturnType<typeof world>): readonly unknown[] {
  return w.calls.filter(
    (c) =>
      changing.includes(c.name) ||
      (c.name === 'answer' && c.args[0] !== undefined) ||
      c.name === 'acknowledge',
  );
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

describe.each(Object.entries(scenes) as [Location, AppState][])('from %s', (_, state) => {
  it('ten thousand random bytes change nothing', () => {
    const next = random(42);
    const w = world(state);
    w.pass(1_000);
    for (let sent = 0; sent < 10_000; ) {
      const length = 2 + Math.floor(next() * 60);
      w.packet(Array.from({ length }, () => String.fromCharCode(Math.floor(next() * 128))).join(''));
      w.pass(Math.floor(next() * 200));
      sent += length;
    }
    expect(accidents(w)).toEqual([]);
  });

  it('ten thousand random printable characters change nothing', () => {
    const next = random(7);
    const w = world(state);
    w.pass(1_000);
    for (let sent = 0; sent < 10_000; sent += 50) {
      w.packet(Array.from({ length: 50 }, () => String.fromCharCode(32 + Math.floor(next() * 95))).join(''));
    }
    expect(accidents(w)).toEqual([]);
  });

  it('Enter, however often and however slowly, changes nothing', () => {
    const w = world(state);
    w.packet('\r\r\r\r');
    for (let i = 0; i < 50; i++) w.press('enter');
    expect(accidents(w)).toEqual([]);
  });

  it('down and Enter in one packet, and slowly, change nothing', () => {
    const w = world(state);
    w.pass(1_000);
    for (let i = 0; i < 20; i++) {
      w.packet('\u001b[B\r');
      w.press('down', 'enter', 'right', 'enter');
    }
    expect(accidents(w)).toEqual([]);
  });

  it('a paste of an answer changes nothing', () => {
    const w = world(state);
    w.pass(1_000);
    w.packet('\u001b[200~ay\ry\rprod-east\ry\u001b[201~');
    w.packet('ay\ry\rprod-east\ry');
    expect(accidents(w)).toEqual([]);
  });
});
