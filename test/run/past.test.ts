import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { replay } from '../../src/domain/replay.ts';
import { parseCommandLine } from '../../src/flags.ts';
import { createJournal, openJournal } from '../../src/journal/journal.ts';
import { main } from '../../src/main.ts';
import { formats } from '../../src/report/index.ts';
import { makeServices } from '../../src/run/services.ts';
import { good, intended, opening, options, written } from '../journal/fixture.ts';

const ended: Event = { kind: 'session-ended', why: 'left' };
let state = '';
let path = '';

/** A session that ended at line 4, was resumed, and ended again at line 7. */
beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'k8s-harden-past-'));
  vi.stubEnv('XDG_STATE_HOME', state);
  vi.stubEnv('XDG_DATA_HOME', state);
  const folder = join(state, 'k8s-harden', 'sessions');
  path = await written(folder, [...opening, ended]);
  const { journal } = good(await openJournal(options(folder)));
  const resumed: Event = { kind: 'session-resumed', operator: 'mara@desk' };
  for (const event of [resumed, intended('c1'), ended]) good(await journal.record(event));
  await journal.close();
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(state, { recursive: true, force: true });
});

async function run(...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const keep = (to: string[]) => (text: unknown) => to.push(String(text)) > 0;
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(keep(out)),
    vi.spyOn(process.stderr, 'write').mockImplementation(keep(err)),
  ];
  const before = process.exitCode;
  try {
    await main(args);
    return { code: process.exitCode, out: out.join(''), err: err.join('') };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}

const lines = (): readonly string[] => readFileSync(path, 'utf8').trimEnd().split('\n');
const hashOf = (line: number): string => JSON.parse(lines()[line - 1] ?? '').hash;
const cutTo = (n: number): void => writeFileSync(path, `${lines().slice(0, n).join('\n')}\n`);
const head = (): string => path.replace('.jsonl', '.head');

describe('sessions', () => {
  it('counts in words, one as one', async () => {
    const { out } = await run('sessions');
    expect(out).toMatch(/ {2}(1 node|\d+ nodes) {2}(1 change stands|\d+ changes stand) {2}/);
    expect(out).not.toMatch(/\b1 (nodes|changes)\b/);
    const folder = join(state, 'k8s-harden', 'sessions');
    const done: Event = { kind: 'change-ended', change: 'c1', outcome: { kind: 'done' }, output: [] };
    await written(folder, [...opening, intended('c1'), done, ended], 's3');
    expect((await run('sessions')).out).toMatch(/^s3 .* 1 change stands /m);
  });

  it('says of practice that its cluster is gone, not that changes stand there', async () => {
    const folder = join(state, 'k8s-harden', 'sessions');
    const done: Event = { kind: 'change-ended', change: 'c1', outcome: { kind: 'done' }, output: [] };
    const lab = opening.map((e): Event => (e.kind === 'session-started' ? { ...e, lab: true } : e));
    await written(folder, [...lab, intended('c1'), done, ended], 's3');
    await written(folder, [...lab, intended('c1'), done], 's4');
    const { out } = await run('sessions');
    expect(out).toMatch(/^s3 .* lab .* its cluster is gone {2}ended$/m);
    expect(out).toMatch(/^s4 .* lab .* its cluster ends with it {2}not ended$/m);
    expect(out).not.toMatch(/lab .* stands?\b/);
  });

  it('lets no terminal act on what a journal holds', async () => {
    const cluster = 'p\u001b]0;pwn\u0007\u001b[2JRED\u202egnp\u009b31m\nno: pass';
    await written(
      join(state, 'k8s-harden', 'sessions'),
      [...opening, { kind: 'nodes-set', cluster, nodes: [] }, ended],
      's2',
    );
    for (const format of ['text', 'json']) {
      const { code, out } = await run('sessions', '--format', format);
      expect(code).toBe(0);
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(out).not.toMatch(/^no: pass/m);
      if (format === 'json')
        expect(JSON.parse(out).sessions.map((s: { cluster: string }) => s.cluster)).toContain(cluster);
    }
  });

  it('a flag or a name with signs that cannot be seen is refused, and they are not said again', async () => {
    for (const args of [
      ['verify', 's\u001b[2J1'],
      ['--cluster', 'a\u202eb'],
    ]) {
      const { code, err } = await run(...args);
      expect(code).toBe(2);
      expect(err).toMatch(/it holds U\+(001B|202E), a sign that cannot be seen/);
      expect(err).not.toMatch(/[\u001b\u202e]/);
    }
  });
});

