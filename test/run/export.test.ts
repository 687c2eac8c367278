import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
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
    const input = { session: noSession, records: [], chain: 'not ended' } as const;
    writeFileSync(path, `${transcript(input)}\nk8s-harden 0.0.1\n`);
    chmodSync(path, 0o644);
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
      // They name the program, and are nobody's export.
      [join(folder, 'waivers.yaml'), '# k8s-harden counts it as waived.\nwaivers: []\n', 'is no export'],
      [join(folder, 'ci.yml'), 'job:\n  script: k8s-harden check\n', 'is no export'],
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
    const plan = join(folder, 'plan.json');
    writeFileSync(plan, '{\n  "form": "k8s-harden/plan/1"\n}\n');
    expect(await writeExport('json', input, plan)).toMatchObject({ ok: false });
    const table = join(folder, 'a.csv');
    for (let twice = 0; twice < 2; twice++)
      expect(await writeExport('csv', input, table)).toEqual({ ok: true, value: table });
  } finally {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  }
});

it('for which there is no room leaves the older one as it was, and nothing half written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-harden-export-'));
  try {
    const path = join(folder, 'a.md');
    const session = { ...noSession, program: 'k8s-harden 1.0.0' };
    const input = { session, records: [], chain: 'not ended' } as const;
    for (let twice = 0; twice < 2; twice++)
      expect(await writeExport('markdown', input, path)).toEqual({ ok: true, value: path });
    const older = readFileSync(path, 'utf8');
    const handle = await open(path, 'r');
    // The disk is full after the first few signs.
    const full = vi.spyOn(Object.getPrototypeOf(handle), 'writeFile').mockImplementation(async function (
      this: unknown,
    ) {
      await (this as FileHandle).write('# Half');
      throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
    });
    await handle.close();
    try {
      for (const to of [path, join(folder, 'b.md')])
        expect(await writeExport('markdown', input, to)).toMatchObject({
          ok: false,
          failure: { code: 'file-unwritable', path: to, message: expect.stringContaining('disk is full') },
        });
    } finally {
      full.mockRestore();
    }
    expect(readFileSync(path, 'utf8')).toBe(older);
    expect(readdirSync(folder)).toEqual(['a.md']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('through a link goes where the link leads, and a folder is told as one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-harden-export-'));
  try {
    const input = { session: noSession, records: [], chain: 'not ended' } as const;
    for (const name of ['there.md', 'not-yet.md'])
      symlinkSync(join(folder, name), join(folder, `to-${name}`));
    writeFileSync(join(folder, 'there.md'), '');
    for (const name of ['there.md', 'not-yet.md']) {
      const path = join(folder, `to-${name}`);
      expect(await writeExport('markdown', input, path)).toEqual({ ok: true, value: path });
      expect(lstatSync(path).isSymbolicLink()).toBe(true);
      expect(readFileSync(join(folder, name), 'utf8')).toBe(transcript(input));
    }
    expect(await writeExport('markdown', input, folder)).toMatchObject({
      ok: false,
      failure: { code: 'file-unwritable', path: folder, message: expect.stringContaining('folder') },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
