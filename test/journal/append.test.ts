import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AppendFile, createAppender } from '../../src/journal/append.ts';
import { genesis } from '../../src/journal/line.ts';
import { scan } from '../../src/journal/scan.ts';
import { temporaryFolder } from './fixture.ts';

const start = { seq: 1, prev: genesis };
const at = '2030-01-02T03:04:05.000Z';
const event = '{"kind":"noted","text":"x"}';
const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

/** A file in memory whose next operations can be told to fail. */
function memory() {
  let bytes = Buffer.alloc(0);
  const log: string[] = [];
  const failing = new Set<string>();
  const step = (name: string) => {
    log.push(name);
    if (failing.has(name)) throw full;
  };
  const file: AppendFile = {
    async appendFile(more) {
      bytes = Buffer.concat([bytes, failing.has('appendFile') ? more.subarray(0, 20) : more]);
      step('appendFile');
    },
    async sync() {
      await Promise.resolve();
      step('sync');
    },
    async truncate(length) {
      step('truncate');
      bytes = bytes.subarray(0, length);
    },
    async close() {
      step('close');
    },
  };
  return { file, log, failing, bytes: () => bytes };
}

describe('an append', () => {
  it('is on the disk before it is said to be', async () => {
    const { file, log } = memory();
    const appender = createAppender(file, 'j', start, 0);
    await appender.append(at, event).then(() => log.push('resolved'));
    expect(log).toEqual(['appendFile', 'sync', 'resolved']);
  });

  it('keeps the order of many that come at once', async () => {
    const { file, bytes } = memory();
    const appender = createAppender(file, 'j', start, 0);
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => appender.append(at, `{"kind":"noted","text":"${i}"}`)),
    );
    const read = scan(bytes());
    expect(read.damage).toBeUndefined();
    expect(read.records.map((r) => (r.event.kind === 'noted' ? r.event.text : ''))).toEqual(
      Array.from({ length: 50 }, (_, i) => String(i)),
    );
  });

  it('takes half a line back when the disk is full, and goes on when there is room again', async () => {
    const { file, failing, bytes } = memory();
    const appender = createAppender(file, 'j', start, 0);
    expect(await appender.append(at, event)).toMatchObject({ ok: true });
    failing.add('appendFile');
    expect(await appender.append(at, event)).toMatchObject({
      ok: false,
      failure: { code: 'journal-unwritable', path: 'j', message: 'the disk is full (ENOSPC)' },
    });
    expect(scan(bytes())).toMatchObject({ records: [{}], lacksNewline: false });
    expect(scan(bytes()).damage).toBeUndefined();
    failing.clear();
    expect(await appender.append(at, event)).toMatchObject({ ok: true });
    expect(scan(bytes()).records).toHaveLength(2);
    expect(scan(bytes()).damage).toBeUndefined();
  });

  it.each([
    ['a failed fsync, though the next one succeeds', ['sync'], true, 0],
    ['a failed fsync, when the next one fails too', ['sync'], false, 0],
    ['half a line that could not be taken back', ['appendFile', 'truncate'], false, 20],
  ])('is not trusted again after %s', async (_, broken, once, left) => {
    const { file, failing, log, bytes } = memory();
    const sync = async () => {
      await file.sync().finally(() => once && failing.delete('sync'));
    };
    const appender = createAppender({ ...file, sync }, 'j', start, 0);
    for (const name of broken) failing.add(name);
    expect(await appender.append(at, event)).toMatchObject({ ok: false });
    failing.clear();
    expect(bytes()).toHaveLength(left);
    const done = log.length;
    const later = await appender.append(at, event);
    expect(later).toMatchObject({
      ok: false,
      failure: {
        code: 'journal-unwritable',
        message: expect.stringContaining('resume the session to go on'),
      },
    });
    expect(log).toHaveLength(done);
  });

  it('fails on a device that is really full', async () => {
    const file = await open('/dev/full', constants.O_WRONLY | constants.O_APPEND);
    const appender = createAppender(file, '/dev/full', start, 0);
    expect(await appender.append(at, event)).toMatchObject({
      ok: false,
      failure: { code: 'journal-unwritable', message: expect.stringContaining('the disk is full') },
    });
    await appender.close();
  });

  it('fails after closing, which waits for what was under way', async () => {
    const path = join(await temporaryFolder(), 'j');
    const appender = createAppender(await open(path, 'a'), path, start, 0);
    const under = appender.append(at, event);
    await appender.close();
    expect(await under).toMatchObject({ ok: true });
    expect(await appender.append(at, event)).toMatchObject({
      ok: false,
      failure: { message: 'it is closed' },
    });
    expect(scan(await readFile(path)).records).toHaveLength(1);
  });

  it('lets a bug through as a bug', async () => {
    const { file } = memory();
    const appender = createAppender(
      { ...file, appendFile: () => Promise.reject(new TypeError('a bug')) },
      'j',
      start,
      0,
    );
    await expect(appender.append(at, event)).rejects.toThrow('a bug');
  });
});
