// A wizard without a screen in a process of its own, which kills itself at one moment of a change or of its undo.
import type { Event, NodeAddress } from '../../src/domain/event.ts';
import type { Connector } from '../../src/domain/ports.ts';
import { standing } from '../../src/domain/session.ts';
import { createJournal } from '../../src/journal/journal.ts';
import { createRedactor } from '../../src/journal/redactor.ts';
import { createConnector } from '../../src/transport/ssh.ts';
import { createRun, walkToProbe } from './run.ts';

/** When the process ends: before or after an event is written, so long into a deed, or at a line of its output. */
export type Moment =
  | { readonly kind: 'before' | 'after'; readonly event: Event['kind'] }
  | { readonly kind: 'into'; readonly deed: 'change' | 'undo'; readonly ms: number }
  | { readonly kind: 'line'; readonly deed: 'change' | 'undo'; readonly number: number };

/** What the process is told. */
export type Doom = {
  readonly node: NodeAddress;
  readonly keyPath: string;
  readonly knownHostsPath: string;
  readonly folder: string;
  readonly session: string;
  readonly control: string;
  readonly moment: Moment;
};

const doom = JSON.parse(process.env.DOOM ?? '') as Doom;
const { moment } = doom;

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

const ssh = createConnector({
  knownHosts: doom.knownHostsPath,
  identity: doom.keyPath,
  sshConfig: false,
  agent: false,
});

const connector: Connector = {
  connect: async (node, options) => {
    const opened = await ssh.connect(node, options);
    if (!opened.ok) return opened;
    const { target } = opened.value;
    return {
      ok: true,
      value: {
        ...opened.value,
        target: {
          ...target,
          perform: (deed, how) => {
            const mine = (moment.kind === 'into' || moment.kind === 'line') && moment.deed === deed.kind;
            if (mine && moment.kind === 'into') setTimeout(die, moment.ms);
            let lines = 0;
            const onOutput = (line: string): void => {
              lines += 1;
              if (mine && moment.kind === 'line' && lines === moment.number) die();
              how.onOutput?.(line);
            };
            return target.perform(deed, { ...how, onOutput });
          },
        },
      },
    };
  },
};

const run = await createRun({
  connector,
  nodes: [doom.node],
  folder: doom.folder,
  services: {
    newSessionId: () => doom.session,
    createJournal: async (id) => {
      const made = await createJournal({
        folder: `${doom.folder}/sessions`,
        id,
        clock: () => new Date(),
        redactor: createRedactor(),
      });
      if (!made.ok) return made;
      const journal = made.value;
      const record: typeof journal.record = async (event) => {
        const mine = 'event' in moment && moment.event === event.kind;
        if (mine && moment.kind === 'before') die();
        const written = await journal.record(event);
        if (mine) die();
        return written;
      };
      return { ok: true, value: { path: journal.path, close: () => journal.close(), record } };
    },
  },
});
await walkToProbe(run, 'cis-1.6');
run.actions.plan(doom.control);
await run.idle();
run.actions.apply(doom.control, [doom.node.name]);
await run.idle();
run.actions.undo(
  standing(run.state().session).map((c) => c.change.id),
  false,
);
await run.idle();
// Whoever gets here was not killed, and the test that waits for it fails.
process.exit(0);