describe('verify', () => {
  it('says that a closed record is whole', async () => {
    expect(await run('verify', 'last')).toEqual({
      code: 0,
      out: `The chain of 7 records is whole. It ends with its own end, where it was closed: nothing was cut off.\nLast hash: ${hashOf(7)}\n`,
      err: '',
    });
  });

  it('says of a record cut back to an earlier end that it was cut', async () => {
    cutTo(4);
    const { code, out } = await run('verify', 's1');
    expect(code).toBe(3);
    expect(out).toContain(
      'The record was cut: it ends at line 4, but by its head on record it had 7 records.\nWhat is left is whole: 4 records.',
    );
  });

  it('says which line is not the one that was closed', async () => {
    const other = await written(join(state, 'other'), [...opening, ended, ended, intended('c2'), ended]);
    writeFileSync(path, readFileSync(other));
    const { code, out } = await run('verify', 's1');
    expect(code).toBe(3);
    expect(out).toContain('The record was changed: line 7 is not the one that its head on record names.');
  });

  it('says of a closed record that lines were added after its end', async () => {
    const closed = readFileSync(head());
    const { journal } = good(await openJournal(options(join(state, 'k8s-harden', 'sessions'))));
    good(await journal.record(ended));
    await journal.close();
    writeFileSync(head(), closed);
    const { code, out } = await run('verify', 's1');
    expect(code).toBe(3);
    expect(out).toContain('The record was added to: it was closed at line 7, and 1 record came after that');
  });

  it('takes a missing head for no proof, and one that cannot be read for a reason to doubt', async () => {
    rmSync(head());
    const missing = await run('verify', 's1');
    expect(missing.code).toBe(0);
    expect(missing.out).toContain(
      `No head is on record (${head()}), so lines cut off its end would not show.`,
    );
    expect(missing.out).not.toContain('nothing was cut off');
    mkdirSync(head());
    const odd = await run('verify', 's1');
    expect(odd.code).toBe(3);
    expect(odd.out).toContain(`Its head on record cannot be read (${head()}: `);
  });

  it('says of a session that is open that nothing vouches for its end', async () => {
    const { journal } = good(await openJournal(options(join(state, 'k8s-harden', 'sessions'))));
    const { code, out } = await run('verify', 's1');
    expect(code).toBe(0);
    expect(out).toBe(
      `The chain of 7 records is whole. It was gone on with after line 7 and has not been ended since: it is still open, or a crash cut it short.\nUntil it is ended, lines cut off after line 7 would not show.\nLast hash: ${hashOf(7)}\n`,
    );
    await journal.close();
  });

  it('says of a session that was never ended that it is still open, and names no line', async () => {
    const folder = join(state, 'k8s-harden', 'sessions');
    const journal = good(await createJournal({ ...options(folder), id: 's2' }));
    for (const event of opening) good(await journal.record(event));
    const { code, out } = await run('verify', 's2');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^The chain of 3 records is whole\. The session has not been ended: it is still open, or a crash cut it short\.\nUntil it is ended, lines cut off its end would not show\.\nLast hash: [0-9a-f]{64}\n$/,
    );
    await journal.close();
  });

  it('names the damaged line', async () => {
    writeFileSync(path, readFileSync(path, 'utf8').replace('rke2', 'rke3'));
    const { code, out } = await run('verify', 's1');
    expect(code).toBe(3);
    expect(out).toContain(
      `${path}:2: the line does not match its hash\nWhat stands before that line is whole: 1 record.`,
    );
  });

  it('compares with a hash that was kept elsewhere, also when the head beside it was taken away', async () => {
    const [fourth, seventh] = [hashOf(4), hashOf(7)];
    const last = await run('verify', 's1', '--head', seventh.toUpperCase());
    expect(last.code).toBe(0);
    expect(last.out).toContain(
      'Line 7 has the hash you gave: up to it nothing was cut off or changed. It is the last line.',
    );
    const earlier = await run('verify', 's1', '--head', fourth);
    expect(earlier.code).toBe(0);
    expect(earlier.out).toContain(
      'Line 4 has the hash you gave: up to it nothing was cut off or changed. 3 records came after it.',
    );
    cutTo(4);
    rmSync(head());
    const cut = await run('verify', 's1', '--head', seventh);
    expect(cut.code).toBe(3);
    expect(cut.out).toContain(
      'No whole line has the hash you gave: the record was cut before it, or changed.',
    );
  });

  it('ends with 2 where there is nothing to verify', async () => {
    expect(await run('verify', 'none')).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is no session none.'),
    });
    expect(await run('verify', join(state, 'none.jsonl'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot be read'),
    });
    expect(await run('verify', 's1', '--head', 'abc')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--head abc: it is a last hash'),
    });
  });
});

