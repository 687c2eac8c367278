import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { noSession } from '../../src/domain/session.ts';
import { transcript } from '../../src/report/transcript.ts';
import { writeExport } from '../../src/run/export.ts';

it('an export over an older file is its owner’s alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-harden-export-'));
  try {
    const path = join(folder, 'a.md');
    writeFileSync(path, 'older');
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
    const path = join(folder, 'a.md');
    for (const lead of ['', 'x']) {
      const session = { ...noSession, notes: [{ at: '', text: lead + '𝄞'.repeat(1_100_000) }] };
      const input = { session, records: [], chain: 'not ended' } as const;
      expect(await writeExport('markdown', input, path)).toEqual({ ok: true, value: path });
      expect(readFileSync(path, 'utf8') === transcript(input)).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
