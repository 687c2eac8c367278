import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFile, readNamedTexts, readStat } from '../../src/domain/evidence.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import type { Change, Step } from '../../src/domain/step.ts';
import { undoByHand } from '../../src/domain/undo.ts';
import { createWorkstation } from '../../src/transport/workstation.ts';
import { newFolder } from './support/loopback.ts';

const me = userInfo().username;
const workstation = createWorkstation({ readOnly: false });
const limit = { deadlineMs: 5000 };
let folder: ReturnType<typeof newFolder>;
let before: string | undefined;

beforeEach(() => {
  folder = newFolder();
  before = process.env.XDG_STATE_HOME;
  process.env.XDG_STATE_HOME = folder.at('state');
});
afterEach(() => {
  if (before === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = before;
  folder.remove();
});

async function ask(question: Question) {
  const answer = (await workstation.ask([question], limit)).get(questionKey(question));
  if (!answer) throw new Error('no answer');
  return answer;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

function change(...steps: readonly Step[]): Change {
  return { id: 'c1', session: 's1', control: 'x', node: 'workstation', via: 'workstation', steps };
}

function write(name: string, content: string, from?: string, mode = '0600'): Step {
  const owner = { owner: me, group: String(process.getgid?.() ?? 0) };
  return {
    kind: 'write-file',
    path: folder.at(name),
    content,
    mode,
    ...owner,
    before: from === undefined ? { kind: 'absent' } : { kind: 'present', sha256: hash(from) },
  };
}

/** Everything about the files of the folder, the wizard's own state aside. */
function manifest(): unknown {
  return readdirSync(folder.path)
    .filter((name) => name !== 'state')
    .sort()
    .map((name) => {
      const s = lstatSync(folder.at(name));
      return [
        name,
        s.mode.toString(8),
        s.uid,
        s.gid,
        s.mtimeMs,
        s.isFile() ? readFileSync(folder.at(name), 'hex') : '',
      ];
    });
}

describe('questions to the workstation', () => {
  it('are answered for files, in the forms of a node', async () => {
    writeFileSync(folder.at('b.yaml'), 'b: ✓\n', { mode: 0o640 });
    writeFileSync(folder.at('a.yaml'), 'a\n');
    writeFileSync(folder.at('c.txt'), 'c\n');
    const path = folder.at('b.yaml');
    expect(readFile(await ask({ kind: 'file', path }), path)).toEqual({ known: true, value: 'b: ✓\n' });
    expect(readStat(await ask({ kind: 'stat', path }), path)).toMatchObject({
      known: true,
      value: { mode: '0640', owner: me, uid: process.getuid?.(), size: 7, type: 'file' },
    });
    const texts = readNamedTexts(await ask({ kind: 'folder', path: folder.path, suffix: '.yaml' }), 'x');
    expect(texts).toMatchObject({ known: true, value: [{ text: 'a\n' }, { text: 'b: ✓\n' }] });
    expect(await ask({ kind: 'access', path, user: me, want: 'r' })).toEqual({ kind: 'said', text: 'yes' });
  });

  it('leave out of a folder what is no file: links to nothing or to themselves, folders; a device has no text', async () => {
    const path = folder.at('conf.d');
    mkdirSync(join(path, 'sub.yaml'), { recursive: true });
    writeFileSync(join(path, 'b.yaml'), 'b\n');
    symlinkSync('nothing', join(path, 'a.yaml'));
    symlinkSync('loop.yaml', join(path, 'loop.yaml'));
    symlinkSync('/dev/null', join(path, 'masked.yaml'));
    symlinkSync('b.yaml', join(path, 'z.yaml'));
    expect(readNamedTexts(await ask({ kind: 'folder', path, suffix: '.yaml' }), 'x')).toEqual({
      known: true,
      value: [
        { path: join(path, 'b.yaml'), text: 'b\n' },
        { path: join(path, 'masked.yaml'), text: '' },
        { path: join(path, 'z.yaml'), text: 'b\n' },
      ],
    });
  });

  it('say what is not there, not text, too large, or not asked of a workstation', async () => {
    expect(await ask({ kind: 'file', path: folder.at('none') })).toEqual({ kind: 'absent' });
    expect(await ask({ kind: 'stat', path: folder.at('none/deeper') })).toEqual({ kind: 'absent' });
    expect(await ask({ kind: 'folder', path: folder.at('none'), suffix: '' })).toEqual({ kind: 'absent' });
    writeFileSync(folder.at('latin'), Buffer.from([0x66, 0xfc, 0x0a]));
    expect(await ask({ kind: 'file', path: folder.at('latin') })).toMatchObject({ kind: 'failed' });
    writeFileSync(folder.at('large'), Buffer.alloc(1024 * 1024 + 1, 97));
    expect(await ask({ kind: 'file', path: folder.at('large') })).toMatchObject({ kind: 'too-large' });
    expect(await ask({ kind: 'file', path: folder.path })).toMatchObject({
      kind: 'failed',
      message: 'it is a folder',
    });
    expect(await ask({ kind: 'kernel', key: 'vm.swappiness' })).toMatchObject({ kind: 'failed' });
  });
});

describe('changes on the workstation', () => {
  it('are made whole, and taken back to the very bytes, mode and time', async () => {
    writeFileSync(folder.at('cluster.yml'), 'old\n', { mode: 0o644 });
    utimesSync(folder.at('cluster.yml'), 1_700_000_000, 1_700_000_000);
    writeFileSync(folder.at('state.json'), '{}', { mode: 0o644 });
    const start = manifest();
    const steps = change(write('cluster.yml', 'new\n', 'old\n'), write('fresh.yml', 'fresh\n'), {
      kind: 'set-mode',
      path: folder.at('state.json'),
      mode: '0600',
      before: '0644',
    });
    expect(await workstation.perform({ kind: 'change', change: steps }, limit)).toEqual({
      kind: 'done',
      output: [],
    });
    expect(readFileSync(folder.at('cluster.yml'), 'utf8')).toBe('new\n');
    expect(statSync(folder.at('cluster.yml')).mode & 0o777).toBe(0o600);
    expect(statSync(folder.at('state.json')).mode & 0o777).toBe(0o600);
    expect((await ask({ kind: 'change-state', session: 's1', change: 'c1' })) as unknown).toMatchObject({
      text: expect.stringMatching(/done 0\n(.*\n)*ended done\n$/),
    });
    expect(await workstation.perform({ kind: 'undo', change: steps, force: false }, limit)).toMatchObject({
      kind: 'done',
    });
    expect(manifest()).toEqual(start);
    expect(await ask({ kind: 'change-state', session: 's1', change: 'c1' })).toMatchObject({
      text: expect.stringMatching(/ended undone\n$/),
    });
  });

  it('keep originals where only the operator can read them', async () => {
    writeFileSync(folder.at('secret.yml'), 'token: x\n', { mode: 0o644 });
    await workstation.perform(
      { kind: 'change', change: change(write('secret.yml', 'new\n', 'token: x\n')) },
      limit,
    );
    const kept = folder.at('state/k8s-harden/kept/s1/c1');
    expect(statSync(kept).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(kept))
      expect([name, statSync(`${kept}/${name}`).mode & 0o777]).toEqual([name, 0o600]);
    expect(readFileSync(`${kept}/0.0.original`, 'utf8')).toBe('token: x\n');
  });

  it('refuse what changed since it was looked at, and write nothing', async () => {
    writeFileSync(folder.at('a'), 'a');
    writeFileSync(folder.at('b'), 'changed meanwhile');
    const start = manifest();
    const steps = change(write('a', 'A', 'a'), write('b', 'B', 'b'));
    expect(await workstation.perform({ kind: 'change', change: steps }, limit)).toMatchObject({
      kind: 'refused',
      failure: { code: 'drifted', path: folder.at('b') },
    });
    expect(manifest()).toEqual(start);
    expect(await ask({ kind: 'change-state', session: 's1', change: 'c1' })).toEqual({ kind: 'absent' });
    const there = change(write('a', 'A'));
    expect(await workstation.perform({ kind: 'change', change: there }, limit)).toMatchObject({
      kind: 'refused',
    });
  });

  it('put back what was done when a later step fails', async () => {
    writeFileSync(folder.at('a'), 'a', { mode: 0o600 });
    utimesSync(folder.at('a'), 1_700_000_000, 1_700_000_000);
    const start = manifest();
    const steps = change(write('a', 'A', 'a'), write('no/such/folder/b', 'B'));
    expect(await workstation.perform({ kind: 'change', change: steps }, limit)).toMatchObject({
      kind: 'put-back',
      failure: { code: 'change-failed' },
    });
    expect(manifest()).toEqual(start);
    expect(await ask({ kind: 'change-state', session: 's1', change: 'c1' })).toMatchObject({
      text: expect.stringMatching(/ended put-back\n$/),
    });
  });

  it('are not taken back over somebody else’s work, unless that is wanted', async () => {
    writeFileSync(folder.at('a'), 'a');
    const steps = change(write('a', 'A', 'a'));
    await workstation.perform({ kind: 'change', change: steps }, limit);
    writeFileSync(folder.at('a'), 'mine');
    expect(await workstation.perform({ kind: 'undo', change: steps, force: false }, limit)).toMatchObject({
      kind: 'refused',
      failure: { code: 'drifted' },
    });
    expect(readFileSync(folder.at('a'), 'utf8')).toBe('mine');
    expect(await workstation.perform({ kind: 'undo', change: steps, force: true }, limit)).toMatchObject({
      kind: 'done',
    });
    expect(readFileSync(folder.at('a'), 'utf8')).toBe('a');
  });

  it.each([
    ['an edited file', 'before\n'],
    ['a new file', undefined],
  ])('that were cut off are not taken back over what somebody wrote since: %s', async (_, from) => {
    if (from !== undefined) writeFileSync(folder.at('a'), from);
    const cut = change(write('a', 'ours\n', from));
    expect((await workstation.perform({ kind: 'change', change: cut }, limit)).kind).toBe('done');
    const kept = folder.at('state/k8s-harden/kept/s1/c1');
    rmSync(join(kept, '0.done'));
    rmSync(join(kept, 'ended'));
    writeFileSync(folder.at('a'), 'an afternoon of work\n');
    const undo = { kind: 'undo', change: cut, force: false } as const;
    expect(await workstation.perform(undo, limit)).toMatchObject({ failure: { code: 'drifted' } });
    expect(readFileSync(folder.at('a'), 'utf8')).toBe('an afternoon of work\n');
    writeFileSync(folder.at('a'), 'ours\n');
    expect((await workstation.perform(undo, limit)).kind).toBe('done');
    expect(existsSync(folder.at('a'))).toBe(from !== undefined);
  });

  it('that was cut off is taken back by hand only where nobody worked on the file since', async () => {
    for (const [found, kept] of [
      ['mine\n', 'mine\n'],
      ['new\n', 'old\n'],
      ['old\n', 'old\n'],
    ] as const) {
      rmSync(folder.at('state'), { recursive: true, force: true });
      rmSync(folder.at('fresh.yml'), { force: true });
      writeFileSync(folder.at('cluster.yml'), 'old\n');
      const steps = change(write('cluster.yml', 'new\n', 'old\n'), write('fresh.yml', 'fresh\n'));
      await workstation.perform({ kind: 'change', change: steps }, limit);
      const at = folder.at('state/k8s-harden/kept/s1/c1');
      for (const mark of ['0.done', '1.done', 'ended']) rmSync(join(at, mark));
      writeFileSync(folder.at('cluster.yml'), found);
      const { status } = spawnSync('sh', ['-c', undoByHand(steps)]);
      expect([status, readFileSync(folder.at('cluster.yml'), 'utf8')]).toEqual([
        found === kept && found !== 'old\n' ? 3 : 0,
        kept,
      ]);
      expect(existsSync(folder.at('fresh.yml'))).toBe(status === 3);
    }
  });

  it('can be taken back by hand, with the line on the screen', async () => {
    writeFileSync(folder.at('cluster.yml'), 'old\n', { mode: 0o644 });
    writeFileSync(folder.at('state.json'), '{}', { mode: 0o644 });
    const untimed = () => (manifest() as unknown[][]).map((row) => row.toSpliced(4, 1));
    const start = untimed();
    const steps = change(write('cluster.yml', 'new\n', 'old\n'), write('it’s fresh.yml', 'fresh\n'), {
      kind: 'set-mode',
      path: folder.at('state.json'),
      mode: '0600',
      before: '0644',
    });
    await workstation.perform({ kind: 'change', change: steps }, limit);
    expect(untimed()).not.toEqual(start);
    const byHand = undoByHand(steps);
    writeFileSync(folder.at('cluster.yml'), 'mine\n');
    const changed = untimed();
    const stopped = spawnSync('sh', ['-c', byHand], { encoding: 'utf8' });
    expect([stopped.status, stopped.stderr]).toEqual([
      3,
      expect.stringContaining('cluster.yml is no longer'),
    ]);
    expect(untimed()).toEqual(changed);
    writeFileSync(folder.at('cluster.yml'), 'new\n');
    execFileSync('sh', ['-c', byHand]);
    expect(untimed()).toEqual(start);
    expect(await ask({ kind: 'change-state', session: 's1', change: 'c1' })).toMatchObject({
      text: expect.stringMatching(/ended undone\n$/),
    });
  });

  it('are finished by a second run after a crash, with the first originals still kept', async () => {
    writeFileSync(folder.at('a'), 'a');
    const steps = change(write('a', 'A', 'a'));
    await workstation.perform({ kind: 'change', change: steps }, limit);
    writeFileSync(folder.at('a'), 'a');
    await workstation.perform({ kind: 'change', change: change(write('a', 'AA', 'a')) }, limit);
    expect(readFileSync(folder.at('state/k8s-harden/kept/s1/c1/0.0.original'), 'utf8')).toBe('a');
  });

  it('write through a symbolic link, which stays one', async () => {
    mkdirSync(folder.at('real'));
    writeFileSync(folder.at('real/cluster.yml'), 'old');
    symlinkSync(folder.at('real/cluster.yml'), folder.at('link.yml'));
    const steps = change(write('link.yml', 'new', 'old'));
    expect(await workstation.perform({ kind: 'change', change: steps }, limit)).toMatchObject({
      kind: 'done',
    });
    expect(lstatSync(folder.at('link.yml')).isSymbolicLink()).toBe(true);
    expect(readFileSync(folder.at('real/cluster.yml'), 'utf8')).toBe('new');
    await workstation.perform({ kind: 'undo', change: steps, force: false }, limit);
    expect(readFileSync(folder.at('real/cluster.yml'), 'utf8')).toBe('old');
  });

  it('are refused when they are not about files, or the session is read-only', async () => {
    const kernel = change({ kind: 'set-kernel', key: 'a', value: '1', before: '0' });
    expect(await workstation.perform({ kind: 'change', change: kernel }, limit)).toMatchObject({
      kind: 'refused',
    });
    expect(await workstation.perform({ kind: 'restart', unit: 'rke2-server' }, limit)).toMatchObject({
      kind: 'refused',
    });
    const readOnly = createWorkstation({ readOnly: true });
    for (const deed of [
      { kind: 'change', change: change(write('a', 'A')) },
      { kind: 'lock', holder: 'x', take: true },
    ] as const)
      expect(await readOnly.perform(deed, limit)).toMatchObject({
        kind: 'refused',
        failure: { code: 'read-only' },
      });
    expect(existsSync(folder.at('state'))).toBe(false);
  });

  it('leave no temporary file behind when the folder cannot be written', async () => {
    mkdirSync(folder.at('a'));
    const steps = change({ ...write('a', 'A'), path: folder.at('a/b/c') } as Step);
    await workstation.perform({ kind: 'change', change: steps }, limit);
    expect(readdirSync(folder.at('a'))).toEqual([]);
    chmodSync(folder.at('a'), 0o755);
  });
});

describe('the lock of the workstation', () => {
  it('is one holder’s until it is given back or taken', async () => {
    const lock = (holder: string, take = false) => workstation.perform({ kind: 'lock', holder, take }, limit);
    expect(await ask({ kind: 'lock' })).toEqual({ kind: 'absent' });
    expect(await lock('alice')).toMatchObject({ kind: 'done' });
    expect(await lock('alice')).toMatchObject({ kind: 'done' });
    expect(await lock('bob')).toMatchObject({
      kind: 'refused',
      failure: { code: 'locked', holder: 'alice' },
    });
    expect(await ask({ kind: 'lock' })).toEqual({ kind: 'said', text: 'alice' });
    await workstation.perform({ kind: 'unlock', holder: 'bob' }, limit);
    expect(await ask({ kind: 'lock' })).toEqual({ kind: 'said', text: 'alice' });
    expect(await lock('bob', true)).toMatchObject({ kind: 'done' });
    await workstation.perform({ kind: 'unlock', holder: 'bob' }, limit);
    expect(await ask({ kind: 'lock' })).toEqual({ kind: 'absent' });
  });

  it('of a process that is gone is nobody’s', async () => {
    mkdirSync(folder.at('state/k8s-harden'), { recursive: true });
    writeFileSync(folder.at('state/k8s-harden/workstation.lock'), 'ghost\n999999999\n');
    expect(await workstation.perform({ kind: 'lock', holder: 'alice', take: false }, limit)).toMatchObject({
      kind: 'done',
    });
  });
});
