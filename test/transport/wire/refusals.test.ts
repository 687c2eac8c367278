import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeedReport } from '../../../src/domain/ports.ts';
import type { Step } from '../../../src/domain/step.ts';
import { hash, manifest } from './manifest.ts';
import { isRoot, makeNode, type Node, type Shell, shells } from './shell.ts';

if (!isRoot) console.warn('left out: full and read-only disks, locks and units, because they need root');

describe.skipIf(!isRoot).each(shells)('a node refuses to %s', (_, shell: Shell) => {
  let node: Node;
  let work: string;
  let mounted: string[] = [];
  beforeEach(async () => {
    node = await makeNode();
    work = join(node.folder, 'work');
  });
  afterEach(async () => {
    for (const at of mounted) execFileSync('umount', [at]);
    mounted = [];
    await node.remove();
  });

  const mount = async (at: string, size: string): Promise<string> => {
    await mkdir(at, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', at]);
    mounted.push(at);
    return at;
  };
  const write = (path: string, content: string, before?: string): Step => ({
    kind: 'write-file',
    path,
    content,
    mode: '0644',
    owner: 'root',
    group: 'root',
    before: before === undefined ? { kind: 'absent' } : { kind: 'present', sha256: hash(before) },
  });
  const apply = (...steps: readonly Step[]): Promise<DeedReport> =>
    node.perform(
      { kind: 'change', change: { id: 'c1', session: 's1', control: 'c', node: 'cp-1', via: 'cp-1', steps } },
      shell,
    );

  it('write to a full disk', async () => {
    const small = await mount(join(work, 'small'), '64k');
    await writeFile(join(small, 'a.conf'), 'old');
    await writeFile(join(small, 'ballast'), 'x'.repeat(44 * 1024));
    const before = await manifest(work);
    const first = write(join(work, 'first'), 'x');
    const report = await apply(first, write(join(small, 'a.conf'), 'y'.repeat(9000), 'old'));
    expect(report).toEqual({
      kind: 'refused',
      failure: { code: 'node-full', node: 'cp-1', path: small },
      output: [],
    });
    expect(await manifest(work)).toEqual(before);
    expect(await manifest(join(node.folder, 'varlib'))).toEqual([]);
  });

  it('change anything when the originals have no room', async () => {
    await mount(join(node.folder, 'varlib'), '16k');
    const report = await apply(write(join(work, 'a'), 'x'));
    const path = '/var/lib/k8s-harden/s1/c1';
    expect(report).toEqual({
      kind: 'refused',
      failure: { code: 'node-full', node: 'cp-1', path },
      output: [],
    });
    expect(await manifest(work)).toEqual([]);
    expect(await manifest(join(node.folder, 'varlib'))).toEqual([]);
  });

  it('keep an original that does not fit', async () => {
    await mount(join(node.folder, 'varlib'), '96k');
    const big = 'z'.repeat(200 * 1024);
    await writeFile(join(work, 'a'), big);
    const report = await apply(write(join(work, 'a'), 'x', big));
    expect(report).toMatchObject({ kind: 'refused', failure: { code: 'node-full' } });
    expect(await readFile(join(work, 'a'), 'utf8')).toBe(big);
    expect(await manifest(join(node.folder, 'varlib'))).toEqual([]);
  });

  it('write to a read-only filesystem', async () => {
    const fixed = await mount(join(work, 'fixed'), '1m');
    await writeFile(join(fixed, 'a.conf'), 'old');
    execFileSync('mount', ['-o', 'remount,ro', fixed]);
    for (const step of [
      write(join(fixed, 'a.conf'), 'new', 'old'),
      write(join(fixed, 'b.conf'), 'new'),
      { kind: 'set-mode', path: join(fixed, 'a.conf'), mode: '0600', before: '0644' } as const,
    ]) {
      const report = await apply(write(join(work, 'first'), 'x'), step);
      expect(report).toEqual({
        kind: 'refused',
        failure: { code: 'node-read-only', node: 'cp-1', path: fixed },
        output: [],
      });
    }
    expect(await manifest(join(node.folder, 'varlib'))).toEqual([]);
  });

  it('lock for two at once', async () => {
    const lock = (holder: string, take = false) => node.perform({ kind: 'lock', holder, take }, shell);
    const unlock = (holder: string) => node.perform({ kind: 'unlock', holder }, shell);
    const holderNow = async () => [...(await node.ask([{ kind: 'lock' }], shell)).values()][0];
    expect(await holderNow()).toEqual({ kind: 'absent' });
    const tries = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => lock(`${name}'s $desk`)));
    expect(tries.filter((r) => r.kind === 'done')).toHaveLength(1);
    const winner = `${'abcdef'[tries.findIndex((r) => r.kind === 'done')]}'s $desk`;
    for (const r of tries.filter((t) => t.kind !== 'done'))
      expect(r).toMatchObject({ kind: 'refused', failure: { code: 'locked', node: 'cp-1', holder: winner } });
    expect(await holderNow()).toEqual({ kind: 'said', text: winner });
    expect((await lock(winner)).kind).toBe('done');
    expect(await unlock('anna')).toMatchObject({
      kind: 'refused',
      failure: { code: 'locked', holder: winner },
    });
    expect((await lock('anna', true)).kind).toBe('done');
    expect(await holderNow()).toEqual({ kind: 'said', text: 'anna' });
    expect(await lock(winner)).toMatchObject({ failure: { holder: 'anna' } });
    expect((await unlock('anna')).kind).toBe('done');
    expect((await unlock('anna')).kind).toBe('done');
    expect(await holderNow()).toEqual({ kind: 'absent' });
    expect(await manifest(join(node.folder, 'run/k8s-harden'))).toEqual([]);
  });

  it('restart what systemd will not', async () => {
    const tool = join(node.folder, 'tools/systemctl');
    await writeFile(
      tool,
      '#!/bin/sh\necho "$*" >> "$0.calls"\ncase $4 in no*) echo "Unit $4 not found." >&2; exit 5 ;; esac\n',
      { mode: 0o755 },
    );
    for (const kind of ['restart', 'stop', 'start'] as const)
      expect(await node.perform({ kind, unit: 'rke2-server' }, shell)).toEqual({ kind: 'done', output: [] });
    expect(await readFile(`${tool}.calls`, 'utf8')).toBe(
      ['restart', 'stop', 'start'].map((verb) => `--no-block ${verb} -- rke2-server\n`).join(''),
    );
    const report = await node.perform({ kind: 'restart', unit: 'nothing' }, shell);
    expect(report).toMatchObject({ kind: 'refused', failure: { code: 'refused' } });
    expect(report.output).toEqual(['Unit nothing not found.']);
  });
});
