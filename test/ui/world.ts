import type { Actions } from '../../src/store/actions.ts';
import type { AppState } from '../../src/store/state.ts';
import { type AppStore, createAppStore } from '../../src/store/store.ts';
import { createDriver, type Driver } from '../../src/ui/driver.ts';
import { type After, KeyDoor } from '../../src/ui/keydoor.ts';
import { noon } from './fixture.ts';

/** One call of an action. */
export type Call = { readonly name: keyof Actions; readonly args: readonly unknown[] };

/** Actions that set a change in motion on a node, or decide for good. */
export const changing: readonly (keyof Actions)[] = ['apply', 'undo', 'restart', 'repair', 'takeOver'];

/** Actions that do nothing but be written down. */
export function recordingActions(): { readonly actions: Actions; readonly calls: Call[] } {
  const calls: Call[] = [];
  const actions = new Proxy({} as Actions, {
    get:
      (_, name) =>
      (...args: readonly unknown[]) => {
        calls.push({ name: name as keyof Actions, args });
      },
    ownKeys: () => [],
  });
  return { actions, calls };
}

/** A clock that stands still until it is moved. */
export function standingClock(): {
  readonly now: () => number;
  readonly after: After;
  readonly pass: (ms: number) => void;
} {
  let time = noon;
  let timers: { readonly at: number; readonly f: () => void }[] = [];
  return {
    now: () => time,
    after: (ms, f) => {
      const timer = { at: time + ms, f };
      timers.push(timer);
      return () => {
        timers = timers.filter((t) => t !== timer);
      };
    },
    pass: (ms) => {
      time += ms;
      const due = timers.filter((t) => t.at <= time);
      timers = timers.filter((t) => t.at > time);
      for (const t of due) t.f();
    },
  };
}

/** A store, recording actions and a driver in a world whose time is moved by the test. */
export type World = {
  readonly store: AppStore;
  readonly driver: Driver;
  readonly calls: Call[];
  readonly pass: (ms: number) => void;
  /** Sends bytes as one packet. */
  readonly packet: (bytes: string) => void;
  /** Presses keys one by one, with enough time between them for every screen to be ready. */
  readonly press: (...keys: readonly string[]) => void;
  readonly state: () => AppState;
  readonly names: () => readonly string[];
};

const bytes: Readonly<Record<string, string>> = {
  enter: '\r',
  up: '\x1b[A',
  down: '\x1b[B',
  left: '\x1b[D',
  right: '\x1b[C',
  home: '\x1b[H',
  end: '\x1b[F',
  pagedown: '\x1b[6~',
  tab: '\t',
  space: ' ',
  backspace: '\x7f',
  'ctrl-c': '\x03',
  'ctrl-s': '\x13',
};

/** A world that begins in this state. */
export function world(state: AppState): World {
  const store = createAppStore(noon);
  store.setState(state, true);
  const { actions, calls } = recordingActions();
  const clock = standingClock();
  const driver = createDriver({
    store,
    actions,
    now: clock.now,
    after: clock.after,
    options: { ascii: false, color: false, plain: false },
    suspend: () => {},
    redraw: () => {},
  });
  let packet: (text: string) => void = () => {};
  const stdin = {
    on: (_: 'data', listener: typeof packet) => {
      packet = listener;
    },
    off: () => {},
    resume: () => {},
    pause: () => {},
  };
  new KeyDoor(stdin, clock.after, driver.take).open();
  return {
    store,
    driver,
    calls,
    pass: clock.pass,
    packet: (text) => packet(text),
    press: (...keys) => {
      for (const key of keys) {
        clock.pass(400);
        if (key === 'escape') driver.take([{ kind: 'named', name: 'escape' }], true);
        else packet(bytes[key] ?? key);
      }
    },
    state: store.getState,
    names: () => calls.map((c) => c.name),
  };
}
