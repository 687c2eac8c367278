import { EventEmitter } from 'node:events';
import { render } from 'ink';
import type { Actions } from '../store/actions.ts';
import { App } from './App.tsx';
import { createDriver } from './driver.ts';
import { type After, KeyDoor, type KeySource } from './keydoor.ts';
import { sizeOf } from './look.ts';
import { createPace } from './pace.ts';
import { createTaken } from './taken.ts';
import { type EndSignal, type Signals, Terminal } from './terminal.ts';
import type { ScreenStore } from './use-app.ts';

/** What the screens are mounted on. */
export type MountOptions = {
  readonly store: ScreenStore;
  readonly actions: Actions;
  readonly stdin: KeySource;
  readonly stdout: NodeJS.WriteStream;
  /** Stay on the normal screen. */
  readonly inline?: boolean;
  /** For a screen reader: one column, no boxes, no spinner, on the normal screen. */
  readonly plain?: boolean;
  readonly ascii?: boolean;
  readonly color?: boolean;
  /** The menu begins at the read-only session; that every session is one, the actions see to. */
  readonly readOnly?: boolean;
  readonly now?: () => number;
  readonly after?: After;
  readonly signals?: Signals;
};

/** How the screens ended: by a signal, or because they were unmounted. A bug in them is thrown. */
export type Ended = { readonly signal?: EndSignal };

/** The mounted screens. */
export type Mounted = {
  readonly waitUntilExit: () => Promise<Ended>;
  readonly unmount: () => void;
};

/** Frames a second at most. A key is drawn at once; what happens by itself comes slower, see `pace.ts`. */
const maxFps = 125;

/** After a new size everything is drawn once more, when the frame for that size has had time to come. */
const resizedMs = 50;

/** Takes the terminal over and shows the wizard until it is unmounted. */
export function mountApp(options: MountOptions): Mounted {
  const { store, stdout } = options;
  const plain = options.plain ?? process.env.INK_SCREEN_READER === 'true';
  const ascii = options.ascii === true || !speaksUnicode();
  const look = { ascii, color: options.color ?? true, plain };
  const after = options.after ?? afterMs;
  const terminal = new Terminal(stdout, plain || options.inline === true, options.signals ?? process);
  let write: (text: string) => void = () => {};
  let ended: Ended = {};

  const redraw = (): void => {
    terminal.clear();
    write('');
  };
  const resized = (): void => {
    terminal.clear();
    pace.atOnce(() => store.dispatchView({ kind: 'resized', ...sizeOf(stdout) }));
    after(resizedMs, redraw);
  };

  terminal.enter();
  store.dispatchView({ kind: 'resized', ...sizeOf(stdout) });
  const driver = createDriver({
    store,
    actions: options.actions,
    now: options.now ?? Date.now,
    after,
    options: look,
    redraw,
    suspend: () => terminal.suspend(() => door.close(), reopen),
  });
  const pace = createPace(store, after);
  const showMark = process.env.K8S_HARDEN_IDLE_MARK === '1';
  const taken = createTaken();
  /** What a key sets in motion begins a moment after it: the mark comes with that, not with the screen before. */
  const marked = (bytes: number): void => {
    setImmediate(() => {
      pace.atOnce(() => {});
      taken.set(bytes);
    });
  };
  const door = new KeyDoor(
    options.stdin,
    after,
    (keys, alone) => pace.atOnce(() => driver.take(keys, alone)),
    // Nobody else is to wait for one more drawing after each key.
    showMark ? marked : undefined,
  );
  const reopen = (): void => {
    door.open();
    redraw();
  };
  const instance = render(
    <App
      store={pace.store}
      options={look}
      taken={taken}
      showMark={showMark}
      onWriter={(writer) => {
        write = writer;
      }}
    />,
    {
      stdout: endless(stdout),
      stdin: inertStdin(),
      exitOnCtrlC: false,
      patchConsole: true,
      maxFps,
      isScreenReaderEnabled: plain,
    },
  );
  const exit = instance.waitUntilExit();
  stdout.on('resize', resized);
  terminal.guard(
    (signal) => {
      ended = { signal };
      driver.stop();
    },
    (error) => {
      process.stderr.write(`k8s-harden stopped on a bug: ${textOf(error)}\n`);
      process.stderr.write(`What was done is in the record: ${store.getState().journalPath}\n`);
      process.exit(1);
    },
  );
  if (options.readOnly) store.dispatchView({ kind: 'highlighted', list: 'start', id: 'read-only' });
  door.open();

  let closed = false;
  const close = (): void => {
    if (closed) return;
    closed = true;
    stdout.off('resize', resized);
    driver.close();
    pace.close();
    door.close();
    terminal.leave();
    terminal.release();
  };
  return {
    waitUntilExit: async () => {
      try {
        await exit;
        return ended;
      } finally {
        close();
      }
    },
    unmount: () => {
      instance.unmount();
      close();
    },
  };
}

/** Ink is given no keys at all: the key door has them. */
function inertStdin(): NodeJS.ReadStream {
  return Object.assign(new EventEmitter(), { isTTY: false }) as unknown as NodeJS.ReadStream;
}

/**
 * The output as Ink sees it: without end, and never resized. What Ink does when a frame reaches the last row, or did before
 * the window became smaller, erases the operator's scrollback; the frames here are cut to the window anyway.
 */
function endless(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  return new Proxy(stdout, {
    get: (target, key) => {
      if (key === 'rows') return Number.MAX_SAFE_INTEGER;
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]) =>
        args[0] === 'resize' ? stdout : Reflect.apply(value, target, args);
    },
  });
}

function speaksUnicode(): boolean {
  const { LC_ALL, LC_CTYPE, LANG, TERM } = process.env;
  const locale = LC_ALL || LC_CTYPE || LANG || '';
  return TERM !== 'linux' && /utf-?8/i.test(locale);
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const afterMs: After = (ms, f) => {
  const timer = setTimeout(f, ms);
  return () => clearTimeout(timer);
};
