import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { canonical } from '../../src/journal/canonical.ts';
import { genesis, sealLine } from '../../src/journal/line.ts';
import { readJournal, verifyJournal } from '../../src/journal/read.ts';
import { scan } from '../../src/journal/scan.ts';
import { good, intended, opening, temporaryFolder, written } from './fixture.ts';

const whole: readonly Event[] = [
  ...opening,
  intended('c1'),
  {
    kind: 'change-ended',
    change: 'c1',
    outcome: { kind: 'done' },
    output: ['kernel.panic = 10', '✔ “fine”'],
  },
  { kind: 'session-ended', why: 'finished' },
];

describe('the chain', () => {
  it('can be checked by hand, line by line, with nothing but SHA-256', async () => {
    const path = await written(await temporaryFolder(), whole);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(whole.length);
    let prev = genesis;
    for (const [i, line] of lines.entries()) {
      const row = JSON.parse(line);
      expect(Object.keys(row)).toEqual(['seq', 'at', 'prev', 'event', 'hash']);
      expect(row.seq).toBe(i + 1);
      expect(row.prev).toBe(prev);
      const rest = line.replace(/,"hash":"[0-9a-f]{64}"\}$/, '}');
      expect(row.hash).toBe(createHash('sha256').update(rest).digest('hex'));
      expect(row.event).toEqual(whole[i]);
      prev = row.hash;
    }
  });

  it('is readable by its owner only', async () => {
    const folder = join(await temporaryFolder(), 'state', 'sessions');
    const path = await written(folder, opening);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('verifies a whole one, and says when the end is missing', async () => {
    const folder = await temporaryFolder();
    const path = await written(folder, whole);
    expect(good(await verifyJournal(path))).toMatchObject({ chain: 'whole', records: whole.length });
    const text = await readFile(path, 'utf8');
    const cut = join(folder, 'cut.jsonl');
    await writeFile(cut, text.split('\n').slice(0, -2).join('\n').concat('\n'));
    expect(good(await verifyJournal(cut))).toMatchObject({ chain: 'not ended', records: whole.length - 1 });
  });

  it('gives back every complete record when truncated at any byte', async () => {
    const path = await written(await temporaryFolder(), whole);
    const bytes = await readFile(path);
    const records = good(await readJournal(path)).records;
    expect(records.map((r) => r.event)).toEqual(whole);
    const ends = [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([i]) => i);
    for (let length = 0; length <= bytes.length; length++) {
      const read = scan(bytes.subarray(0, length));
      // A line is complete with its last brace; its newline may be missing.
      const complete = ends.filter((end) => end <= length).length;
      expect(read.records, `cut at ${length}`).toEqual(records.slice(0, complete));
      const atEdge = length === 0 || ends.some((end) => length === end || length === end + 1);
      expect(read.damage?.torn, `cut at ${length}`).toBe(atEdge ? undefined : true);
    }
  });

  it('names the line of any byte that was edited', async () => {
    const path = await written(await temporaryFolder(), whole);
    const bytes = await readFile(path);
    let line = 1;
    for (let at = 0; at < bytes.length; at++) {
      const original = bytes[at] ?? 0;
      for (const change of [original ^ 1, original ^ 0x20, 0x0a, 0x20, 0x30, 0xff, 0]) {
        if (change === original) continue;
        const edited = Buffer.from(bytes);
        edited[at] = change;
        const read = scan(edited);
        expect(read.damage?.line, `byte ${at} of line ${line} became ${change}`).toBe(line);
        expect(read.records).toHaveLength(line - 1);
      }
      if (original === 0x0a) line += 1;
    }
  });

  it('names the line where one was taken out, doubled, moved or put in', async () => {
    const path = await written(await temporaryFolder(), whole);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const damageOf = (changed: readonly (string | undefined)[]) =>
      scan(Buffer.from(`${changed.join('\n')}\n`)).damage?.line;
    const [a, b, c, ...rest] = lines;
    expect(damageOf(lines)).toBeUndefined();
    expect(damageOf([b, c, ...rest])).toBe(1);
    expect(damageOf([a, c, ...rest])).toBe(2);
    expect(damageOf([a, a, b, c, ...rest])).toBe(2);
    expect(damageOf([a, c, b, ...rest])).toBe(2);
    expect(damageOf([a, b, '', c, ...rest])).toBe(3);
    expect(damageOf([a, b?.replace(':', ': '), c, ...rest])).toBe(2);
  });

  it('names the line after one that was edited and sealed anew', async () => {
    const path = await written(await temporaryFolder(), whole);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const { seq, prev, at, event } = JSON.parse(lines[1] ?? '');
    const edited = sealLine({ seq, prev }, at, canonical({ ...event, distribution: 'rke' }));
    const read = scan(Buffer.from(`${lines.with(1, edited.text).join('\n')}\n`));
    expect(read.damage).toEqual({
      line: 3,
      message: 'the line does not follow from the one before it',
      torn: false,
    });
    expect(read.records).toHaveLength(2);
  });

  it('does not replay a kind of event it does not know', async () => {
    const strange = { kind: 'from-the-future' } as unknown as Event;
    const path = await written(await temporaryFolder(), [...opening, strange]);
    const read = good(await readJournal(path));
    expect(read.records).toHaveLength(opening.length);
    expect(read.damage).toEqual({
      line: 4,
      message: 'the entry is of a kind this version does not know',
      torn: false,
    });
  });

  it('says why a file cannot be read', async () => {
    const read = await readJournal(join(await temporaryFolder(), 'none.jsonl'));
    expect(read).toMatchObject({ ok: false, failure: { code: 'file-unreadable' } });
  });
});
