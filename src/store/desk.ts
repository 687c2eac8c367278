import type { Event, Finding, Recorded } from '../domain/event.ts';
import { type Failure, fail, type Result, told } from '../domain/failure.ts';
import type { Recorder } from '../domain/ports.ts';
import { reduce } from '../domain/reduce.ts';
import type { Link } from '../engine/connect.ts';
import { createIntake } from './intake.ts';
import type { OpenJournal, PastRecords, Services } from './services.ts';
import type { AppState, Work } from './state.ts';
import type { AppStore } from './store.ts';

/** What all actions work at: the store, the services, the open journal, and the connections. Nothing of it is shown. */
export type Desk = {
  readonly store: AppStore;
  readonly services: Services;
  /** Replaces some services, for the lab; without any, all are as they were at the start. */
  readonly use: (replaced?: Partial<Services>) => void;
  readonly links: Map<string, Link>;
  readonly recorder: Recorder;
  /** Records what was found on one of many places; the session has all of it after the next event, or after `showFound`. */
  readonly found: (findings: readonly Finding[]) => Promise<void>;
  readonly showFound: () => void;
  readonly get: () => AppState;
  readonly patch: (patch: Partial<AppState>) => void;
  /** Begins to write to this journal; the records so far make the session. */
  readonly adopt: (journal: OpenJournal, records: readonly Recorded[]) => void;
  /** Until something is done, the journal stays closed: moving about is not; before whatever is the first it is opened, and `begin` written. */
  readonly onlyRead: (past: PastRecords, begin: Event) => void;
  readonly records: () => readonly Recorded[];
  /** Who holds our locks. */
  readonly holder: () => string;
  readonly notice: (text: string, tone: 'good' | 'bad' | 'plain') => void;
  readonly report: (failure: Failure) => void;
  readonly output: (line: string) => void;
  /** Whether something is under way, so that nothing else may begin; the operator is told what. */
  readonly busy: () => boolean;
  /** Runs work that the header shows; one that changes nodes refuses to run beside another. */
  readonly work: (
    label: string,
    changing: boolean,
    f: (step: (done: number, of: number) => void) => Promise<void>,
  ) => Promise<void>;
  /** Gives back the locks of these nodes and ends their connections. */
  readonly closeLinks: (names: readonly string[]) => Promise<void>;
  readonly closeAll: () => Promise<void>;
};

const shownOutput = 400;
const readTooEarly =
  'Somebody went on with this session after you opened it to read. Go back to the start and open it again, to see what is so now.';

