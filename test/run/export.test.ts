import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { noSession } from '../../src/domain/session.ts';
import { transcript } from '../../src/report/transcript.ts';
import { writeExport } from '../../src/run/export.ts';

it('an export over an older file is its owner’s alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-harden-export-'));
  try {
    const path = join(folder, 'a.md');
    writeFileSync(path, 'an older export of k8s-harden');
    chmodSync(path, 0o644);
    const input = { session: noSession, records: [], chain: 'not ended' } as const;
    expect(await writeExport('markdown', input, path)).toEqual({ ok: true, value: path });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('a long export is written whole, wherever it is parted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-harden-export-'));
  try {
    for (const lead of ['', 'x']) {
      const path = join(folder, `a${lead}.md`);
      const session = { ...noSession, notes: [{ at: '', text: lead + '𝄞'.repeat(1_100_000) }] };
      const input = { session, records: [], chain: 'not ended' } as const;
      expect(await writeExport('markdown', input, path)).toEqual({ ok: true, value: path });
      expect(readFileSync(path, 'utf8') === transcript(input)).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('what is no export of ours is not written over, and least of all a journal', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-harden-export-'));
  vi.stubEnv('XDG_STATE_HOME', folder);
  try {
    const input = { session: noSession, records: [], chain: 'not ended' } as const;
    const journal = join(folder, 'k8s-harden/sessions/s.jsonl');
    mkdirSync(dirname(journal), { recursive: true });
    const others = [
      [join(folder, 'notes.txt'), 'Buy milk.', 'is no export of this program'],
      [journal, '{"program":"k8s-harden"}', 'keeps its sessions'],
    ] as const;
    for (const [path, text, words] of others) {
      writeFileSync(path, text);
      expect(await writeExport('markdown', input, path)).toMatchObject({
        ok: false,
        failure: { code: 'refused', message: expect.stringContaining(words) },
      });
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
    const table = join(folder, 'a.csv');
    for (let twice = 0; twice < 2; twice++)
      expect(await writeExport('csv', input, table)).toEqual({ ok: true, value: table });
  } finally {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  }
});
