import { execFile } from 'node:child_process';
import { mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { headPath } from '../../src/journal/head.ts';
import { createJournal, openJournal } from '../../src/journal/journal.ts';
import { verifyJournal } from '../../src/journal/read.ts';
import { listSessions } from '../../src/journal/sessions.ts';
import { good, intended, opening, options, temporaryFolder, written } from './fixture.ts';

const ended: Event = { kind: 'session-ended', why: 'left' };
const resumed: Event = { kind: 'session-resumed', operator: 'mara@desk' };
const done: Event = { kind: 'change-ended', change: 'c1', outcome: { kind: 'done' }, output: [] };

/** A session that ended at line 4, was resumed, changed something, and ended again at line 8. */
async function endedTwice(): Promise<{ readonly folder: string; readonly path: string }> {
  const folder = await temporaryFolder();
  const path = await written(folder, [...opening, ended]);
  const { journal } = good(await openJournal(options(folder)));
  for (const event of [resumed, intended('c1'), done, ended]) good(await journal.record(event));
  await journal.close();
  return { folder, path };
}

async function cutTo(path: string, lines: number): Promise<void> {
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.split('\n').slice(0, lines).join('\n').concat('\n'));
}

const headOf = async (path: string) => JSON.parse(await readFile(headPath(path), 'utf8'));

