import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why this machine cannot show a terminal to a test; undefined where it can. */
export function whyNoTmux(): string | undefined {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'tmux is missing (Debian package: tmux), so nothing is tried in a real terminal';
  }
}

/** What a terminal is opened with. */
export type TerminalOptions = {
  readonly columns?: number;
  readonly rows?: number;
  readonly cwd: string;
  /** Everything the shell in it knows, beside PATH, a terminal type and a locale. */
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of a shell: a program and its arguments, with no shell to return to. */
  readonly command?: readonly string[];
};

/** One program in a real terminal that a test types at and looks at. */
export type Terminal = {
  /** The lines as they stand, right-trimmed, without colour. */
  readonly screen: () => Promise<readonly string[]>;
  /** The same, looked at anew only when something was written since, or the last look is old: for who waits. */
  readonly glance: () => Promise<readonly string[]>;
  /** The same with colours as escape sequences. */
  readonly colours: () => Promise<readonly string[]>;
  /** The screen with all that has scrolled out of it, wrapped lines joined. */
  readonly history: () => Promise<string>;
  /** Waits until the screen, its lines joined, satisfies; answers that screen. */
  readonly waitFor: (what: string | RegExp, seconds?: number) => Promise<string>;
  /** Keys by name (`Enter`, `Down`, `C-c`) or as one character; all of one call arrive as one packet. */
  readonly keys: (...names: readonly string[]) => Promise<void>;
  /** Text as a fast typist's burst. */
  readonly type: (text: string) => Promise<void>;
  /** Bytes as they are, in one packet. */
  readonly bytes: (bytes: Buffer) => Promise<void>;
  /** A paste: marked as one when the program asked for that, or as plain text. */
  readonly paste: (text: string, marked?: boolean) => Promise<void>;
  readonly resize: (columns: number, rows: number) => Promise<void>;
  /** What tmux knows of the pane, for example `alternate_on`, `cursor_flag`, `pane_pid`. */
  readonly flag: (name: string) => Promise<string>;
  /** Every byte the program has written since the terminal was opened. */
  readonly written: () => Promise<Buffer>;
  /** The terminal's device, for `stty`. */
  readonly tty: () => Promise<string>;
  readonly close: () => Promise<void>;
};

/** Seconds, long enough for a machine that has much else to do; what comes is not waited for any longer than it takes. */
export const patience = 45;

/** How old a glance may be. A new size changes a screen before anything is written. */
const staleMs = 200;

/** Ids of the processes that belong to the terminal of this session leader. */
function inSession(leader: number): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      // The name in parentheses may hold anything; after it come state, parent, group, session.
      const after = readFileSync(`/proc/${name}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ');
      return after[0] !== 'Z' && Number(after[3]) === leader ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** A program told to hang up writes its last line and goes; one that does not go is killed, so that nothing writes on. */
async function sessionEnded(leader: number): Promise<void> {
  const end = Date.now() + patience * 1000;
  for (let left = inSession(leader); left.length > 0; left = inSession(leader)) {
    if (Date.now() > end) {
      for (const pid of left) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It went by itself.
        }
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** The prompt of the shell in the terminal: nothing else on any screen ends like this. */
export const prompt = 'shell>';

/** Opens a terminal of a fixed size on a server of its own. */
export async function openTerminal(options: TerminalOptions): Promise<Terminal> {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-harden-tmux-'));
  const socket = join(folder, 'socket');
  const record = join(folder, 'written');
  const settings = join(folder, 'settings');
  const { columns = 80, rows = 24 } = options;
  const env = {
    PATH: process.env.PATH ?? '',
    LANG: 'C.UTF-8',
    PS1: `${prompt} `,
    HOME: folder,
    ...options.env,
  };
  const tmux = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await run('tmux', ['-S', socket, '-f', settings, ...args], {
      env: { PATH: env.PATH, LANG: 'C.UTF-8', HOME: folder },
      maxBuffer: 64 << 20,
    });
    return stdout;
  };
  const assignments = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  // A server keeps the environment of its first client, so the program gets its own by name and nothing else. The gate
  // holds it until every byte is being recorded.
  const gate = join(folder, 'gate');
  const held = 'until [ -e "$0" ]; do sleep 0.01; done; exec "$@"';
  const command = options.command ?? ['sh', '-i'];
  const inner = ['env', '-i', 'TERM=screen-256color', ...assignments, 'sh', '-c', held, gate, ...command];
  await writeFile(settings, 'set -g status off\nset -s escape-time 0\nset -g history-limit 5000\n');
  const size = ['-x', String(columns), '-y', String(rows)];
  await tmux('new-session', '-d', ...size, '-c', options.cwd, ...inner);
  // A test that is cut off closes nothing: the server ends with the process that wanted it.
  const widow = `while kill -0 ${process.pid}; do sleep 2; done 2>/dev/null; tmux -S '${socket}' kill-server; rm -rf '${folder}'`;
  await tmux('run-shell', '-b', widow, ';', 'pipe-pane', '-o', `cat > '${record}'`);
  await writeFile(gate, '');

  const capture = async (...more: readonly string[]): Promise<string> =>
    tmux('capture-pane', '-p', '-t', ':', ...more);
  const lines = (text: string): readonly string[] => text.split('\n').map((line) => line.trimEnd());
  let last = { written: -1, at: 0, lines: [] as readonly string[] };
  // To ask tmux costs a process, and who waits asks many times.
  const glance = async (): Promise<readonly string[]> => {
    const written = statSync(record, { throwIfNoEntry: false })?.size ?? 0;
    if (written !== last.written || Date.now() - last.at > staleMs)
      last = { written, at: Date.now(), lines: lines(await capture()) };
    return last.lines;
  };
  const flag = async (name: string): Promise<string> =>
    (await tmux('display-message', '-p', `#{${name}}`)).trimEnd();
  const terminal: Terminal = {
    screen: async () => lines(await capture()),
    glance,
    colours: async () => lines(await capture('-e')),
    history: async () => (await capture('-J', '-S', '-')).trimEnd(),
    waitFor: async (what, seconds = patience) => {
      const end = Date.now() + seconds * 1000;
      for (;;) {
        const text = (await glance()).join('\n');
        if (typeof what === 'string' ? text.includes(what) : what.test(text)) return text;
        if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}; the screen was:\n${text}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    keys: async (...names) => {
      await tmux('send-keys', '-t', ':', ...names.map((name) => (name === ';' ? '\\;' : name)));
    },
    type: async (text) => {
      await tmux('send-keys', '-t', ':', '-l', text.endsWith(';') ? `${text.slice(0, -1)}\\;` : text);
    },
    bytes: async (bytes) => {
      const file = join(folder, `paste-${randomBytes(4).toString('hex')}`);
      await writeFile(file, bytes);
      await tmux('load-buffer', file, ';', 'paste-buffer', '-d', '-r', '-t', ':');
      await rm(file);
    },
    paste: async (text, marked = true) => {
      await tmux('set-buffer', '--', text, ';', 'paste-buffer', '-d', ...(marked ? ['-p'] : []), '-t', ':');
    },
    resize: async (to, high) => {
      await tmux('resize-window', '-x', String(to), '-y', String(high));
    },
    flag,
    written: async () => readFile(record),
    tty: async () => flag('pane_tty'),
    close: async () => {
      const leader = Number(await flag('pane_pid').catch(() => ''));
      await tmux('kill-server').catch(() => '');
      if (leader > 0) await sessionEnded(leader);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return terminal;
}
