import type { NodeAddress, WizardStep } from '../domain/event.ts';
import { fail } from '../domain/failure.ts';
import type { Connector } from '../domain/ports.ts';
import { sameNode } from '../domain/reduce.ts';
import { replay } from '../domain/replay.ts';
import { noSession, unfinished } from '../domain/session.ts';
import type { Purpose } from '../domain/trouble.ts';
import { blocked } from '../domain/wizard.ts';
import type { Actions } from './actions.ts';
import type { Answering } from './answering.ts';
import type { Desk } from './desk.ts';
import { forgottenFlags } from './forgotten-flags.ts';
import { takePlan } from './plan-actions.ts';
import { chosen } from './state.ts';
import { stayingBehind } from './staying-behind.ts';
import { readWaivers } from './waiver-actions.ts';

/** The nodes of a practice cluster end with the program that made them; their ports may be anybody's by now. */
const labIsGone: Connector = {
  connect: async () =>
    fail({
      code: 'refused',
      message:
        'The practice cluster of this session ended with the program that made it. The session can still be read and exported.',
    }),
};

/** Beginning, resuming, moving about, exporting and leaving. */
export function sessionActions(
  desk: Desk,
  answering: Answering,
): Pick<
  Actions,
  | 'startLab'
  | 'startSession'
  | 'resumeSession'
  | 'readSession'
  | 'go'
  | 'chooseDistribution'
  | 'chooseBenchmark'
  | 'chooseTrouble'
  | 'setNodes'
  | 'importInventory'
  | 'exportAs'
  | 'stopAfterStep'
  | 'quit'
