import { Console } from 'node:console';
import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { AppState } from '../../src/store/state.ts';
import { type AppStore, createAppStore } from '../../src/store/store.ts';
import { type Mounted, mountApp } from '../../src/ui/mount.tsx';
import { bigState, noon, stateOf } from './fixture.ts';
import { type Call, recordingActions } from './world.ts';

// The test runner's console lacks the constructor that Ink wants.
Object.assign(console, { Console });

/** A terminal's input that a test writes to. */
class Input extends EventEmitter {
  readonly raw: boolean[] = [];
  resume(): void {}
  pause(): void {}
  setRawMode(on: boolean): void {
    this.raw.push(on);
  }
  send(bytes: string): void {
    this.emit('data', Buffer.from(bytes));
  }
}

/** A terminal's output that keeps every byte. */
class Output extends EventEmitter {
  isTTY = true;
  columns = 80;
  rows = 24;
  bytes = '';
  write = (text: string): boolean => {
    this.bytes += text;
    this.emit('written');
    return true;
  };
}

/** A process that only its listeners know of. */
class Signals extends EventEmitter {
  readonly sent: unknown[] = [];
  exitCode = 0;
  kill = (pid: number, signal: string): true => {
    this.sent.push([pid, signal]);
    return true;
  };
  exit = (): never => {
    throw new Error('exit');
  };
}

type Mount = {
  readonly app: Mounted;
  readonly store: AppStore;
  readonly input: Input;
  readonly output: Output;
  readonly signals: Signals;
  readonly calls: readonly Call[];
};

const mounted: Mounted[] = [];

function mount(state: AppState, options: Partial<Parameters<typeof mountApp>[0]> = {}): Mount {
  const store = createAppStore(noon);
  store.setState(state, true);
  const { actions, calls } = recordingActions();
  const input = new Input();
  const output = new Output();
  const signals = new Signals();
  const app = mountApp({
    store,
    actions,
    stdin: input,
    stdout: output as unknown as NodeJS.WriteStream,
    signals: signals as unknown as NonNullable<Parameters<typeof mountApp>[0]['signals']>,
    ...options,
  });
  mounted.push(app);
  return { app, store, input, output, signals, calls };
}

/** Waits until the output says something; half a minute is enough on a crowded machine too. */
function shows(output: Output, what: string | RegExp, from = 0): Promise<void> {
  const has = (): boolean => {
    const text = output.bytes.slice(from);
    return typeof what === 'string' ? text.includes(what) : what.test(text);
  };
  return new Promise((resolve, reject) => {
    if (has()) return resolve();
    const timer = setTimeout(() => reject(new Error(`never shown: ${what}`)), 30_000);
    const listener = (): void => {
      if (!has()) return;
      clearTimeout(timer);
      output.off('written', listener);
      resolve();
    };
    output.on('written', listener);
  });
}

afterEach(() => {
  for (const app of mounted.splice(0)) app.unmount();
});

