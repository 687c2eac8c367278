import { chmod, chown, lstat, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Change, changeFolder, type Step } from '../../../src/domain/step.ts';
import { deedExchange } from '../../../src/transport/wire/index.ts';
import { hash, manifest } from './manifest.ts';
import { isRoot, makeNode, marker, type Node, type Shell, shells } from './shell.ts';

if (!isRoot) console.warn('left out: drift on a real shell, because it needs root');

describe.skipIf(!isRoot).each(shells)('what %s finds changed by others', (_, shell: Shell) => {
  let node: Node;
  let work: string;
  let count = 0;
  beforeEach(async () => {
    node = await makeNode();
    work = join(node.folder, 'work');
  });
  afterEach(() => node.remove());

  const change = (...steps: readonly Step[]): Change => ({
    id: `d${++count}`,
    session: 'session-1',
    control: 'some-control',
    node: 'cp-1',
    via: 'cp-1',
    steps,
  });
  const apply = (c: Change) => node.perform({ kind: 'change', change: c }, shell);
  const undo = (c: Change, force = false) => node.perform({ kind: 'undo', change: c, force }, shell);
  const write = (path: string, before?: string): Step => ({
    kind: 'write-file',
    path,
    content: 'new',
    mode: '0644',
    owner: 'root',
    group: 'root',
    before: before === undefined ? { kind: 'absent' } : { kind: 'present', sha256: hash(before) },
  });
  const mode = (path: string, to: string, before: string): Step => ({
    kind: 'set-mode',
    path,
    mode: to,
    before,
  });
  const owner = (path: string, to: string, before: string, tree = false): Step => {
    const [user = '', group = ''] = to.split(':');
    return { kind: 'set-owner', path, owner: user, group, before, tree };
  };
  const drifted = (path: string) => ({ kind: 'refused', failure: { code: 'drifted', path } });

  it('an account made into a group that was there leaves the group with its number', async () => {
    await node.sh('groupadd -r -g 877 wire-etcd');
    const c = change({
      kind: 'create-account',
      name: 'wire-etcd',
      comment: '',
      shell: '/bin/sh',
      withGroup: false,
    });
    expect((await apply(c)).kind).toBe('done');
    await node.sh('useradd -r later');
    const report = await undo(c);
    expect(report.kind, JSON.stringify(report)).toBe('done');
    const read = (name: string) => readFile(join(node.folder, 'etc', name), 'utf8');
    expect(await read('group')).toMatch(/^wire-etcd:[^:]*:877:$/m);
    expect(await read('passwd')).toContain('later:');
    expect(await read('passwd')).not.toContain('wire-etcd:');
  });

  it('an original that was lost takes no account file along', async () => {
    const c = change({
      kind: 'create-account',
      name: 'wire-x',
      comment: '',
      shell: '/bin/sh',
      withGroup: true,
    });
    expect((await apply(c)).kind).toBe('done');
    const kept = join(node.folder, 'varlib', changeFolder(c).slice('/var/lib/'.length));
    for (const n of [0, 4]) await rm(join(kept, `0.${n}.original`));
    expect((await undo(c, true)).kind).toBe('done');
    const passwd = await readFile(join(node.folder, 'etc/passwd'), 'utf8');
    expect(passwd).toContain('root:');
    expect(passwd).not.toContain('wire-x:');
    expect(await readFile(join(node.folder, 'etc/shadow'), 'utf8')).toContain('root:');
  });

  it('an owner without a name goes back', async () => {
    const path = join(work, 'a');
    await writeFile(path, '');
    await chown(path, 4711, 4712);
    const c = change(owner(path, 'root:root', '4711:4712'));
    expect((await apply(c)).kind).toBe('done');
    expect((await undo(c)).kind).toBe('done');
    const { uid, gid } = await stat(path);
    expect([uid, gid]).toEqual([4711, 4712]);
    expect(await apply(change(owner(path, 'root:root', '4711:root')))).toMatchObject(drifted(path));
  });

  it('a folder loses its set-group bit with the mode and has it again after', async () => {
    const path = join(work, 'd');
    await mkdir(path);
    await chmod(path, 0o2755);
    const c = change(mode(path, '0700', '2755'));
    expect((await apply(c)).kind).toBe('done');
    expect((await stat(path)).mode & 0o7777).toBe(0o700);
    expect((await undo(c)).kind).toBe('done');
    expect((await stat(path)).mode & 0o7777).toBe(0o2755);
  });

  it('a mode that did not come about fails its step', async () => {
    const path = join(work, 'a');
    await writeFile(path, '');
    await chmod(path, 0o644);
    await writeFile(join(node.folder, 'tools/chmod'), '#!/bin/sh\n', { mode: 0o755 });
    expect(await apply(change(mode(path, '0600', '0644')))).toMatchObject({
      kind: 'put-back',
      failure: { message: expect.stringContaining('is not 0600') },
    });
  });

  it('a kernel value of several numbers is set and taken back', async () => {
    const key = 'net.ipv4.ip_local_port_range';
    const at = '/proc/sys/net/ipv4/ip_local_port_range';
    const c = change({ kind: 'set-kernel', key, value: '1024 65000', before: '32768\t60999' });
    const script = deedExchange({ kind: 'change', change: c }, { marker: marker(), node: 'cp-1' }).script;
    await writeFile(join(work, 'change'), script);
    const run = shell.map((word) => `'${word}'`).join(' ');
    const said = await node.sh(
      `${run} < ${work}/change >/dev/null; cat ${at}; sh ${changeFolder(c)}/undo.sh >/dev/null; cat ${at}`,
    );
    expect(said.out.toString()).toBe('1024\t65000\n32768\t60999\n');
  });

  it('a link in the place of the temporary name is not followed', async () => {
    const path = join(work, 'a');
    await writeFile(path, 'old');
    await writeFile(join(work, 'precious'), 'precious');
    for (const name of ['.a.k8s-harden', '.b.k8s-harden', '.k8s-harden-room'])
      await symlink(join(work, 'precious'), join(work, name));
    expect((await apply(change(write(path, 'old'), write(join(work, 'b'))))).kind).toBe('done');
    expect(await readFile(join(work, 'precious'), 'utf8')).toBe('precious');
    for (const name of ['a', 'b']) {
      expect((await lstat(join(work, name))).isFile()).toBe(true);
      expect(await readFile(join(work, name), 'utf8')).toBe('new');
    }
  });

  it('a path that has become a link is left alone', async () => {
    const at = (name: string) => join(work, name);
    for (const name of ['mode', 'owner', 'text']) await writeFile(at(name), 'old', { mode: 0o644 });
    await writeFile(at('precious'), 'new', { mode: 0o600 });
    const changes = [
      change(mode(at('mode'), '0600', '0644')),
      change(owner(at('owner'), 'root:daemon', 'root:root')),
      change(write(at('text'), 'old')),
    ];
    for (const c of changes) expect((await apply(c)).kind).toBe('done');
    await rename(at('text'), at('moved'));
    for (const name of ['mode', 'owner']) await rm(at(name));
    for (const name of ['mode', 'owner', 'text'])
      await symlink(name === 'text' ? at('moved') : at('precious'), at(name));
    const before = await manifest(work);
    for (const c of changes)
      expect(await undo(c)).toMatchObject({ kind: 'refused', failure: { code: 'drifted' } });
    for (const c of changes.slice(0, 2)) expect((await undo(c, true)).kind).toBe('unknown');
    expect(await apply(change(mode(at('mode'), '0644', '0600')))).toMatchObject({ kind: 'refused' });
    expect(await apply(change(write(join(work, 'dangling'))))).toMatchObject({ kind: 'done' });
    await rm(join(work, 'dangling'));
    await symlink('/nowhere', join(work, 'dangling'));
    expect(await apply(change(write(join(work, 'dangling'))))).toMatchObject({ kind: 'refused' });
    await rm(join(work, 'dangling'));
    expect(await manifest(work)).toEqual(before);
  });

  it('a file that is a mount point is refused before anything is touched', async () => {
    const path = join(work, 'a');
    await writeFile(path, 'old');
    const script = deedExchange(
      { kind: 'change', change: change(write(path, 'old')) },
      { marker: marker(), node: 'cp-1' },
    ).script;
    await writeFile(join(work, 'change'), script);
    const run = shell.map((word) => `'${word}'`).join(' ');
    const said = await node.sh(`mount --bind ${path} ${path}; ${run} < ${work}/change; cat ${path}`);
    expect(said.out.toString()).toMatch(/is a mount point[\s\S]* refused\nold$/);
  });

  it('an undo that cannot put the file in place leaves no litter, and is done where the bytes are back', async () => {
    const path = join(work, 'a');
    await writeFile(path, 'old');
    const c = change(write(path, 'old'));
    expect((await apply(c)).kind).toBe('done');
    const tool = join(node.folder, 'tools/mv');
    await writeFile(tool, '#!/bin/sh\necho "mv: busy" >&2; exit 1\n', { mode: 0o755 });
    expect((await undo(c)).kind).toBe('unknown');
    expect(await manifest(work)).toHaveLength(1);
    await writeFile(path, 'old');
    expect((await undo(c)).kind).toBe('done');
    expect(await manifest(work)).toHaveLength(1);
  });

  it('an owner that somebody changed since is not overwritten', async () => {
    const path = join(work, 'a');
    await writeFile(path, '');
    const c = change(owner(path, 'bin:bin', 'root:root'));
    expect((await apply(c)).kind).toBe('done');
    await chown(path, 1, 1);
    expect(await undo(c)).toMatchObject(drifted(path));
    expect((await undo(c, true)).kind).toBe('done');
    expect((await stat(path)).uid).toBe(0);
  });

  it('a mode or owner that somebody gave a written file since is drift', async () => {
    const path = join(work, 'a');
    await writeFile(path, 'old', { mode: 0o644 });
    const c = change(write(path, 'old'));
    expect((await apply(c)).kind).toBe('done');
    await chmod(path, 0o600);
    expect(await undo(c)).toMatchObject(drifted(path));
    await chmod(path, 0o644);
    await chown(path, 1, 0);
    expect(await undo(c)).toMatchObject(drifted(path));
    await chown(path, 0, 0);
    expect((await undo(c)).kind).toBe('done');

    // What the same change gave it later is no drift.
    const both = change(write(path, 'old'), owner(path, 'bin:bin', 'root:root'), mode(path, '0600', '0644'));
    expect((await apply(both)).kind).toBe('done');
    expect((await undo(both)).kind).toBe('done');
  });

  it('a tree is owned without what is mounted in it', async () => {
    await mkdir(join(work, 'tree/mounted'), { recursive: true });
    await writeFile(join(work, 'tree/a'), '');
    const c = change(owner(join(work, 'tree'), 'bin:bin', 'root:root', true));
    const script = deedExchange({ kind: 'change', change: c }, { marker: marker(), node: 'cp-1' }).script;
    await writeFile(join(work, 'change'), script);
    const run = shell.map((word) => `'${word}'`).join(' ');
    const look = `stat -c %U ${work}/tree/a ${work}/tree/mounted/b`;
    const said = await node.sh(
      `mount -t tmpfs none ${work}/tree/mounted; : > ${work}/tree/mounted/b; ${run} < ${work}/change >/dev/null; ${look}; sh ${changeFolder(c)}/undo.sh >/dev/null; ${look}`,
    );
    expect(said.out.toString()).toBe('bin\nroot\nroot\nroot\n');
  });

  it('an object that somebody edited since is not deleted', async () => {
    const tool = join(node.folder, 'tools/kubectl');
    const spec = `${tool}.spec`;
    await writeFile(
      tool,
      `#!/bin/sh\ncase $1 in create) cat >/dev/null; printf made > ${spec} ;; get) cat ${spec} 2>/dev/null; : ;; delete) rm -f ${spec} ;; esac\n`,
      { mode: 0o755 },
    );
    const c = change({
      kind: 'create-object',
      kubectl: ['kubectl'],
      object: ['netpol', 'a'],
      manifest: '{}',
    });
    expect((await apply(c)).kind).toBe('done');
    await writeFile(spec, 'edited');
    expect(await undo(c)).toMatchObject(drifted('netpol a'));
    expect(await readFile(spec, 'utf8')).toBe('edited');
    await writeFile(spec, 'made');
    expect((await undo(c)).kind).toBe('done');
    await expect(stat(spec)).rejects.toThrow();
  });

  it('a value of an object that somebody set otherwise since is not overwritten', async () => {
    const tool = join(node.folder, 'tools/kubectl');
    const value = `${tool}.value`;
    await writeFile(
      tool,
      `#!/bin/sh\ncase $1 in get) [ ! -e ${value}.down ] && cat ${value} && echo "$@" >> ${value}.asked ;; patch) [ ! -e ${value}.down ] || exit 1; case $* in *null*) printf "" > ${value} ;; *) printf false > ${value} ;; esac ;; esac\n`,
      { mode: 0o755 },
    );
    const step: Step = {
      kind: 'patch-object',
      kubectl: ['kubectl'],
      object: ['sa', 'default', '-n', 'shop'],
      patch: '{"automountServiceAccountToken":false}',
      back: '{"automountServiceAccountToken":null}',
    };
    await writeFile(value, '');
    const c = change(step);
    expect((await apply(c)).kind).toBe('done');
    await writeFile(value, 'true');
    expect(await undo(c)).toMatchObject(drifted('sa default -n shop'));
    expect(await readFile(value, 'utf8')).toBe('true');
    expect(await readFile(`${value}.asked`, 'utf8')).toContain('jsonpath={.automountServiceAccountToken}');
    // An API server that does not answer is no edit: it is the patch itself that fails then.
    await writeFile(`${value}.down`, '');
    expect(await undo(c)).toMatchObject({ kind: 'unknown', failure: { code: 'undo-failed' } });
    await rm(`${value}.down`);
    expect((await undo(c, true)).kind).toBe('done');
    expect(await readFile(value, 'utf8')).toBe('');
    // By hand put back to what it was before: nothing is lost.
    const again = change(step);
    expect((await apply(again)).kind).toBe('done');
    await writeFile(value, '');
    expect((await undo(again)).kind).toBe('done');
  });
});
