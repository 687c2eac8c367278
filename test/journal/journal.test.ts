import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { createJournal, openJournal } from '../../src/journal/journal.ts';
import { readJournal, verifyJournal } from '../../src/journal/read.ts';
import { createRedactor } from '../../src/journal/redactor.ts';
import { good, intended, opening, options, temporaryFolder, written } from './fixture.ts';

const ended: Event = { kind: 'session-ended', why: 'left' };
const lockName = (pid: number, start: string, host = hostname()) =>
  `s1.${encodeURIComponent(host).replaceAll('.', '%2E')}.${pid}.${start}.00000000.lock`;

describe('a new journal', () => {
  it('returns exactly what a replay will read', async () => {
    const folder = await temporaryFolder();
    const redactor = createRedactor();
    redactor.add('open sesame 42');
    const journal = good(await createJournal(options(folder, 's1', redactor)));
    const noted = { kind: 'noted', text: 'he typed open sesame 42', gone: undefined } as Event;
    const live = [good(await journal.record(noted)), good(await journal.record(intended('c1')))];
    await journal.close();
    expect(good(await readJournal(journal.path)).records).toStrictEqual(live);
    expect(live[0]?.event).toStrictEqual({ kind: 'noted', text: 'he typed [redacted]' });
    expect(live[0]?.at).toBe('2030-01-02T03:04:00.000Z');
  });

  it('writes what an event said when it was recorded, not what it says later', async () => {
    const journal = good(await createJournal(options(await temporaryFolder())));
    const text = { kind: 'noted' as const, text: 'first' };
    const recording = journal.record(text);
    text.text = 'second';
    expect(good(await recording).event).toEqual({ kind: 'noted', text: 'first' });
    await journal.close();
  });

  it('never writes over an earlier one, nor outside its folder', async () => {
    const folder = await temporaryFolder();
    await written(folder, opening);
    expect(await createJournal(options(folder))).toMatchObject({
      ok: false,
      failure: { code: 'journal-unwritable' },
    });
    for (const id of ['../s2', '', '.', 'a/b', 'a.b', 'a\nb', '-x'])
      expect(await createJournal(options(folder, id)), id).toMatchObject({
        ok: false,
        failure: { code: 'session-not-found' },
      });
    expect((await readdir(folder)).sort()).toEqual(['s1.head', 's1.jsonl']);
  });

  it('says why the folder cannot be made', async () => {
    const folder = join(await temporaryFolder(), 'file');
    await writeFile(folder, '');
    expect(await createJournal(options(join(folder, 'sessions')))).toMatchObject({
      ok: false,
      failure: { code: 'journal-unwritable', message: expect.stringMatching(/is a file, not a folder/) },
    });
  });
});

describe('resuming', () => {
  it('continues the chain, also after the natural end', async () => {
    const folder = await temporaryFolder();
    const path = await written(folder, [...opening, ended]);
    const { journal, records, torn } = good(await openJournal(options(folder)));
    expect(records.map((r) => r.event)).toEqual([...opening, ended]);
    expect(torn).toBeUndefined();
    good(await journal.record({ kind: 'session-resumed', operator: 'mara@desk' }));
    expect(good(await verifyJournal(path)).chain).toBe('not ended');
    good(await journal.record(ended));
    await journal.close();
    expect(good(await verifyJournal(path))).toMatchObject({ chain: 'whole', records: 6 });
  });

  it('keeps a torn last line aside, says so in the journal, and goes on, wherever it was torn', async () => {
    const source = await temporaryFolder();
    const bytes = await readFile(await written(source, [...opening, intended('c1')]));
    const lastLine = bytes.lastIndexOf(0x0a, bytes.length - 2) + 1;
    const folder = await temporaryFolder();
    for (let cut = lastLine + 1; cut < bytes.length - 1; cut += 7) {
      const id = `cut-${cut}`;
      const path = join(folder, `${id}.jsonl`);
      await writeFile(path, bytes.subarray(0, cut));
      const { journal, records, torn } = good(await openJournal(options(folder, id)));
      expect(torn?.bytes).toBe(cut - lastLine);
      expect(records.slice(0, -2).map((r) => r.event)).toEqual(opening);
      expect(records.slice(-2).map((r) => (r.event.kind === 'noted' ? r.event.text : ''))).toEqual([
        expect.stringContaining('was torn'),
        expect.stringContaining('No head was on record after line 3'),
      ]);
      good(await journal.record(ended));
      await journal.close();
      expect(good(await verifyJournal(path)), id).toMatchObject({ chain: 'whole', records: 6 });
      expect(await readFile(join(folder, `${id}.torn`), 'utf8')).toBe(`${bytes.subarray(lastLine, cut)}\n`);
    }
  });

  it('adds to what was kept aside before', async () => {
    const folder = await temporaryFolder();
    const path = await written(folder, opening);
    for (const rest of ['{"seq":', '\0\0\0\0']) {
      await appendFile(path, rest);
      await good(await openJournal(options(folder))).journal.close();
    }
    expect(await readFile(join(folder, 's1.torn'), 'utf8')).toBe('{"seq":\n\0\0\0\0\n');
    expect(good(await verifyJournal(path))).toMatchObject({ chain: 'not ended', records: 5 });
  });

  it('ends a last line that lacks only its newline', async () => {
    const folder = await temporaryFolder();
    const path = await written(folder, opening);
    await truncate(path, (await readFile(path)).length - 1);
    const { journal, torn } = good(await openJournal(options(folder)));
    expect(torn).toBeUndefined();
    good(await journal.record(ended));
    await journal.close();
    expect(good(await verifyJournal(path))).toMatchObject({ chain: 'whole', records: 4 });
  });

  it('does not continue a damaged, empty or missing one, and leaves it as it is', async () => {
    const folder = await temporaryFolder();
    const path = await written(folder, opening);
    const edited = (await readFile(path, 'utf8')).replace('rke2', 'rke3');
    await writeFile(path, edited);
    expect(await openJournal(options(folder))).toMatchObject({
      ok: false,
      failure: { code: 'chain-broken', path, line: 2 },
    });
    expect(await readFile(path, 'utf8')).toBe(edited);
    await writeFile(join(folder, 'empty.jsonl'), '');
    expect(await openJournal(options(folder, 'empty'))).toMatchObject({ failure: { code: 'chain-broken' } });
    expect(await openJournal(options(folder, 'none'))).toMatchObject({
      failure: { code: 'session-not-found' },
    });
    expect((await readdir(folder)).sort()).toEqual(['empty.jsonl', 's1.head', 's1.jsonl']);
  });

  it('does not append through a symbolic link', async () => {
    const folder = await temporaryFolder();
    const path = await written(await temporaryFolder(), opening);
    await symlink(path, join(folder, 's1.jsonl'));
    expect(await openJournal(options(folder))).toMatchObject({ failure: { code: 'journal-unwritable' } });
    expect(await readdir(folder)).toEqual(['s1.jsonl']);
  });
});

