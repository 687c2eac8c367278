import { describe, expect, it } from 'vitest';
import { KeyDoor } from '../../src/ui/keydoor.ts';
import { type Key, keyId } from '../../src/ui/keys.ts';

/** A door whose time stands still until `wait`. */
function door(): {
  feed: (...chunks: (string | Buffer)[]) => void;
  wait: (ms: number) => void;
  ids: () => string[];
  packets: () => string[][];
  alone: () => boolean[];
  taken: () => number | undefined;
  raw: boolean[];
  close: () => void;
} {
  let listener: (chunk: Buffer | string) => void = () => {};
  let timer: { ms: number; f: () => void } | undefined;
  const packets: Key[][] = [];
  const alone: boolean[] = [];
  const raw: boolean[] = [];
  let taken: number | undefined;
  const it = new KeyDoor(
    {
      on: (_, l) => {
        listener = l;
      },
      off: () => {
        listener = () => {};
      },
      resume: () => {},
      pause: () => {},
      setRawMode: (on) => raw.push(on),
    },
    (ms, f) => {
      timer = { ms, f };
      return () => {
        timer = undefined;
      };
    },
    (keys, isAlone) => {
      packets.push([...keys]);
      alone.push(isAlone);
    },
    (bytes) => {
      taken = bytes;
    },
  );
  it.open();
  const name = (key: Key): string => (key.kind === 'paste' ? `paste(${key.text})` : keyId(key));
  return {
    feed: (...chunks) => {
      for (const chunk of chunks) listener(chunk);
    },
    wait: (ms) => {
      if (timer && timer.ms <= ms) {
        const { f } = timer;
        timer = undefined;
        f();
      }
    },
    ids: () => packets.flat().map(name),
    packets: () => packets.map((p) => p.map(name)),
    alone: () => alone,
    taken: () => taken,
    raw,
    close: () => it.close(),
  };
}

const cases: readonly (readonly [what: string, bytes: string, keys: readonly string[]])[] = [
  ['down down enter', '\x1b[B\x1b[B\r', ['down', 'down', 'enter']],
  ['jj enter', 'jj\r', ['j', 'j', 'enter']],
  ['enter enter', '\r\r', ['enter', 'enter']],
  ['application-mode down, enter', '\x1bOB\r', ['down', 'enter']],
  ['ctrl-F1 is dropped', 'a\x1b[1;5Pb', ['a', 'b']],
  ['an old mouse report is dropped with its three bytes', 'a\x1b[M !!b', ['a', 'b']],
  ['a mouse report is dropped', 'a\x1b[<0;12;7Mb\x1b[<0;12;7mc', ['a', 'b', 'c']],
  ['ctrl-c glued to another byte', 'a\x03', ['a', 'ctrl-c']],
  ['both backspaces', '\x7f\x08', ['backspace', 'backspace']],
  ['delete', '\x1b[3~', ['delete']],
  [
    'home and end, three ways',
    '\x1b[H\x1b[F\x1b[1~\x1b[4~\x1bOH\x1bOF',
    ['home', 'end', 'home', 'end', 'home', 'end'],
  ],
  ['pages', '\x1b[5~\x1b[6~', ['pageup', 'pagedown']],
  ['tab and shift-tab', '\t\x1b[Z', ['tab', 'shift-tab']],
  ['function keys of the console', '\x1b[[Aq', ['q']],
  ['function keys elsewhere', '\x1bOP\x1b[15~q', ['q']],
  ['alt with a letter is neither escape nor letter', '\x1bay', ['y']],
  ['a terminal that answers a question', '\x1b]11;rgb:0/0/0\x07\x1b[?62;c\x1bP1$r0m\x1b\\x', ['x']],
  ['focus reports', '\x1b[I\x1b[Ox', ['x']],
  ['a kitty key', '\x1b[97;5ux', ['x']],
  ['an arrow with a modifier', '\x1b[1;5Ax', ['x']],
  ['a paste is one event', '\x1b[200~yes\r\ny\r\x1b[A\x1b[201~x', ['paste(yes\ny\n[A)', 'x']],
  ['line feed after return', 'a\r\nb\n', ['a', 'enter', 'b', 'enter']],
  ['wide and joined characters', '日é', ['日', 'é']],
  ['nul and unknown control bytes', '\x00\x1cx', ['x']],
];

