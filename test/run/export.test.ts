import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { noSession } from '../../src/domain/session.ts';
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
