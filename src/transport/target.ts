import { randomBytes } from 'node:crypto';
import { type Failure, ok, type Result, word } from '../domain/failure.ts';
import { withNewKey } from '../domain/new-key.ts';
import type { Answers, AskOptions, Deed, DeedOptions, DeedReport, Target } from '../domain/ports.ts';
import type { Question } from '../domain/question.ts';
import { commandLine } from '../domain/quote.ts';
import { partQuestions } from '../domain/read-only.ts';
import { createPlaces } from './bounded.ts';
import type { Conversation } from './conversation.ts';
import { type Deadline, fired, startDeadline } from './deadline.ts';
import type { Link } from './link.ts';
import { startShell } from './shell.ts';
import { askExchange, deedExchange, type Exchange } from './wire/index.ts';

/** What a target is made of. */
export type TargetSetting = {
  readonly name: string;
  readonly link: Link;
  readonly readOnly: boolean;
  /** The script's first line carries the questions as data, for a node that is no shell. */
  readonly lab: boolean;
  /** A shell that is open already; the first conversation takes it. */
  readonly waiting: Conversation | undefined;
  readonly open: (deadline: Deadline) => Promise<Result<Conversation>>;
  readonly leave: () => void;
  /** The key of a session, made when a change first sends it. */
  readonly newKey: (session: string) => string;
};

/** Two channels at once are what every server allows; more are not faster. */
const channels = 2;
/** No answer of ours is as long; whoever sends more is not answering. */
const flood = 64 << 20;
/** How long a channel may take to confirm that it was closed, and a server to answer at all. */
const closeMs = 500;
const patienceMs = 3000;
const idleMs = 20_000;

