import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { listSessions } from '../../src/journal/sessions.ts';
import { good, intended, opening, options, temporaryFolder, written } from './fixture.ts';

const done = (change: string): Event => ({
  kind: 'change-ended',
  change,
  outcome: { kind: 'done' },
  output: [],
});

describe('the list of sessions', () => {
  it('says who, when, where and what is unfinished, newest first', async () => {
    const folder = await temporaryFolder();
    const path = await written(
      folder,
      [...opening, intended('c1'), done('c1'), intended('c2'), { kind: 'session-ended', why: 'left' }],
      'a',
    );
    const { journal } = good(await openJournal({ ...options(folder, 'a') }));
    good(await journal.record({ kind: 'session-resumed', operator: 'mara@desk' }));
    await journal.close();
    const later = { ...options(folder, 'b'), clock: () => new Date(Date.UTC(2031, 0)) };
    const { createJournal } = await import('../../src/journal/journal.ts');
    const second = good(await createJournal(later));
    for (const event of opening) good(await second.record(event));
    good(await second.record({ kind: 'session-ended', why: 'finished' }));
    await second.close();
    const [newest, oldest, ...more] = await listSessions(folder);
    expect(more).toEqual([]);
    expect(newest).toMatchObject({ id: 'b', ended: true, startedAt: '2031-01-01T00:00:00.000Z' });
    expect(oldest).toEqual({
      id: 'a',
      path,
      startedAt: '2030-01-02T03:04:00.000Z',
      lastAt: '2030-01-02T03:04:00.000Z',
      ended: false,
      operator: 'mara@desk',
      distribution: 'rke2',
      cluster: 'prod-öst',
      nodes: 1,
      hosts: [expect.any(String)],
      lab: false,
      readOnly: false,
      unfinished: 1,
      changes: 1,
      step: 'start',
      restartsDue: 0,
      finished: false,
      closed: false,
    });
  });

  it('shows damaged and empty ones with what is known of them', async () => {
    const folder = await temporaryFolder();
    const path = await written(folder, [...opening, intended('c1')], 'a');
    await writeFile(path, (await readFile(path, 'utf8')).replace('kernel.panic', 'kernel.picnic'));
    await writeFile(join(folder, 'b.jsonl'), '');
    const listed = await listSessions(folder);
    expect(listed.map(({ id, nodes, unfinished, damage }) => ({ id, nodes, unfinished, damage }))).toEqual([
      { id: 'a', nodes: 1, unfinished: 0, damage: 'the line does not match its hash' },
      { id: 'b', nodes: 0, unfinished: 0, damage: 'nothing stands in it' },
    ]);
  });

  it('reads a journal again only when it has grown, and does without its index', async () => {
    const folder = await temporaryFolder();
    const path = await written(folder, opening, 'a');
    const first = await listSessions(folder);
    const index = join(folder, 'index.json');
    expect((await stat(index)).mode & 0o777).toBe(0o600);
    // Same size and time, other content: only an index that is used can still say what stood there.
    const { atime, mtime } = await stat(path);
    const noted = JSON.parse(await readFile(index, 'utf8'));
    await writeFile(path, 'x'.repeat((await stat(path)).size));
    await utimes(path, atime, mtime);
    noted.sessions.a.modified = (await stat(path)).mtimeMs;
    await writeFile(index, JSON.stringify(noted));
    expect(await listSessions(folder)).toEqual(first);
    for (const rubbish of ['', '{', 'null', '{"form":2,"sessions":{"a":{"size":1}}}', '{"form":0}']) {
      await writeFile(index, rubbish);
      expect((await listSessions(folder))[0]?.damage).toBeDefined();
    }
    await rm(path);
    expect(await listSessions(folder)).toEqual([]);
    expect(JSON.parse(await readFile(index, 'utf8')).sessions).toEqual({});
  });

  it('is empty where there is no folder', async () => {
    expect(await listSessions(join(await temporaryFolder(), 'none'))).toEqual([]);
  });

  it('is cheap for hundreds', async () => {
    const folder = await temporaryFolder();
    const text = await readFile(await written(folder, [...opening, intended('c1'), done('c1')], 'seed'));
    for (let i = 0; i < 400; i++) await writeFile(join(folder, `s-${i}.jsonl`), text);
    expect(await listSessions(folder)).toHaveLength(401);
    const begin = performance.now();
    expect(await listSessions(folder)).toHaveLength(401);
    expect(performance.now() - begin).toBeLessThan(1000);
  });
});