describe('the lock', () => {
  it('lets one in at a time', async () => {
    const folder = await temporaryFolder();
    const first = good(await createJournal(options(folder)));
    good(await first.record({ kind: 'noted', text: 'mine' }));
    expect(await openJournal(options(folder))).toMatchObject({
      ok: false,
      failure: {
        code: 'journal-unwritable',
        message: expect.stringContaining(`process ${process.pid} has it open`),
      },
    });
    good(await first.record({ kind: 'noted', text: 'still mine' }));
    await first.close();
    await good(await openJournal(options(folder))).journal.close();
    expect((await readdir(folder)).sort()).toEqual(['s1.head', 's1.jsonl']);
  });

  it('lets at most one of many in that come at once', async () => {
    const folder = await temporaryFolder();
    await written(folder, opening);
    for (let round = 0; round < 10; round++) {
      const opened = await Promise.all(Array.from({ length: 6 }, () => openJournal(options(folder))));
      const winners = opened.filter((o) => o.ok);
      expect(winners.length).toBeLessThanOrEqual(1);
      for (const winner of winners) await good(winner).journal.close();
    }
    expect((await readdir(folder)).sort()).toEqual(['s1.head', 's1.jsonl']);
  });

  it('is taken over from a process that was killed, not from one that runs', async () => {
    const folder = await temporaryFolder();
    await written(folder, opening);
    const journalUrl = new URL('../../src/journal/lock.ts', import.meta.url).pathname;
    const holder = join(folder, 'holder.test-helper.ts');
    await writeFile(
      holder,
      `import { takeLock } from ${JSON.stringify(journalUrl)};
       const lock = await takeLock(${JSON.stringify(folder)}, 's1');
       console.log(lock.ok ? 'held' : 'refused');
       setInterval(() => {}, 1000);`,
    );
    const bundle = join(folder, 'holder.mjs');
    const { build } = await import('esbuild');
    await build({ entryPoints: [holder], outfile: bundle, bundle: true, platform: 'node', format: 'esm' });
    const child = spawn(process.execPath, [bundle], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [said] = await once(child.stdout, 'data');
      expect(String(said)).toBe('held\n');
      expect(await openJournal(options(folder))).toMatchObject({
        ok: false,
        failure: { message: expect.stringContaining(`process ${child.pid} has it open`) },
      });
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await good(await openJournal(options(folder))).journal.close();
    expect((await readdir(folder)).filter((f) => f.endsWith('.lock'))).toEqual([]);
  });

  it('knows a pid that was given out again, and judges neither one of no known start nor other machines', async () => {
    const folder = await temporaryFolder();
    await written(folder, opening);
    await writeFile(join(folder, lockName(process.pid, 'abcdefabcdef')), '');
    await good(await openJournal(options(folder))).journal.close();
    expect((await readdir(folder)).sort()).toEqual(['s1.head', 's1.jsonl']);
    await writeFile(join(folder, lockName(process.pid, 'unknown')), '');
    expect(await openJournal(options(folder))).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining(`process ${process.pid} has it open`) },
    });
    await rm(join(folder, lockName(process.pid, 'unknown')));
    await writeFile(join(folder, lockName(1, 'abcdefabcdef', 'desk.example')), '');
    expect(await openJournal(options(folder))).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining('process 1 on desk.example has it open') },
    });
  });
});