describe('key door', () => {
  it.each(cases)('%s', (_, bytes, keys) => {
    const d = door();
    d.feed(Buffer.from(bytes));
    expect(d.ids()).toEqual(keys);
  });

  it.each(cases)('%s, split at every byte', (_, bytes, keys) => {
    const buffer = Buffer.from(bytes);
    for (let at = 1; at < buffer.length; at++) {
      const d = door();
      d.feed(buffer.subarray(0, at), buffer.subarray(at));
      expect(d.ids(), `split at ${at}`).toEqual(keys);
    }
    const d = door();
    d.feed(...[...buffer].map((byte) => Buffer.of(byte)));
    expect(d.ids(), 'byte by byte').toEqual(keys);
  });

  it('holds an escape for 50 ms and then gives it', () => {
    const d = door();
    d.feed('\x1b');
    d.wait(49);
    expect(d.ids()).toEqual([]);
    d.wait(50);
    expect(d.ids()).toEqual(['escape']);
  });

  it('gives the first of two escapes at once', () => {
    const d = door();
    d.feed('\x1b\x1b');
    expect(d.ids()).toEqual(['escape']);
    d.wait(50);
    expect(d.ids()).toEqual(['escape', 'escape']);
  });

  it('drops a sequence whose end never comes, and a paste without end is still a paste', () => {
    const d = door();
    d.feed('\x1b[1;');
    d.wait(50);
    d.wait(500);
    d.feed('q');
    d.feed('\x1b[200~y');
    d.wait(9_999);
    expect(d.ids()).toEqual(['q']);
    d.wait(10_000);
    expect(d.ids()).toEqual(['q', 'paste(y)']);
  });

  it('stays in a paste until its end comes, however slowly', () => {
    const d = door();
    for (const part of ['\x1b[2', '00~abc', 'y', '\r', '\x1b[20', '1~']) {
      d.feed(part);
      d.wait(9_000);
    }
    expect(d.ids()).toEqual(['paste(abcy\n)']);
  });

  it('ends a paste at a Ctrl-C that comes by itself, and what comes with the late end is paste as well', () => {
    const d = door();
    d.feed('\x1b[200~abc', '\x03');
    expect(d.ids()).toEqual(['paste(abc)', 'ctrl-c']);
    d.feed('y\r\x1b[201~', 'y');
    expect(d.packets().slice(2)).toEqual([['paste(y\n)'], ['y']]);
    d.feed('\x1b[200~1\x1b[201~2\x1b[201~3');
    expect(d.packets().at(-1)).toEqual(['paste(1)', 'paste(2)', '3']);
  });

  it('calls a key alone only when nothing else came with it', () => {
    const d = door();
    d.feed('y', 'yn', '\x1b[1;5Py', '\x1bay', '\x00y', 'y\x1b', '[A', '\x1b[201~y');
    expect(d.alone()).toEqual([true, false, false, false, false, false, true, false]);
    d.feed('\x1b');
    d.wait(50);
    d.feed('y');
    expect(d.alone().slice(-2)).toEqual([true, true]);
    d.feed('\x1b[1;');
    d.wait(500);
    d.feed('y', 'y');
    expect(d.alone().slice(-2)).toEqual([false, true]);
  });

  it('keeps the keys of one packet together', () => {
    const d = door();
    d.feed('y', 'ny');
    expect(d.packets()).toEqual([['y'], ['n', 'y']]);
  });

  it('says how many bytes were taken: what became no key too, and a torn sequence when it is settled', () => {
    const d = door();
    d.feed('y', '\x1b[1;5P', Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1));
    expect(d.taken()).toBe(9);
    d.feed('a\x1b');
    expect(d.taken()).toBe(10);
    d.wait(50);
    expect(d.taken()).toBe(11);
    d.feed('\x1b[200~some');
    expect(d.taken()).toBe(11);
    d.feed('thing\x1b[201~');
    expect(d.taken()).toBe(32);
    expect(d.ids()).toEqual(['y', 'é', 'a', 'escape', 'paste(something)']);
  });

  it('never lets more than known keys through, whatever comes', () => {
    let seed = 7;
    const random = (): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed;
    };
    const d = door();
    for (let i = 0; i < 300; i++) d.feed(Buffer.from(Array.from({ length: 40 }, () => random() % 256)));
    d.wait(500);
    for (const id of d.ids().filter((name) => !name.startsWith('paste(')))
      expect(id).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  });

  it('turns raw mode on and off once', () => {
    const d = door();
    d.close();
    d.close();
    d.feed('x');
    expect(d.raw).toEqual([true, false]);
    expect(d.ids()).toEqual([]);
  });
});
