import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { fail } from '../../src/domain/failure.ts';
import type { Connector } from '../../src/domain/ports.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { verifyJournal } from '../../src/journal/read.ts';
import { createRedactor } from '../../src/journal/redactor.ts';
import type { Services } from '../../src/store/services.ts';
import { createRun, type Run } from '../support/run.ts';

const none: Connector = {
  connect: async () => {
    throw new Error('nothing here is connected to');
  },
};

describe('reading a past session', () => {
  const runs: Run[] = [];
  const begin = async (services: Partial<Services> = {}, folder?: string): Promise<Run> => {
    const run = await createRun({ connector: none, nodes: [], services, ...(folder ? { folder } : {}) });
    runs.push(run);
    return run;
  };
  const quit = async (run: Run, left: () => boolean = () => true): Promise<void> => {
    run.actions.quit('left');
    await run.until('the end', (s) => s.session.ended !== undefined);
    await expect.poll(left).toBe(true);
  };
  /** A session that was begun and left, and its files. */
  const past = async (lab = false) => {
    const run = await begin({
      lab,
      startNodes: [{ name: 'cp-1', host: '10.0.0.1', port: 0, user: '' }],
    });
    run.actions.startSession({ readOnly: false });
    await run.until('the first step', (s) => s.session.step === 'distribution' && s.work.length === 0);
    const { id } = run.state().session;
    const file = (ending: string): string =>
      readFileSync(join(run.folder, 'sessions', `${id}.${ending}`), 'utf8');
    const closed = (): boolean => JSON.parse(file('head')).state === 'closed';
    await quit(run, closed);
    return { id, folder: run.folder, file, closed };
  };
  const kindsAfter = (journal: string, before: string): readonly (string | undefined)[] =>
    journal
      .slice(before.length)
      .trim()
      .split('\n')
      .map((line) => /"kind":"([a-z-]+)"/.exec(line)?.[1]);
  afterEach(async () => {
    for (const run of runs.splice(0)) await run.remove();
  });

  it('leaves its record and its last hash as they were, however it is walked through', async () => {
    const { id, folder, file, closed } = await past();
    const [journal, head] = [file('jsonl'), file('head')];
    const run = await begin({}, folder);
    run.actions.readSession(id);
    await run.until('the session', (s) => s.session.id === id && s.work.length === 0);
    run.actions.go('start');
    await run.until('the start', (s) => s.session.step === 'start');
    expect(run.state().session.ended).toBeUndefined();
    await quit(run, closed);
    expect([file('jsonl'), file('head')]).toEqual([journal, head]);
  });

  it('changes nothing that others see while it is read', async () => {
    const { id, folder, file } = await past();
    const sessions = join(folder, 'sessions');
    const seen = async () => ({
      files: readdirSync(sessions).toSorted(),
      journal: file('jsonl'),
      head: file('head'),
      written: statSync(join(sessions, `${id}.head`)).mtimeMs,
      verified: await verifyJournal(join(sessions, `${id}.jsonl`)),
    });
    await expect.poll(() => readdirSync(sessions).some((name) => name.endsWith('.lock'))).toBe(false);
    const before = await seen();
    expect(before.verified).toMatchObject({ ok: true, value: { chain: 'whole' } });
    const run = await begin({}, folder);
    run.actions.readSession(id);
    await run.until('the session', (s) => s.session.id === id && s.work.length === 0);
    expect(await seen()).toEqual(before);
    await quit(run);
    expect(await seen()).toEqual(before);
  });

  it('is refused its first change where somebody went on with it meanwhile', async () => {
    const { id, folder, file, closed } = await past();
    const run = await begin({}, folder);
    run.actions.readSession(id);
    await run.until('the session', (s) => s.session.id === id && s.work.length === 0);
    const other = await begin({}, folder);
    other.actions.resumeSession(id);
    await other.until('the other', (s) => s.session.id === id && s.work.length === 0);
    await quit(other, closed);
    const left = file('jsonl');
    run.actions.skip('kernel-values', ['cp-1'], 'later');
    await run.until(
      'the refusal',
      (s) => s.view.notice?.text.includes('Somebody went on with this session') === true,
    );
    // The refusal is told before the attempt has quite ended.
    await setImmediate();
    expect(run.state().session.skips).toEqual({});
    await quit(run, closed);
    expect(file('jsonl')).toBe(left);
  });

  it('keeps a torn last line until something is done, and then says so in the record', async () => {
    const { id, folder, file, closed } = await past();
    const journal = join(folder, 'sessions', `${id}.jsonl`);
    const head = file('head');
    // As a crash leaves it: the head still says open, and half a line stands at the end.
    writeFileSync(join(folder, 'sessions', `${id}.head`), head.replace('"closed"', '"open"'));
    appendFileSync(journal, '{"seq":');
    const before = file('jsonl');
    const run = await begin({}, folder);
    run.actions.readSession(id);
    await run.until('the session', (s) => s.session.id === id && s.work.length === 0);
    expect(file('jsonl')).toBe(before);
    run.actions.skip('kernel-values', ['cp-1'], 'later');
    await run.until('the skip', (s) => Object.keys(s.session.skips).length === 1);
    await quit(run, closed);
    expect(kindsAfter(file('jsonl'), before.slice(0, -'{"seq":'.length))).toEqual([
      'noted',
      'session-resumed',
      'skipped',
      'session-ended',
    ]);
  });

  it('writes nothing before it could write that it is resumed', async () => {
    const { id, folder, file, closed } = await past();
    const before = file('jsonl');
    let full = true;
    const resumeJournal: Services['resumeJournal'] = async (which) => {
      const opened = await openJournal({
        folder: join(folder, 'sessions'),
        id: which,
        clock: () => new Date(),
        redactor: createRedactor(),
      });
      if (!opened.ok) return opened;
      const { journal, records } = opened.value;
      const record: typeof journal.record = async (event) =>
        full ? fail({ code: 'journal-unwritable', path: which, message: 'no space' }) : journal.record(event);
      return { ok: true, value: { journal: { ...journal, record }, records } };
    };
    const run = await begin({ resumeJournal }, folder);
    run.actions.readSession(id);
    await run.until('the session', (s) => s.session.id === id && s.work.length === 0);
    run.actions.skip('kernel-values', ['cp-1'], 'later');
    await run.until('the refusal', (s) => s.view.notice?.text.includes('no space') === true);
    expect(run.state().session.skips).toEqual({});
    // The refusal is told before the attempt has quite ended.
    await setImmediate();
    full = false;
    run.actions.skip('kernel-values', ['cp-1', 'cp-2'], 'later');
    await run.until('the skips', (s) => Object.keys(s.session.skips).length === 2);
    await quit(run, closed);
    expect(kindsAfter(file('jsonl'), before)).toEqual([
      'session-resumed',
      'skipped',
      'skipped',
      'session-ended',
    ]);
  });

  it('is resumed by the first thing that is done in it', async () => {
    const { id, folder, file, closed } = await past();
    const before = file('jsonl');
    const run = await begin({}, folder);
    run.actions.readSession(id);
    await run.until('the session', (s) => s.session.id === id && s.work.length === 0);
    run.actions.skip('kernel-values', ['cp-1', 'cp-2'], 'later');
    await run.until('the skip', (s) => Object.keys(s.session.skips).length === 2);
    await quit(run, closed);
    expect(kindsAfter(file('jsonl'), before)).toEqual([
      'session-resumed',
      'skipped',
      'skipped',
      'session-ended',
    ]);
  });

  it('goes back to the summary of practice in which nothing was asked, and from there to the start', async () => {
    const { id, folder } = await past(true);
    const run = await begin({}, folder);
    run.actions.readSession(id);
    await run.until('the session', (s) => s.session.step === 'summary' && s.work.length === 0);
    for (const step of ['export', 'summary', 'start'] as const) {
      run.actions.go(step);
      await run.until(step, (s) => s.session.step === step);
    }
    await quit(run);
  });

  it('says of practice that its cluster is gone, and of no other', async () => {
    for (const lab of [true, false]) {
      const { id, folder } = await past(lab);
      const run = await begin({}, folder);
      run.actions.readSession(id);
      await run.until('the session', (s) => s.session.id === id && s.work.length === 0);
      expect(run.state().clusterGone).toBe(lab);
      await quit(run);
    }
  });
});