describe('the mounted screens', () => {
  it('take the terminal over and give it back whole', async () => {
    const m = mount(stateOf());
    await shows(m.output, 'Step 6 of 9');
    expect(m.output.bytes.startsWith('\u001b[?1049h')).toBe(true);
    expect(m.output.bytes).toContain('\u001b[?2004h');
    m.app.unmount();
    await m.app.waitUntilExit();
    const end = m.output.bytes.slice(-80);
    expect(end).toContain('\u001b[?2004l');
    expect(end).toContain('\u001b[?25h');
    expect(end).toContain('\u001b[?1049l');
    expect(m.input.raw).toEqual([true, false]);
    expect(m.signals.eventNames()).toEqual([]);
  });

  it('never erase the scrollback or the whole screen, at any size', async () => {
    const m = mount(stateOf());
    await shows(m.output, 'Step 6 of 9');
    for (const [columns, rows] of [
      [120, 40],
      [60, 16],
      [50, 10],
      [100, 30],
    ] as const) {
      const from = m.output.bytes.length;
      Object.assign(m.output, { columns, rows });
      m.output.emit('resize');
      await shows(m.output, columns < 60 ? 'this needs 60x16' : 'Step 6 of 9', from);
    }
    for (const key of ['\u001b[B', '?', '\u001b[6~', 'q']) {
      const from = m.output.bytes.length;
      m.input.send(key);
      await shows(m.output, /\S/, from);
    }
    expect(m.output.bytes).not.toMatch(/\u001b\[[23]J/);
  });

  it('draw the key that was pressed', async () => {
    const m = mount(stateOf());
    await shows(m.output, 'Step 6 of 9');
    const from = m.output.bytes.length;
    m.input.send('\u001b[B\u001b[B');
    await shows(m.output, /❯[^\n]*1\.1\.3/, from);
  });

  it('redraw the whole screen on ctrl-l', async () => {
    const m = mount(stateOf());
    await shows(m.output, '? help');
    const from = m.output.bytes.length;
    m.input.send('\u000c');
    await shows(m.output, /\u001b\[H\u001b\[J[\s\S]*Step 6 of 9[\s\S]*\? help/, from);
  });

  it('hand the terminal to the shell on ctrl-z and take it again', async () => {
    const m = mount(stateOf());
    await shows(m.output, '? help');
    m.input.send('\u001a');
    expect(m.signals.sent).toEqual([[0, 'SIGTSTP']]);
    expect(m.input.raw).toEqual([true, false]);
    expect(m.output.bytes.endsWith('\u001b[?1049l')).toBe(true);
    const from = m.output.bytes.length;
    m.signals.emit('SIGCONT');
    await shows(m.output, 'Step 6 of 9', from);
    expect(m.input.raw).toEqual([true, false, true]);
  });

  it('do not suspend while a node is being changed', () => {
    const work = [{ id: 'w', label: 'changing', since: noon, done: 0, of: 1, changing: true }];
    const m = mount(stateOf({}, {}, { work }));
    m.input.send('\u001a');
    expect(m.signals.sent).toEqual([]);
  });

  it('finish the step on a signal, and say which one it was', async () => {
    const work = [{ id: 'w', label: 'changing', since: noon, done: 0, of: 1, changing: true }];
    const m = mount(stateOf({}, {}, { work }));
    m.signals.emit('SIGHUP');
    expect(m.calls.map((c) => c.name)).toEqual(['stopAfterStep']);
    m.store.setState({ work: [] });
    expect(m.calls.at(-1)).toEqual({ name: 'quit', args: ['interrupted'] });
    m.app.unmount();
    expect(await m.app.waitUntilExit()).toEqual({ signal: 'SIGHUP' });
  });

  it('finish the step where a hangup is told twice, and leave at once when another signal comes', () => {
    const work = [{ id: 'w', label: 'changing', since: noon, done: 0, of: 1, changing: true }];
    const m = mount(stateOf({}, {}, { work }));
    m.signals.emit('SIGHUP');
    m.signals.emit('SIGHUP');
    expect(m.calls.map((c) => c.name)).toEqual(['stopAfterStep']);
    m.signals.emit('SIGTERM');
    expect(m.calls.at(-1)).toEqual({ name: 'quit', args: ['interrupted'] });
  });

  it('throw a bug in a screen after the terminal was given back', async () => {
    const m = mount(stateOf());
    await shows(m.output, '? help');
    const ended = m.app.waitUntilExit();
    m.store.setState({ session: { ...m.store.getState().session, step: 'nowhere' as 'start' } });
    await expect(ended).rejects.toThrow();
    expect(m.output.bytes).toMatch(/\u001b\[\?1049l/);
  });

  it('stay on the normal screen for a screen reader', async () => {
    const m = mount(stateOf(), { plain: true });
    await shows(m.output, 'Step 6 of 9');
    expect(m.output.bytes).not.toContain('\u001b[?1049h');
    expect(m.output.bytes).not.toContain('─');
  });

  it('begin at the read-only session with --read-only', () => {
    const { session: _, ...rest } = stateOf();
    const m = mount(
      { ...rest, session: { ...stateOf().session, id: '', step: 'start' } },
      { readOnly: true },
    );
    m.input.send('\r');
    expect(m.calls).toEqual([{ name: 'startSession', args: [{ readOnly: true }] }]);
  });

  // What a key may take at all, the bench measures with what is shipped; here React is the slow one for development.
  it('spend no more on a key in a list of two thousand rows than twice what they do in one of forty', async () => {
    const perKey = async (rows: number): Promise<number> => {
      const m = mount(bigState(rows));
      await shows(m.output, `1 of ${rows}`);
      const press = async (key: string, row: number): Promise<void> => {
        const from = m.output.bytes.length;
        m.input.send(key);
        await shows(m.output, `${row} of ${rows}`, from);
      };
      const keys = 30;
      for (let i = 0; i < 5; i++) await press('\u001b[B', i + 2);
      const before = process.cpuUsage();
      for (let i = 5; i < keys; i++) await press('\u001b[B', i + 2);
      // The processor's time, not the clock's: other work on the machine must not decide.
      const { user, system } = process.cpuUsage(before);
      return (user + system) / (keys - 5);
    };
    await perKey(40);
    const few = await perKey(40);
    expect((await perKey(2000)) / few).toBeLessThan(2);
  });

  it('draw what happens by itself no more often than a person can follow', async () => {
    const m = mount(stateOf({ step: 'probe' }));
    await shows(m.output, '? help');
    const frames = (): number => m.output.bytes.split('? help').length - 1;
    const before = frames();
    for (let done = 0; done <= 1000; done++) {
      m.store.setState({ progress: { 'cp-1': { phase: 'asking', done, of: 1000 } } });
      if (done % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await shows(m.output, '1000 of 1000');
    expect(frames() - before).toBeLessThan(30);
  });
});