describe('the head beside a journal', () => {
  it('is its owner’s alone, holds the last line, and leaves nothing else behind', async () => {
    const { folder, path } = await endedTwice();
    const { head } = good(await verifyJournal(path));
    expect(await headOf(path)).toEqual({ state: 'closed', lines: 8, hash: head });
    expect((await stat(headPath(path))).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).sort()).toEqual(['s1.head', 's1.jsonl']);
  });

  it('says open from before the first line until the session ends', async () => {
    const folder = await temporaryFolder();
    const journal = good(await createJournal(options(folder)));
    expect(await headOf(journal.path)).toMatchObject({ state: 'open', lines: 0 });
    for (const event of opening) good(await journal.record(event));
    expect(await headOf(journal.path)).toMatchObject({ state: 'open', lines: 0 });
    good(await journal.record(ended));
    expect(await headOf(journal.path)).toMatchObject({ state: 'closed', lines: 4 });
    await journal.close();
    const { journal: again } = good(await openJournal(options(folder)));
    expect(await headOf(journal.path)).toMatchObject({ state: 'open', lines: 4 });
    good(await again.record(resumed));
    await again.close();
    expect(await headOf(journal.path)).toMatchObject({ state: 'closed', lines: 5 });
  });

  it('shows every cut of a closed session, also one back to an earlier end', async () => {
    const { path } = await endedTwice();
    expect(good(await verifyJournal(path))).toMatchObject({ chain: 'whole', end: { kind: 'as-closed' } });
    for (const lines of [7, 5, 4, 1]) {
      await cutTo(path, lines);
      expect(good(await verifyJournal(path))).toMatchObject({
        chain: `cut off after line ${lines}`,
        end: { kind: 'cut', lines, head: 8 },
      });
    }
    await writeFile(path, '');
    expect(good(await verifyJournal(path)).chain).toBe('cut off after line 0');
  });

  it('shows a record that was written anew', async () => {
    const { path } = await endedTwice();
    const other = await written(await temporaryFolder(), [
      ...opening,
      ended,
      resumed,
      intended('c2'),
      ended,
      ended,
    ]);
    await writeFile(path, await readFile(other));
    expect(good(await verifyJournal(path))).toMatchObject({
      chain: 'changed up to line 8',
      end: { kind: 'changed', head: 8 },
    });
  });

  it('shows lines that were added after it was closed, and lets nobody go on with them', async () => {
    const { folder, path } = await endedTwice();
    const closed = await headOf(path);
    const { journal } = good(await openJournal(options(folder)));
    for (const event of [resumed, intended('c9'), ended]) good(await journal.record(event));
    await journal.close();
    await writeFile(headPath(path), JSON.stringify(closed));
    expect(good(await verifyJournal(path))).toMatchObject({
      chain: 'added to after line 8',
      end: { kind: 'added', head: 8 },
    });
    const before = await readFile(path);
    expect(await openJournal(options(folder))).toMatchObject({
      ok: false,
      failure: { code: 'refused', message: expect.stringContaining('lines were added after that') },
    });
    expect(await headOf(path)).toEqual(closed);
    expect(await readFile(path)).toEqual(before);
    expect(await listSessions(folder)).toMatchObject([
      { closed: true, damage: expect.stringContaining('added') },
    ]);
  });

  it('opens again before a line that comes after an end', async () => {
    const folder = await temporaryFolder();
    const journal = good(await createJournal(options(folder)));
    for (const event of [...opening, ended, resumed]) good(await journal.record(event));
    expect(await headOf(journal.path)).toMatchObject({ state: 'open', lines: 4 });
    expect(good(await verifyJournal(journal.path)).end).toEqual({ kind: 'not-closed', since: 4 });
    await journal.close();
    expect(await headOf(journal.path)).toMatchObject({ state: 'closed', lines: 5 });
  });

  it('takes no session that is gone on with while it is read for one that was added to', async () => {
    const folder = await temporaryFolder();
    const path = await written(folder, [...opening, ended]);
    const closed = await readFile(headPath(path));
    const { journal } = good(await openJournal(options(folder)));
    good(await journal.record(resumed));
    const opened = await readFile(headPath(path));
    const whole = await readFile(path);
    await writeFile(headPath(path), closed);
    await rm(path);
    await promisify(execFile)('mkfifo', [path]);
    const verifying = verifyJournal(path);
    const pipe = await open(path, 'w');
    await writeFile(headPath(path), opened);
    await rm(path);
    await writeFile(path, whole);
    await pipe.writeFile(whole);
    await pipe.close();
    expect(good(await verifying)).toMatchObject({
      chain: 'not ended',
      end: { kind: 'not-closed', since: 4 },
    });
    await journal.close();
  });

  it('takes no crash for a cut, wherever it came', async () => {
    const folder = await temporaryFolder();
    const path = await written(folder, [...opening, ended]);
    const { journal } = good(await openJournal(options(folder)));
    const states: unknown[] = [];
    // What a crash at each of these moments would leave.
    const look = async (): Promise<void> => {
      const { chain, end } = good(await verifyJournal(path));
      states.push([chain, end]);
    };
    await look();
    for (const event of [resumed, intended('c1'), done]) {
      good(await journal.record(event));
      await look();
    }
    const unclosed = ['not ended', { kind: 'not-closed', since: 4 }];
    expect(states).toEqual([unclosed, unclosed, unclosed, unclosed]);
    // The end is written before the head can vouch for it.
    const before = await readFile(headPath(path));
    good(await journal.record(ended));
    await journal.close();
    await writeFile(headPath(path), before);
    expect(good(await verifyJournal(path))).toMatchObject({
      chain: 'end not on record',
      end: { kind: 'not-closed', since: 4 },
    });
    await good(await openJournal(options(folder))).journal.close();
    expect(good(await verifyJournal(path)).chain).toBe('whole');
  });

  it('takes no session that goes on while it is read for a cut', async () => {
    const { path } = await endedTwice();
    const later = await readFile(headPath(path));
    await cutTo(path, 4);
    const earlier = await readFile(path);
    const hash = JSON.parse(earlier.toString().split('\n')[3] ?? '').hash;
    await writeFile(headPath(path), JSON.stringify({ state: 'closed', lines: 4, hash }));
    // A pipe opens for writing at the very moment that the journal is opened for reading.
    await rm(path);
    await promisify(execFile)('mkfifo', [path]);
    const verifying = verifyJournal(path);
    const pipe = await open(path, 'w');
    await writeFile(headPath(path), later);
    await pipe.writeFile(earlier);
    await pipe.close();
    expect(good(await verifying)).toMatchObject({ chain: 'whole', records: 4 });
  });

  it('is no proof when it is missing, and nobody passes a cut by taking it away', async () => {
    const { folder, path } = await endedTwice();
    await cutTo(path, 4);
    await rm(headPath(path));
    expect(good(await verifyJournal(path))).toMatchObject({
      chain: 'end not on record',
      end: { kind: 'no-head' },
    });
    const { journal, records } = good(await openJournal(options(folder)));
    expect(records.at(-1)?.event).toEqual({
      kind: 'noted',
      text: 'No head was on record after line 4; lines cut off there would not show.',
    });
    await journal.close();
    expect(good(await verifyJournal(path)).records).toBe(5);
  });

  it.each([
    ['rubbish', 'rubbish'],
    ['nothing', ''],
    ['a hash of another kind', '{"state":"closed","lines":8,"hash":"00"}'],
    ['a number that is none', `{"state":"closed","lines":-1,"hash":"${'0'.repeat(64)}"}`],
    ['a state that is none', `{"state":"torn","lines":8,"hash":"${'0'.repeat(64)}"}`],
    ['null', 'null'],
  ])('is not believed when it holds %s', async (_, text) => {
    const { folder, path } = await endedTwice();
    await writeFile(headPath(path), text);
    expect(good(await verifyJournal(path))).toMatchObject({
      chain: 'end not on record',
      end: { kind: 'head-unreadable', message: 'it does not hold a head' },
    });
    expect(await openJournal(options(folder))).toMatchObject({ ok: false, failure: { code: 'refused' } });
    expect(await readFile(headPath(path), 'utf8')).toBe(text);
  });

  it('keeps a cut journal from being gone on with, so that no new head covers the cut', async () => {
    const { folder, path } = await endedTwice();
    const whole = await readFile(path);
    const head = await readFile(headPath(path));
    await cutTo(path, 4);
    // A line torn on purpose looks like a crash.
    for (const rest of ['', '{"seq":5,"at":']) {
      const cut = `${await readFile(path, 'utf8')}${rest}`;
      await writeFile(path, cut);
      expect(await openJournal(options(folder))).toMatchObject({
        ok: false,
        failure: { code: 'refused', message: expect.stringContaining('lines were cut off its end') },
      });
      expect(await readFile(path, 'utf8')).toBe(cut);
      expect(await readFile(headPath(path))).toEqual(head);
      expect((await readdir(folder)).sort()).toEqual(['s1.head', 's1.jsonl']);
    }
    await writeFile(path, whole);
    await good(await openJournal(options(folder))).journal.close();
  });

  it('that cannot be written keeps a session from beginning or going on', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 's1.head'));
    expect(await createJournal(options(folder))).toMatchObject({
      ok: false,
      failure: { code: 'journal-unwritable', path: join(folder, 's1.head') },
    });
    expect(await readdir(folder)).toEqual(['s1.head']);
  });

  it('that cannot be written at the end goes on saying open', async () => {
    const folder = await temporaryFolder();
    const journal = good(await createJournal(options(folder)));
    for (const event of opening) good(await journal.record(event));
    const open = await readFile(headPath(journal.path));
    await mkdir(`${headPath(journal.path)}.new`);
    good(await journal.record(ended));
    await journal.close();
    expect(await readFile(headPath(journal.path))).toEqual(open);
    expect(good(await verifyJournal(journal.path)).chain).toBe('end not on record');
    expect((await readdir(folder)).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  it('is no session, and the list says of a journal that it was cut, also when only the head was there to tell', async () => {
    const { folder, path } = await endedTwice();
    expect(await listSessions(folder)).toMatchObject([{ id: 's1', ended: true }]);
    const head = await readFile(headPath(path), 'utf8');
    const claim = JSON.stringify({ ...JSON.parse(head), lines: 9 });
    await writeFile(headPath(path), claim);
    expect(await listSessions(folder)).toMatchObject([
      {
        id: 's1',
        damage: 'it ends at line 8, but it was closed or opened at line 9: lines were cut off its end',
      },
    ]);
    await rm(headPath(path));
    const [entry, ...more] = await listSessions(folder);
    expect(more).toEqual([]);
    expect(entry?.damage).toBeUndefined();
  });
});