/** Sets the desk up. Every event is journalled first and reduced only when it is safely on disk. */
export function createDesk(store: AppStore, initial: Services): Desk {
  let services = initial;
  let journal: OpenJournal | undefined;
  let records: Recorded[] = [];
  let works = 0;
  let unwritten: { readonly id: string; readonly begin: Event } | undefined;
  let beginning: Promise<Result<void>> | undefined;
  const links = new Map<string, Link>();
  const get = store.getState;
  const patch = (p: Partial<AppState>): void => store.setState(p);
  const intake = createIntake(store);

  const notice: Desk['notice'] = (text, tone) =>
    store.dispatchView({ kind: 'notice', text: services.redact(text), tone });
  const report = (failure: Failure): void => {
    notice(told(failure), 'bad');
  };
  const record = async (event: Event, take = intake.take): Promise<Result<void>> => {
    if (unwritten && !beginning && (event.kind === 'went-to' || event.kind === 'session-ended')) {
      seen(event);
      return { ok: true, value: undefined };
    }
    if (unwritten) {
      // Nothing is written before it: while it fails, so does everything else.
      beginning ??= goOn(unwritten).finally(() => {
        beginning = undefined;
      });
      const begun = await beginning;
      if (!begun.ok) return begun;
    }
    if (!journal) return fail({ code: 'journal-unwritable', path: '', message: 'no session is open' });
    return write(journal, event, take);
  };
  /** Opens the journal of a session that was only read; what was read must still be all that happened. */
  const goOn = async ({ id, begin }: NonNullable<typeof unwritten>): Promise<Result<void>> => {
    if (!journal) {
      const opened = await services.resumeJournal(id);
      if (!opened.ok) {
        report(opened.failure);
        return opened;
      }
      // What opening itself notes, as of a torn line, is nothing that happened.
      const since = opened.value.records.slice(records.length);
      if (since.some(({ event }) => event.kind !== 'noted')) {
        await opened.value.journal.close();
        const changed: Failure = { code: 'refused', message: readTooEarly };
        report(changed);
        return fail(changed);
      }
      journal = opened.value.journal;
      records.push(...since);
    }
    return write(journal, begin, () => {
      unwritten = undefined;
    });
  };
  const write = async (
    into: OpenJournal,
    event: Event,
    take: (written: Recorded) => void,
  ): Promise<Result<void>> => {
    store.setState(({ recording }) => ({ recording: recording + 1 }));
    try {
      const written = await into.record(event);
      if (!written.ok) {
        report(written.failure);
        return written;
      }
      records.push(written.value);
      take(written.value);
      return { ok: true, value: undefined };
    } finally {
      store.setState(({ recording }) => ({ recording: recording - 1 }));
    }
  };
  /** For the screen alone; when the session was last used stays what the record says. */
  const seen = (event: Event): void =>
    store.setState(({ session }) => ({ session: reduce(session, { at: session.lastAt, event }) }));
  const gather = ({ at, event }: Recorded): void => {
    if (event.kind === 'found') intake.gather(at, event.findings);
  };
  const closeLinks: Desk['closeLinks'] = async (names) => {
    const { readOnly, id } = get().session;
    const holder = `${services.operator}, session ${id}`;
    const ending = names.flatMap((name) => links.get(name) ?? []);
    for (const name of names) links.delete(name);
    await Promise.all(
      ending.map(async ({ target }) => {
        if (!readOnly) await target.perform({ kind: 'unlock', holder }, { deadlineMs: 3_000 });
        await target.close();
      }),
    );
  };
  const busy = (): boolean => {
    const [work] = get().work;
    if (work) notice(`Not yet: ${work.label} is under way.`, 'plain');
    return work !== undefined;
  };
  const setWork = (work: readonly Work[]): void => patch({ work });

  return {
    store,
    get services() {
      return services;
    },
    use: (replaced) => {
      services = { ...initial, ...replaced };
    },
    links,
    recorder: { record: (event) => record(event) },
    found: async (findings) => {
      await record({ kind: 'found', findings }, gather);
    },
    showFound: intake.flush,
    get,
    patch,
    records: () => records,
    adopt: (opened, past) => {
      journal = opened;
      records = [...past];
      unwritten = undefined;
      intake.clear();
      patch({ journalPath: opened.path });
    },
    onlyRead: (past, begin) => {
      records = [...past.records];
      unwritten = { id: get().session.id, begin };
      intake.clear();
      patch({ journalPath: past.path });
      seen(begin);
    },
    holder: () => `${services.operator}, session ${get().session.id}`,
    notice,
    report,
    output: (line) => patch({ output: [...get().output, services.redact(line)].slice(-shownOutput) }),
    busy,
    work: async (label, changing, f) => {
      if (changing && get().work.some((w) => w.changing)) {
        notice('Another change is under way; wait for it to end.', 'bad');
        return;
      }
      const id = `work-${works++}`;
      const from = records.length;
      setWork([...get().work, { id, label, since: services.now(), done: 0, of: 0, changing }]);
      try {
        await f((done, of) => setWork(get().work.map((w) => (w.id === id ? { ...w, done, of } : w))));
      } catch (error) {
        // A bug of ours ends this work, not the program: what was begun stands in the journal and can be settled from there.
        const words = error instanceof Error ? error.message : String(error);
        notice(`A bug of this program ended “${label}”: ${words}. Nothing more was sent.`, 'bad');
      } finally {
        if (changing) patch({ untouched: !records.slice(from).some(({ event }) => touches(event, records)) });
        setWork(get().work.filter((w) => w.id !== id));
        if (!get().work.some((w) => w.changing)) patch({ stopping: false });
      }
    },
    closeLinks,
    closeAll: async () => {
      await closeLinks([...links.keys()]);
      await journal?.close();
      journal = undefined;
      unwritten = undefined;
    },
  };
}

/** Whether an announcement in the record was more than that: something was, or may have been, done to a node. */
function touches(event: Event, records: readonly Recorded[]): boolean {
  if (event.kind === 'restart-intended' || event.kind === 'stop-intended') return true;
  if (event.kind !== 'change-intended' && event.kind !== 'undo-intended') return false;
  const [end, id] =
    event.kind === 'change-intended'
      ? (['change-ended', event.change.id] as const)
      : (['undo-ended', event.change] as const);
  const last = records.findLast((r) => r.event.kind === end && r.event.change === id)?.event;
  return last?.kind !== end || last.outcome.kind !== 'refused';
}
