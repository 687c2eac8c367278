import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recorded } from '../../src/domain/event.ts';
import { openTerminal, patience, prompt, type Terminal } from './tmux.ts';

/** Somebody at a terminal with the program: types at it, reads it, and looks at the records it leaves. */
export type Operator = Terminal & {
  /** A home of this operator's own; sessions and exports land in it. */
  readonly home: string;
  /** Types a command at the shell's prompt, once it stands there: what is typed ahead of it would be echoed above it. */
  readonly command: (line: string) => Promise<void>;
  /** Types the command that starts the program. */
  readonly start: (...args: readonly string[]) => Promise<void>;
  /** Waits until all of this stands on the screen and the program, all keys taken, waits for one; answers the screen. */
  readonly see: (...what: readonly (string | RegExp)[]) => Promise<string>;
  /** One key, then `see`. */
  readonly press: (key: string, ...what: readonly (string | RegExp)[]) => Promise<string>;
  /** Waits for the shell and answers the exit code of what ran last. */
  readonly exitCode: () => Promise<number>;
  /** Ids of the sessions on record, oldest first. */
  readonly sessions: () => readonly string[];
  /** Everything that is on record of all sessions, oldest first. */
  readonly records: () => readonly Recorded[];
};

/** How many bytes the terminal sends for a key that tmux knows by name. */
const lengths: Readonly<Record<string, number>> = {
  Enter: 1,
  Escape: 1,
  Space: 1,
  Up: 3,
  Down: 3,
  Home: 4,
  End: 4,
};

function lengthOf(key: string): number {
  const length = lengths[key] ?? (/^C-.$/.test(key) ? 1 : Buffer.byteLength(key));
  if (length > 1 && lengths[key] === undefined)
    throw new Error(`how many bytes does a terminal send for ${key}?`);
  return length;
}

/** Nothing but the prompt stands on the last line, and anything else does. */
const bare = new RegExp(`${prompt}\\s*$`);
const echoed = new RegExp(`^(?![\\s\\S]*${prompt}\\s*$)`);

/** Opens a terminal for an operator whose home is new, unless one is given. */
export async function sitDown(options: {
  readonly program: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly home?: string;
  /** No shell: the program is all there is, and nothing that is typed after its end reaches anything. */
  readonly alone?: readonly string[];
}): Promise<Operator> {
  const { program, columns = 80, rows = 24, env, alone } = options;
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'k8s-harden-home-'));
  const state = join(home, 'state');
  const scratch = join(home, 'tmp');
  for (const folder of [state, scratch]) mkdirSync(folder, { recursive: true });
  const terminal = await openTerminal({
    columns,
    rows,
    cwd: home,
    env: {
      HOME: home,
      XDG_STATE_HOME: state,
      XDG_DATA_HOME: home,
      TMPDIR: scratch,
      K8S_HARDEN_IDLE_MARK: '1',
      ...env,
    },
    ...(alone
      ? { command: ['sh', '-c', '"$@"; cat >/dev/null', 'sh', process.execPath, program, ...alone] }
      : {}),
  });
  if (!alone) await terminal.waitFor(prompt);

  const folder = join(state, 'k8s-harden/sessions');
  const journals = (): readonly string[] => {
    try {
      return readdirSync(folder)
        .filter((name) => name.endsWith('.jsonl'))
        .toSorted();
    } catch {
      return [];
    }
  };
  // What was typed since the program was started; it shows how much of that it has taken.
  let sent = 0;
  const sends = (bytes: number): void => {
    sent += bytes;
  };
  const see: Operator['see'] = async (...what) => {
    const end = Date.now() + patience * 1000;
    let last = '';
    for (;;) {
      const text = (await (last === '' ? terminal.glance() : terminal.screen())).join('\n').trimEnd();
      const joined = text.replaceAll(/\s+/g, ' ');
      // What wraps at one size does not at another, so words are looked for across lines too.
      const there = (w: string | RegExp) =>
        typeof w === 'string' ? text.includes(w) || joined.includes(w) : w.test(text) || w.test(joined);
      const mark = ` i${String(sent % 1000).padStart(3, '0')}`;
      const missing = text.endsWith(mark) ? what.find((w) => !there(w)) : `the end of its work (${mark})`;
      // A frame may be drawn between two steps of one change; only what stands is looked at.
      if (missing === undefined && text === last) return text.slice(0, -mark.length);
      last = missing === undefined ? text : '';
      if (Date.now() > end) throw new Error(`waited ${patience} s for ${missing}; the screen was:\n${text}`);
      await new Promise((resolve) => setTimeout(resolve, missing === undefined ? 40 : 5));
    }
  };
  const command: Operator['command'] = async (line) => {
    await terminal.waitFor(bare);
    await terminal.type(line);
    await terminal.waitFor(echoed);
    await terminal.keys('Enter');
  };
  const keys: Operator['keys'] = async (...names) => {
    for (const name of names) sends(lengthOf(name));
    await terminal.keys(...names);
  };
  return {
    ...terminal,
    home,
    see,
    command,
    start: async (...args) => {
      sent = 0;
      await command([process.execPath, program, ...args].map((word) => `'${word}'`).join(' '));
    },
    keys,
    type: async (text) => {
      sends(Buffer.byteLength(text));
      await terminal.type(text);
    },
    bytes: async (bytes) => {
      sends(bytes.length);
      await terminal.bytes(bytes);
    },
    paste: async (text, marked = true) => {
      sends(Buffer.byteLength(text) + (marked ? 12 : 0));
      await terminal.paste(text, marked);
    },
    press: async (key, ...what) => {
      await keys(key);
      return see(...what);
    },
    exitCode: async () => {
      await command('echo "code=$?"');
      return Number(/^code=(\d+)$/m.exec(await terminal.waitFor(/^code=\d+$/m))?.[1]);
    },
    sessions: () => journals().map((name) => name.replace(/\.jsonl$/, '')),
    records: () =>
      journals().flatMap((name) =>
        readFileSync(join(folder, name), 'utf8')
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line) as Recorded),
      ),
    close: async () => {
      await terminal.close();
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}