> {
  const { recorder, get } = desk;

  const go = async (step: WizardStep): Promise<void> => {
    // A practice session that was left early was never probed, and its summary can be read all the same.
    const readable = get().clusterGone && (step === 'summary' || step === 'export');
    const reason = blocked(get().session, step);
    if (reason && !readable) return desk.notice(`Not yet: ${reason}.`, 'plain');
    await recorder.record({ kind: 'went-to', step });
    if (step === 'start') desk.patch({ sessions: await desk.services.listSessions() });
    desk.store.dispatchView({ kind: 'screen', now: desk.services.now() });
  };

  const loadProfiles = async (): Promise<void> => {
    if (get().profiles.length > 0) return;
    desk.patch({ formats: (await import('../report/index.ts')).formats });
    const loaded = await desk.services.loadProfiles();
    if (loaded.ok) desk.patch({ profiles: loaded.value });
    else desk.report(loaded.failure);
  };

  const mayNotChange = desk.services.readOnly === true;
  const { flags = [] } = desk.services;
  const given = flags.length > 0 ? { flags } : {};
  const { lab, connector, startNodes, clusterName } = desk.services;
  const real = { lab, connector, startNodes, clusterName };

  /** One session is opened at a time, and never beside work for the last one, whose connections may still come. */
  const opens = (f: () => Promise<void>): void => {
    if (desk.busy()) return;
    void desk.work('opening the session', false, async () => {
      await closeOpen();
      await f();
    });
  };

  /** A session that is open ends before another begins: no connection of one may ever serve the other. */
  const closeOpen = async (): Promise<void> => {
    if (get().session.id !== '') await recorder.record({ kind: 'session-ended', why: 'left' });
    await desk.closeAll();
    answering.forget();
    desk.patch({
      session: noSession,
      journalPath: '',
      plans: {},
      previews: {},
      progress: {},
      output: [],
      upgrade: undefined,
      restartHeld: undefined,
      written: undefined,
    });
    desk.patch({ clusterGone: false, untouched: false });
  };

  const start = async (readOnly: boolean, purpose?: Purpose): Promise<void> => {
    const id = desk.services.newSessionId();
    const journal = await desk.services.createJournal(id);
    if (!journal.ok) return desk.report(journal.failure);
    desk.adopt(journal.value, []);
    const { program, operator, lab } = desk.services;
    await recorder.record({
      kind: 'session-started',
      id,
      program,
      operator,
      readOnly: readOnly || mayNotChange,
      lab,
      ...given,
    });
    if (purpose !== undefined) await recorder.record({ kind: 'purpose-chosen', purpose });
    await readWaivers(desk);
    await takePlan(desk);
    await loadProfiles();
    if (desk.services.startNodes.length > 0) {
      await recorder.record({
        kind: 'nodes-set',
        cluster: desk.services.clusterName,
        nodes: desk.services.startNodes,
      });
    }
    desk.patch({ sshHosts: desk.services.lab ? [] : await desk.services.sshHosts() });
    await go('distribution');
  };

  const resume = async (id: string, only: 'to read' | 'to go on'): Promise<void> => {
    const { readPast, resumeJournal } = desk.services;
    const past = await (only === 'to read' ? readPast(id) : resumeJournal(id));
    if (!past.ok) return desk.report(past.failure);
    await loadProfiles();
    const { records } = past.value;
    if ('journal' in past.value) desk.adopt(past.value.journal, records);
    const session = replay(records);
    desk.use(session.lab ? { ...real, connector: labIsGone } : real);
    desk.patch({ session, clusterGone: session.lab });
    const begun = records.map((r) => r.event).find((e) => e.kind === 'session-started');
    const readOnly = begun?.readOnly === true || mayNotChange;
    const resumed = {
      kind: 'session-resumed',
      operator: desk.services.operator,
      readOnly,
      ...given,
    } as const;
    if (!('journal' in past.value)) desk.onlyRead(past.value, resumed);
    else {
      await recorder.record(resumed);
      await readWaivers(desk);
      await takePlan(desk);
    }
    desk.store.dispatchView({ kind: 'screen', now: desk.services.now() });
    if (get().clusterGone) {
      await recorder.record({ kind: 'went-to', step: 'summary' });
      return desk.notice('This was practice, and its cluster is gone: read it here, or export it.', 'plain');
    }
    const forgotten = forgottenFlags(records, flags);
    if (unfinished(get().session).length > 0)
      desk.store.dispatchView({ kind: 'open', overlay: { kind: 'unfinished' }, now: desk.services.now() });
    if (forgotten.length > 0) {
      const words = `Given when this session was begun, but not now: ${forgotten.join(' ')}.`;
      desk.notice(`${words} To use them again, leave with q and start with them; or go on without.`, 'bad');
    } else if (unfinished(get().session).length === 0 && get().session.nodes.some((n) => n.facts)) {
      desk.notice('The nodes are not connected yet: C connects them and asks them again.', 'plain');
    }
  };

  /** A node that is gone or has another address now is another machine: its connection must not answer for it. */
  const setNodes = async (cluster: string, nodes: readonly NodeAddress[]): Promise<void> => {
    if (desk.busy()) return;
    const others = get().session.nodes.filter((old) => !nodes.some((n) => sameNode(n, old)));
    const names = new Set(others.map((n) => n.name));
    const progress = Object.entries(get().progress).filter(([name]) => !names.has(name));
    desk.patch({ progress: Object.fromEntries(progress) });
    const staying = stayingBehind(get().session, others);
    const closing = desk.closeLinks([...names]);
    await recorder.record({ kind: 'nodes-set', cluster, nodes });
    await closing;
    if (staying) desk.notice(staying, 'bad');
  };

  const exportAs = async (format: string): Promise<void> => {
    const { profile } = chosen(get());
    const written = await desk.services.writeExport(format, get().session, desk.records(), profile);
    if (!written.ok) return desk.report(written.failure);
    desk.patch({ written: [...new Set([...(get().written ?? []), written.value])] });
    desk.notice(`Written to ${written.value}`, 'good');
  };

  const startLab = async (distribution?: string): Promise<void> => {
    const lab = await desk.services.openLab(distribution);
    if (!lab.ok) return desk.report(lab.failure);
    desk.use(lab.value);
    await start(false);
    const { practises, repairs } = lab.value;
    if (repairs) await recorder.record({ kind: 'purpose-chosen', purpose: 'repair' });
    if (practises === undefined) return;
    await recorder.record({ kind: 'distribution-chosen', distribution: practises });
    await recorder.record({ kind: 'went-to', step: 'benchmark' });
  };

  return {
    startLab: () => opens(() => startLab()),
    startSession: ({ readOnly, purpose }) =>
      opens(() => {
        desk.use(real);
        return start(readOnly, purpose);
      }),
    resumeSession: (id) => opens(() => resume(id, 'to go on')),
    readSession: (id) => opens(() => resume(id, 'to read')),
    go: (step) => void go(step),
    chooseDistribution: (id) => {
      const { lab, labOf = id } = desk.services;
      // The nodes of a practice cluster run one distribution; that of another is a session of its own.
      if (lab && labOf !== id) return opens(() => startLab(id));
      void recorder.record({ kind: 'distribution-chosen', distribution: id }).then(() => go('benchmark'));
    },
    chooseBenchmark: (id, level) =>
      void recorder.record({ kind: 'benchmark-chosen', benchmark: id, level }).then(() => go('nodes')),
    chooseTrouble: (trouble, pointed) =>
      void recorder
        .record({ kind: 'trouble-chosen', trouble, ...(pointed === undefined ? {} : { pointed }) })
        .then(() => go('nodes')),
    setNodes: (cluster, nodes) => void setNodes(cluster, nodes),
    importInventory: (path) =>
      void desk.services.readInventory(path).then(async (read) => {
        if (!read.ok) return desk.report(read.failure);
        const { cluster, nodes } = read.value;
        const names = new Set(nodes.map((n) => n.name));
        const kept = get().session.nodes.filter((n) => !names.has(n.name));
        return setNodes(cluster || get().session.cluster, [...kept, ...nodes]);
      }),
    exportAs: (format) => void exportAs(format),
    stopAfterStep: () => desk.patch({ stopping: true }),
    quit: (why) =>
      void (async () => {
        if (get().session.id !== '') await recorder.record({ kind: 'session-ended', why });
        await desk.closeAll();
        desk.services.leave(why);
      })(),
  };
}
