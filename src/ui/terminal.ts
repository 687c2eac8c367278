import { writeSync } from 'node:fs';

/** What is needed of the terminal's output. */
export type Screenful = {
  readonly write: (text: string) => unknown;
  readonly on: (event: 'error', listener: (error: Error) => void) => unknown;
  readonly fd?: number;
};

/** What is needed of the process: its signals, its end, and the sending of one signal. */
export type Signals = Pick<NodeJS.Process, 'on' | 'off' | 'kill' | 'exit' | 'exitCode'>;

/** The signals that ask the program to end. */
export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const pasteOn = '\x1b[?2004h';
const pasteOff = '\x1b[?2004l';
const cursorOn = '\x1b[?25h';
const cursorOff = '\x1b[?25l';
const alternateOn = '\x1b[?1049h';
const alternateOff = '\x1b[?1049l';
// Home and erase below: nothing here ever erases the scrollback.
const emptied = '\x1b[H\x1b[J';

/**
 * The terminal while the program has it: the alternate screen, pastes marked as such, and everything given back on every
 * way out, a signal, a crash and a suspension included.
 */
/** How long after asking to be stopped we look whether we were. */
const unstoppedMs = 150;

export class Terminal {
  readonly #out: Screenful;
  readonly #inline: boolean;
  readonly #signals: Signals;
  #entered = false;
  #gone = false;
  #off: (() => void)[] = [];

  constructor(out: Screenful, inline: boolean, signals: Signals) {
    this.#out = out;
    this.#inline = inline;
    this.#signals = signals;
    // When the operator's own connection dies, writing fails; the signal that comes with it does the rest.
    out.on('error', () => {
      this.#gone = true;
    });
  }

  /** Takes the terminal over. */
  enter(): void {
    if (this.#entered) return;
    this.#entered = true;
    this.#write(`${this.#inline ? '' : alternateOn + emptied}${cursorOff}${pasteOn}`);
  }

  /** Gives the terminal back; twice is once. */
  leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    this.#write(`${pasteOff}${cursorOn}${this.#inline ? '' : alternateOff}`);
  }

  /** Empties the screen before it is drawn anew. */
  clear(): void {
    if (this.#entered && !this.#inline) this.#write(emptied);
  }

  /** Watches every way out. `onSignal` decides what a signal means; a crash gives the terminal back and is told. */
  guard(onSignal: (signal: EndSignal) => void, onCrash: (error: unknown) => void): void {
    const crashed = (error: unknown): void => {
      this.leave();
      onCrash(error);
    };
    this.#listen('exit', () => this.leave());
    for (const signal of ['SIGINT', 'SIGTERM'] as const) this.#listen(signal, () => onSignal(signal));
    // The system and the shell may both say that the terminal is gone. It is no haste: the step under way is finished.
    let hungUp = false;
    this.#listen('SIGHUP', () => {
      if (!hungUp) onSignal('SIGHUP');
      hungUp = true;
    });
    this.#listen('uncaughtException', crashed);
    this.#listen('unhandledRejection', crashed);
  }

  /** Hands the terminal to the shell until the program is continued. */
  suspend(before: () => void, after: () => void): void {
    before();
    this.leave();
    let back = false;
    const resumed = (): void => {
      if (back) return;
      back = true;
      this.#signals.off('SIGCONT', resumed);
      this.enter();
      after();
    };
    this.#signals.on('SIGCONT', resumed);
    this.#signals.kill(0, 'SIGTSTP');
    // Without a shell behind it (ssh -t host k8s-harden) the system does not stop us: then we simply go on. A program that
    // was stopped comes to this only after it was continued.
    setTimeout(resumed, unstoppedMs);
  }

  /** Stops watching. */
  release(): void {
    for (const off of this.#off) off();
    this.#off = [];
  }

  #listen(event: string, listener: (...args: never[]) => void): void {
    const emitter = this.#signals as unknown as NodeJS.EventEmitter;
    emitter.on(event, listener as (...args: unknown[]) => void);
    this.#off.push(() => emitter.off(event, listener as (...args: unknown[]) => void));
  }

  /** Straight to the descriptor where there is one: on the way out nothing may be left in a buffer. */
  #write(text: string): void {
    if (this.#gone) return;
    try {
      if (this.#out.fd === undefined) this.#out.write(text);
      else writeSync(this.#out.fd, text);
    } catch {
      this.#gone = true;
    }
  }
}
