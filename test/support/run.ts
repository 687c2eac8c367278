import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Profile } from '../../src/domain/control.ts';
import type { NodeAddress } from '../../src/domain/event.ts';
import { ok } from '../../src/domain/failure.ts';
import type { Connector, ConnectQuestion } from '../../src/domain/ports.ts';
import { createJournal, openJournal } from '../../src/journal/journal.ts';
import { readPast } from '../../src/journal/read-past.ts';
import { createRedactor } from '../../src/journal/redactor.ts';
import { readCompiled } from '../../src/profiles/compiled.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';
import type { Actions } from '../../src/store/actions.ts';
import { createActions } from '../../src/store/create-actions.ts';
import type { Services } from '../../src/store/services.ts';
import type { AppState } from '../../src/store/state.ts';
import { type AppStore, createAppStore } from '../../src/store/store.ts';
import { createWorkstation } from '../../src/transport/workstation.ts';
import { shared } from '../terminal/build.ts';

/** A wizard without a screen: its store, its actions, and how to wait for what they set in motion. */
export type Run = {
  readonly store: AppStore;
  readonly actions: Actions;
  readonly folder: string;
  readonly state: () => AppState;
  /** Resolves when the condition holds; rejects with what the state looked like after the deadline. */
  readonly until: (what: string, holds: (state: AppState) => boolean, ms?: number) => Promise<void>;
  /** Resolves when nothing is under way any more. */
  readonly idle: (ms?: number) => Promise<void>;
  readonly remove: () => Promise<void>;
};

// Many runs of one process must not share a session: changes are kept on the nodes under its id.
let made = 0;

// Reading all profiles costs seconds on a busy machine, and no run changes them: those of one process share them, and where
// the program was built for this run of tests, they are what its build read.
let shipped: ReturnType<Services['loadProfiles']> | undefined;

async function loadShipped(): ReturnType<Services['loadProfiles']> {
  const folders = [join(import.meta.dirname, '../../profiles')];
  const program = process.env[shared];
  const built =
    program && (await readCompiled(new URL('../dist/profiles.json', pathToFileURL(program)), folders));
  if (built) return ok(built.map(hurried));
  const loaded = await loadProfiles(folders, (type, spec) => resources.get(type)?.schema.parse(spec));
  return loaded.ok ? ok(loaded.value.map(hurried)) : loaded;
}

/** Sets a run up on a connector and some nodes; `answer` stands in for the operator's answers while connecting. */
export async function createRun(options: {
  readonly connector: Connector;
  readonly nodes: readonly NodeAddress[];
  readonly folder?: string;
  readonly answer?: (question: ConnectQuestion) => string | undefined;
  readonly services?: Partial<Services>;
}): Promise<Run> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'k8s-harden-run-')));
  const redactor = createRedactor();
  const journal = (id: string) => ({
    folder: join(folder, 'sessions'),
    id,
    clock: () => new Date(),
    redactor,
  });
  const store = createAppStore(Date.now());
  const services: Services = {
    program: 'k8s-harden test',
    operator: 'tester@here',
    lab: false,
    now: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    newSessionId: () => `2026-01-01T00-00-00-${String(process.pid).slice(-3)}${made++}`,
    loadProfiles: () => {
      shipped ??= loadShipped();
      return shipped;
    },
    connector: options.connector,
    workstation: (readOnly) => createWorkstation({ readOnly }),
    createJournal: (id) => createJournal(journal(id)),
    readPast: (id) => readPast(join(folder, 'sessions'), id),
    resumeJournal: (id) => openJournal(journal(id)),
    listSessions: async () => [],
    writeExport: async () => ok('nowhere'),
    redact: (text) => redactor.redact(text),
    addSecret: redactor.add,
    sshHosts: async () => [],
    readInventory: async () => ok({ cluster: '', nodes: [] }),
    startNodes: options.nodes,
    clusterName: 'test',
    openLab: async () => {
      throw new Error('no lab in this run');
    },
    forks: 16,
    leave: () => {},
    ...options.services,
  };
  const actions = createActions(store, services);
  const until: Run['until'] = (what, holds, ms = 30_000) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stop();
        const { session, work, view, output } = store.getState();
        reject(
          new Error(
            `waited for ${what}; ${JSON.stringify({ step: session.step, work, notice: view.notice, output }, null, 1)}`,
          ),
        );
      }, ms);
      const look = (): void => {
        if (!holds(store.getState())) return;
        stop();
        clearTimeout(timer);
        resolve();
      };
      const stop = store.subscribe(look);
      look();
    });
  store.subscribe((state, before) => {
    if (state.asked && state.asked !== before.asked) {
      const { asked } = state;
      queueMicrotask(() => actions.answer(options.answer?.(asked)));
    }
  });
  return {
    store,
    actions,
    folder,
    state: store.getState,
    until,
    idle: (ms) => until('idle', (state) => state.work.length === 0, ms),
    // What an abandoned run still writes may come in between.
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  };
}

/** A profile whose restarts count as healthy after a second of it, so that tests need not wait for what never comes. */
function hurried(profile: Profile): Profile {
  const { distribution } = profile;
  return { ...profile, distribution: { ...distribution, health: { ...distribution.health, settle: 1 } } };
}

/** Walks a run from the start until its nodes are connected, or are not. */
export async function walkToConnect(
  run: Run,
  benchmark: string,
  level: 1 | 2 = 1,
  distribution = 'rke2',
): Promise<void> {
  run.actions.startSession({ readOnly: false });
  await run.until('distribution', (s) => s.session.step === 'distribution');
  run.actions.chooseDistribution(distribution);
  await run.until('benchmark', (s) => s.session.step === 'benchmark');
  run.actions.chooseBenchmark(benchmark, level);
  await run.until('nodes', (s) => s.session.step === 'nodes' && s.session.nodes.length > 0);
  run.actions.connect();
  await run.idle();
}

/** Walks a run from the start to its first probe. */
export async function walkToProbe(run: Run, ...chosen: Tail<typeof walkToConnect>): Promise<void> {
  await walkToConnect(run, ...chosen);
  run.actions.probe();
  await run.until('probed', (s) => s.session.probed);
  await run.idle();
}

type Tail<F extends (run: Run, ...rest: never[]) => unknown> = F extends (
  run: Run,
  ...rest: infer R
) => unknown
  ? R
  : never;

/** Walks a repair from the start to its evidence. */
export async function walkToCauses(run: Run, trouble: string, distribution = 'rke2'): Promise<void> {
  run.actions.startSession({ readOnly: false, purpose: 'repair' });
  await run.until('distribution', (s) => s.session.step === 'distribution');
  run.actions.chooseDistribution(distribution);
  await run.until('symptom', (s) => s.session.step === 'benchmark');
  run.actions.chooseTrouble(trouble);
  await run.until('nodes', (s) => s.session.step === 'nodes' && s.session.nodes.length > 0);
  run.actions.connect();
  await run.idle();
  run.actions.probe();
  await run.until('probed', (s) => s.session.probed);
  await run.idle();
}
