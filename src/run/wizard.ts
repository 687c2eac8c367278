import { word } from '../domain/failure.ts';
import type { Invocation } from '../flags.ts';
import { lazyActions } from '../store/lazy-actions.ts';
import { createAppStore } from '../store/store.ts';
import { mountApp } from '../ui/mount.tsx';
import { complain } from './complain.ts';
import { exits } from './exits.ts';
import { farewell } from './farewell.ts';
import { expectHangup, keepMemoryPrivate } from './hangup.ts';
import { namedNodes } from './nodes.ts';
import { startedAs } from './program.ts';
import { keepTime } from './ticking.ts';
import { waiversNow, waiversPath } from './waivers.ts';

/** Runs the wizard in the terminal until the operator leaves; the exit code says what is left to do. */
export async function runWizard(invocation: Invocation): Promise<number> {
  // First, for the names that it lists may be wanted without a terminal.
  if (invocation.command === 'lab' && invocation.values.has('broken')) {
    const why = await (await import('./broken.ts')).whyNotBroken(invocation);
    if (why) return complain(why);
  }
  if (!process.stdin.isTTY || !process.stdout.isTTY || process.env.TERM === 'dumb') {
    const { sentence, hint } = word({ code: 'no-terminal' });
    process.stderr.write(`k8s-harden: ${sentence}\n${hint}\n`);
    return exits.usage;
  }
  const named = await namedNodes(invocation);
  if (!named.ok) {
    const { sentence, hint } = word(named.failure);
    process.stderr.write(`k8s-harden: ${sentence}\n${hint}\n`);
    return exits.usage;
  }
  const waivers = await waiversNow(waiversPath(invocation));
  if (!waivers.ok) return complain(waivers.failure);
  const [planned] = invocation.values.get('plan') ?? [];
  const plan = planned === undefined ? undefined : await (await import('./plan-file.ts')).loadPlan(planned);
  if (plan && !plan.ok) return complain(plan.failure);
  const store = createAppStore(Date.now());
  store.setState({ command: startedAs() });
  const exit: { why: 'finished' | 'left' | 'interrupted' } = { why: 'left' };
  let close: () => void = () => {};
  const services = once(async () =>
    (await import('./services.ts')).makeServices(
      invocation,
      named.value,
      (why) => {
        exit.why = why;
        close();
      },
      plan?.value,
    ),
  );
  const { actions, prepare } = lazyActions(async () =>
    (await import('../store/create-actions.ts')).createActions(store, await services()),
  );
  const app = mountApp({
    store,
    actions,
    stdin: process.stdin,
    stdout: process.stdout,
    inline: invocation.on.has('inline'),
    plain: invocation.on.has('screen-reader'),
    ascii: invocation.on.has('ascii'),
    readOnly: invocation.on.has('read-only'),
  });
  close = () => app.unmount();
  expectHangup();
  keepMemoryPrivate();
  const stopTicking = keepTime(store);
  // The first frame stands; what the first key may need can load now.
  void prepare();
  if (invocation.command === 'lab') actions.startLab();
  else void services().then(async (s) => store.setState({ sessions: await s.listSessions() }));
  const { signal } = await app.waitUntilExit();
  stopTicking();
  await (await services()).closeLab();
  const { session, journalPath, profiles } = store.getState();
  const interrupted = signal ? exits[signal] : exit.why === 'interrupted' ? exits.interrupted : undefined;
  if (session.id === '') return interrupted ?? exits.fine;
  const { summaryText, exitCode } = await import('../report/index.ts');
  const profile = profiles.find((p) => p.distribution.id === session.distribution);
  process.stdout.write(
    `${wrapped(summaryText(session, profile), process.stdout.columns || 80)}\n${farewell({
      journal: journalPath,
      id: session.id,
      command: startedAs(),
      head: await closedHead(journalPath),
    })}`,
  );
  return interrupted ?? exitCode(session, profile);
}

/** The hash to keep, when the record was closed in order. */
async function closedHead(journal: string): Promise<string | undefined> {
  const { readHead } = await import('../journal/head.ts');
  const read = await readHead(journal);
  return read.kind === 'on-record' && read.head.state === 'closed' ? read.head.hash : undefined;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Lines wrapped at words, what follows a break indented under its line. */
function wrapped(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const lead = ' '.repeat(/^ */.exec(line)?.[0].length ?? 0);
      const lines: string[] = [];
      let rest = line;
      while (rest.length > columns) {
        const at = rest.lastIndexOf(' ', columns);
        if (at <= lead.length + 2) break;
        lines.push(rest.slice(0, at));
        rest = `${lead}  ${rest.slice(at + 1)}`;
      }
      return [...lines, rest];
    })
    .join('\n');
}