describe('export', () => {
  it('says on the screen and in the transcript that the record was cut, and prints the hash to keep', async () => {
    const whole = await run('export', 's1');
    expect(whole.err).toBe('');
    expect(whole.out).toContain('7 entries, the chain is whole up to its end');
    expect(whole.out).toContain(hashOf(7));
    cutTo(4);
    const cut = await run('export', 's1');
    expect(cut.err).toContain(
      `${path}: it ends at line 4, but it was closed or opened at line 7: lines were cut off its end; what is left of it is exported.`,
    );
    expect(cut.out).toContain(
      '4 entries, the record was cut off after line 4: entries that stood there are missing',
    );
    expect(JSON.parse((await run('export', 's1', '--format', 'json')).out).record.chain).toBe(
      'cut off after line 4',
    );
  });

  it('writes a session that is open or was cut short in every format, and says so', async () => {
    const exported = async (says: string): Promise<void> => {
      for (const { id } of formats.filter((f) => f.refuses === undefined)) {
        const { code, out, err } = await run('export', 's1', '--format', id);
        expect(code, id).toBe(0);
        expect(out.length, id).toBeGreaterThan(100);
        expect(err, id).toContain(says);
      }
    };
    const { journal } = good(await openJournal(options(join(state, 'k8s-harden', 'sessions'))));
    await exported('it has no end, so the session is open or was cut short; what is left of it is exported.');
    await journal.close();
    appendFileSync(path, '{"seq":9,"at"');
    await exported(`${path}:8: `);
  });

  it('writes out of the wizard, where the session is only read, what it writes of it otherwise', async () => {
    const invocation = parseCommandLine([]);
    if (!invocation.ok) throw new Error('no command line');
    const services = await makeServices(invocation.value, { cluster: '', nodes: [] }, () => {});
    const { records } = good(await services.readPast('s1'));
    const opened = replay([
      ...records,
      { at: '', event: { kind: 'session-resumed', operator: 'mara@desk' } },
    ]);
    const rke2 = good(await services.loadProfiles()).find((p) => p.distribution.id === 'rke2');
    const here = process.cwd();
    process.chdir(state);
    try {
      const name = good(await services.writeExport('markdown', opened, records, rke2));
      expect(readFileSync(name, 'utf8')).toBe((await run('export', 's1')).out);
    } finally {
      process.chdir(here);
    }
  });

  it('refuses a checklist of a session without a STIG in one sentence, and writes nothing', async () => {
    const place = join(state, 'a.cklb');
    expect(await run('export', 's1', '--format', 'cklb', '-o', place)).toEqual({
      code: 2,
      out: '',
      err: 'k8s-harden: A STIG checklist needs the V numbers of a DISA STIG, and this session chose no benchmark; export it as oscal, csv or html instead.\nNothing was changed.\n',
    });
    expect(existsSync(place)).toBe(false);
  });

  it('says of a place that cannot be written just that', async () => {
    const place = join(state, 'none', 'a.md');
    expect(await run('export', 's1', '-o', place)).toEqual({
      code: 2,
      out: '',
      err: `k8s-harden: ${place} cannot be written: there is no such file or folder (ENOENT).\nCheck that its folder is there, that you may write to it, and that the disk has room.\n`,
    });
    expect((await run('export', 's1', '-o', state)).err).toContain(
      `${state} cannot be written: it is a folder, not a file (EISDIR).`,
    );
  });
});

describe('sessions', () => {
  it('lists one line each, or JSON, and takes a head for no session', async () => {
    const text = await run('sessions');
    expect(text).toMatchObject({ code: 0, err: '' });
    expect(text.out.trimEnd().split('\n')).toEqual([expect.stringMatching(/^s1 .* 1 unfinished$/)]);
    const { code, out } = await run('sessions', '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      form: 'k8s-harden/sessions/1',
      sessions: [{ id: 's1', path, cluster: 'prod-öst', nodes: 1, unfinished: 1, ended: true }],
    });
    cutTo(4);
    expect((await run('sessions')).out).toContain('damaged: it ends at line 4');
  });

  it('is an empty list for programs where there is none', async () => {
    vi.stubEnv('XDG_STATE_HOME', join(state, 'none'));
    expect(JSON.parse((await run('sessions', '--format', 'json')).out).sessions).toEqual([]);
  });
});