/** A node as a target: each batch and each deed is one channel, one script, one deadline. */
export function createTarget(of: TargetSetting): Target {
  const places = createPlaces(channels);
  let waiting = of.waiting;
  let idle = waiting && setTimeout(() => discard(), idleMs);
  idle?.unref();
  const discard = (): void => {
    waiting?.shell.end();
    waiting?.shell.close();
    waiting = undefined;
  };
  const takeWaiting = (): Conversation | undefined => {
    clearTimeout(idle);
    idle = undefined;
    const taken = waiting;
    waiting = undefined;
    return taken;
  };
  void waiting?.shell.done.then(() => {
    if (waiting === of.waiting) waiting = undefined;
  });
  of.link.onLost(() => of.leave());

  const converse = async <T>(
    exchange: Exchange<T>,
    deadline: Deadline,
    seconds: number,
    mayInterrupt: boolean,
  ): Promise<Talked<T>> => {
    const stopped = (last: string): Failure =>
      deadline.signal.reason === 'cancelled'
        ? { code: 'refused', message: `Asking ${of.name} was called off.` }
        : { code: 'deadline', node: of.name, seconds, last };
    const nothing = (failure: Failure): Talked<T> => ({
      value: exchange.finish({ exit: null, reason: word(failure).sentence }),
      failure,
      sent: false,
    });
    const lost = of.link.lost();
    if (lost) return nothing(lost);
    const release = await places.take(deadline.signal);
    if (!release) return nothing(stopped('its other sessions are busy'));
    try {
      const ready = takeWaiting();
      const entered = ready ? ok(ready) : await of.open(deadline);
      if (!entered.ok)
        return nothing(entered.failure.code === 'deadline' ? stopped(entered.failure.last) : entered.failure);
      const talk = entered.value;
      let bytes = 0;
      let tooMuch = false;
      const count = (chunk: Buffer): boolean => {
        bytes += chunk.length;
        if (bytes > flood && !tooMuch) {
          tooMuch = true;
          talk.shell.close();
        }
        return !tooMuch;
      };
      talk.listen({
        out: (chunk) => count(chunk) && exchange.feed(chunk),
        error: (chunk) => count(chunk) && exchange.feedError(chunk),
      });
      if (of.lab) talk.shell.write(`: k8s-harden-lab ${Buffer.from(exchange.data()).toString('base64')}\n`);
      talk.shell.write(exchange.script);
      talk.shell.end();
      const end = await Promise.race([talk.shell.done, fired(deadline.signal)]);
      if (end === 'fired') {
        const failure = stopped('');
        await giveUp(talk, failure, mayInterrupt);
        return {
          value: exchange.finish({ exit: null, reason: word(failure).sentence }),
          failure,
          sent: true,
        };
      }
      if (end.kind === 'ended' && end.exit !== null && !tooMuch)
        return { value: exchange.finish({ exit: end.exit }), failure: undefined, sent: true };
      const message = tooMuch ? 'it sent more than any answer can be' : endWords(end);
      const failure = of.link.lost() ?? { code: 'link-lost' as const, node: of.name, message };
      return { value: exchange.finish({ exit: null, reason: word(failure).sentence }), failure, sent: true };
    } finally {
      release();
    }
  };

  /**
   * OpenSSH keeps a channel open until its command has ended, so that its silence there means nothing; that it answers the
   * wish for another channel, with yes or no, means that it lives.
   */
  const giveUp = async (talk: Conversation, failure: Failure, mayInterrupt: boolean): Promise<void> => {
    if (mayInterrupt) talk.shell.interrupt();
    talk.shell.close();
    if (await within(talk.shell.done, closeMs)) return;
    const probe = startShell(of.link.ssh, 'exec true', { out: () => undefined, error: () => undefined });
    if (await within(probe.done, patienceMs)) return;
    of.link.drop({ code: 'link-lost', node: of.name, message: word(failure).sentence });
  };

  return {
    name: of.name,
    ask: async (questions: readonly Question[], options: AskOptions): Promise<Answers> => {
      // The profiles were looked at when they were read; nothing that might change a node is sent, whoever asks.
      const { sent, refused } = partQuestions(questions);
      if (sent.length === 0) return refused;
      const exchange = askExchange(sent, {
        marker: newMarker(),
        onAnswer: (done, of) => options.onAnswer?.(done + refused.size, of + refused.size),
      });
      const deadline = startDeadline(options.deadlineMs, options.signal);
      try {
        const talked = await converse(exchange, deadline, secondsOf(options.deadlineMs), true);
        return new Map([...refused, ...talked.value]);
      } finally {
        deadline.cancel();
      }
    },
    perform: async (deed: Deed, options: DeedOptions): Promise<DeedReport> => {
      if (of.readOnly)
        return { kind: 'refused', failure: { code: 'read-only', what: deedWords(deed) }, output: [] };
      const onOutput = options.onOutput ? { onOutput: options.onOutput } : {};
      const exchange = deedExchange(withNewKey(deed, of.newKey), {
        marker: newMarker(),
        node: of.name,
        ...onOutput,
      });
      const deadline = startDeadline(options.deadlineMs);
      try {
        const talked = await converse(exchange, deadline, secondsOf(options.deadlineMs), false);
        if (!talked.failure) return talked.value;
        // What was never sent was never begun.
        if (!talked.sent) return { kind: 'refused', failure: talked.failure, output: [] };
        return talked.value.kind === 'unknown' ? { ...talked.value, failure: talked.failure } : talked.value;
      } finally {
        deadline.cancel();
      }
    },
    onLost: of.link.onLost,
    close: async () => {
      discard();
      clearTimeout(idle);
      await of.link.close();
      of.leave();
    },
  };
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.round(ms / 1000));
}

async function within(done: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const result = await Promise.race([done.then(() => true), late]);
  clearTimeout(timer);
  return result;
}

type Talked<T> = { readonly value: T; readonly failure: Failure | undefined; readonly sent: boolean };

function endWords(end: Awaited<Conversation['shell']['done']>): string {
  if (end.kind === 'not-opened') return end.reason;
  return end.signal ? `the script was ended by ${end.signal}` : 'the channel ended without an exit status';
}

function newMarker(): string {
  return randomBytes(16).toString('hex');
}

/** What a deed is, in the words of a refusal. */
export function deedWords(deed: Deed): string {
  switch (deed.kind) {
    case 'change':
      return `the change for ${deed.change.control}`;
    case 'undo':
      return `the undo of ${deed.change.control}`;
    case 'restart':
    case 'stop':
    case 'start':
      return `${deed.kind} ${deed.unit}`;
    case 'make-cluster':
      return commandLine(deed.words);
    case 'lock':
      return 'taking the lock';
    case 'unlock':
      return 'giving the lock back';
    case 'hold':
      return 'taking the lock of the cluster';
    case 'release':
      return 'giving the lock of the cluster back';
  }
}
