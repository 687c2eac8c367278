import { chmod, chown, link, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Change, changeFolder, type Step } from '../../../src/domain/step.ts';
import { deedExchange } from '../../../src/transport/wire/index.ts';
import { hash, manifest } from './manifest.ts';
import { isRoot, makeNode, marker, type Node, plainShell, type Shell, shells, start } from './shell.ts';

if (!isRoot) console.warn('left out: changes on a real shell, because they need root');

const applets = 'stat head grep find cat id sha256sum cut cp mv rm chmod chown mkdir sync rmdir';

const machines = [
  ...shells.map(([name, words]) => [name, words, false] as const),
  ...shells
    .filter(([name]) => name === 'busybox sh')
    .map(([, words]) => ['busybox alone', words, true] as const),
];

describe.skipIf(!isRoot).each(machines)('a change by %s', (_, shell: Shell, applet) => {
  let node: Node;
  let work: string;
  let count = 0;
  beforeEach(async () => {
    node = await makeNode();
    work = join(node.folder, 'work');
    if (applet)
      for (const name of applets.split(' '))
        await symlink('/usr/bin/busybox', join(node.folder, 'tools', name));
  });
  afterEach(() => node.remove());
  afterAll(() => expect(count).toBeGreaterThan(0));

  const change = (...steps: readonly Step[]): Change => {
    count += 1;
    return {
      id: `c${count}`,
      session: 'session-1',
      control: 'kernel-values',
      node: 'cp-1',
      via: 'cp-1',
      steps,
    };
  };
  const apply = (c: Change) => node.perform({ kind: 'change', change: c }, shell);
  const undo = (c: Change, force = false) => node.perform({ kind: 'undo', change: c, force }, shell);
  const state = async (c: Change) => {
    const answers = await node.ask([{ kind: 'change-state', session: c.session, change: c.id }], shell);
    const [answer] = [...answers.values()];
    return answer?.kind === 'said' ? answer.text.split('\n') : answer?.kind;
  };
  const kept = (c: Change): string => join(node.folder, 'varlib', changeFolder(c).slice('/var/lib/'.length));
  const file = (path: string, content: string, before?: string): Step => ({
    kind: 'write-file',
    path,
    content,
    mode: '0640',
    owner: 'root',
    group: 'daemon',
    before: before === undefined ? { kind: 'absent' } : { kind: 'present', sha256: hash(before) },
  });

  it('what is kept on the machine says how each change ended, and that all of it was told', async () => {
    const all = async () => {
      const [answer] = [...(await node.ask([{ kind: 'kept' }], shell)).values()];
      return answer?.kind === 'said' ? answer.text.split('\n') : [];
    };
    const [stands, back] = [change(file(join(work, 'stands'), 'a')), change(file(join(work, 'back'), 'b'))];
    for (const c of [stands, back]) expect(await apply(c)).toMatchObject({ kind: 'done' });
    await undo(back);
    const lines = await all();
    expect(lines).toContain(`session-1 ${stands.id} done`);
    expect(lines).toContain(`session-1 ${back.id} undone`);
    expect(lines.at(-1)).toBe('end');
    await undo(stands);
  });

  it('does every kind of step, and its undo leaves everything as it was', async () => {
    const old = join(work, "it's old.conf");
    await writeFile(old, 'old\0bytes');
    await chmod(old, 0o604);
    await chown(old, 3, 4);
    await writeFile(join(work, 'mode'), '');
    await chmod(join(work, 'mode'), 0o644);
    await writeFile(join(work, 'owned'), '');
    await mkdir(join(work, 'tree/deep er'), { recursive: true });
    await writeFile(join(work, 'tree/deep er/a b'), 'x');
    await chown(join(work, 'tree/deep er/a b'), 5, 6);
    await symlink('/etc/hostname', join(work, 'tree/link'));
    const before = await manifest(work);
    const etc = await manifest(join(node.folder, 'etc'));
    const content = "new $HOME `id` 'quoted'\n\\n é✓\n\nno newline at the end";
    const c = change(
      { kind: 'make-folder', path: join(work, 'made'), mode: '0750', owner: 'root', group: 'daemon' },
      file(join(work, 'made/new.conf'), content),
      file(old, content, 'old\0bytes'),
      { kind: 'set-mode', path: join(work, 'mode'), mode: '0600', before: '0644' },
      {
        kind: 'set-owner',
        path: join(work, 'owned'),
        owner: 'daemon',
        group: 'bin',
        before: 'root:root',
        tree: false,
      },
      { kind: 'create-group', name: 'wire-group' },
      {
        kind: 'create-account',
        name: 'wire-etcd',
        comment: 'of a test',
        shell: '/sbin/nologin',
        withGroup: true,
      },
      {
        kind: 'set-owner',
        path: join(work, 'tree'),
        owner: 'wire-etcd',
        group: 'wire-etcd',
        before: 'root:root',
        tree: true,
      },
      { kind: 'run', words: ['echo', 'a  b'], why: 'it only\nspeaks' },
    );
    const report = await apply(c);
    expect(report.kind, JSON.stringify(report)).toBe('done');
    expect(report.output).toContain('a  b');
    expect(await readFile(old, 'utf8')).toBe(content);
    const facts = await stat(old);
    expect([facts.mode & 0o7777, facts.uid, facts.gid]).toEqual([0o640, 0, 1]);
    expect(await readFile(join(work, 'made/new.conf'), 'utf8')).toBe(content);
    expect(await readFile(join(node.folder, 'etc/passwd'), 'utf8')).toContain('wire-etcd:');
    expect((await stat(join(work, 'tree/deep er/a b'))).uid).not.toBe(5);
    const numbers = c.steps.map((_step, n) => n);
    const marks = (word: string) => numbers.map((n) => `${word} ${n}`);
    expect(await state(c)).toEqual([...marks('begun'), ...marks('done'), 'ended done']);
    expect((await stat(join(node.folder, 'varlib/k8s-harden'))).mode & 0o777).toBe(0o700);
    expect((await stat(kept(c))).mode & 0o777).toBe(0o700);
    expect((await stat(join(kept(c), 'undo.sh'))).mode & 0o777).toBe(0o700);

    const back = await undo(c);
    expect(back.kind, JSON.stringify(back)).toBe('done');
    expect(await manifest(work)).toEqual(before);
    expect(await manifest(join(node.folder, 'etc'))).toEqual(etc);
    expect(await state(c)).toEqual([...marks('begun'), ...marks('done'), ...marks('undone'), 'ended undone']);
    expect((await undo(c)).kind).toBe('done');
    expect(await manifest(work)).toEqual(before);
  });

  it('sets kernel values and takes them back', async () => {
    // The network of such a node lives as long as one command, so one command does both.
    const key = 'net.ipv4.ip_forward';
    const c = change({ kind: 'set-kernel', key, value: '1', before: '0' });
    const script = deedExchange({ kind: 'change', change: c }, { marker: marker(), node: 'cp-1' }).script;
    await writeFile(join(work, 'change'), script);
    const said = await node.sh(
      `cat /proc/sys/net/ipv4/ip_forward; sh -s < ${work}/change >/dev/null; cat /proc/sys/net/ipv4/ip_forward; sh ${changeFolder(c)}/undo.sh >/dev/null; cat /proc/sys/net/ipv4/ip_forward`,
    );
    expect(said.out.toString().split('\n')).toEqual(['0', '1', '0', '']);
  });

  it.each([
    ['by its undo', ''],
    ['where somebody set the value back by hand before', 'sysctl -qw net.ipv4.ip_forward=0; '],
  ])('puts back what the kernel resets together with forwarding, %s', async (_name, meanwhile) => {
    const c = change({ kind: 'set-kernel', key: 'net.ipv4.ip_forward', value: '1', before: '0' });
    const script = deedExchange({ kind: 'change', change: c }, { marker: marker(), node: 'cp-1' }).script;
    await writeFile(join(work, 'change'), script);
    const conf = '/proc/sys/net/ipv4/conf';
    const look = `cat /proc/sys/net/ipv4/ip_forward ${conf}/all/accept_redirects ${conf}/lo/forwarding ${conf}/default/forwarding | tr '\\n' ' '; echo`;
    const said = await node.sh(
      `echo 0 > ${conf}/all/accept_redirects; echo 1 > ${conf}/lo/forwarding; ${look}; sh -s < ${work}/change >/dev/null; ${look}; ${meanwhile}sh ${changeFolder(c)}/undo.sh; ${look}`,
    );
    expect(said.out.toString().split('\n')).toEqual([
      '0 0 1 0 ',
      '1 0 1 1 ',
      'Taking back: sysctl -w net.ipv4.ip_forward=0',
      ...(meanwhile === '' ? ['net.ipv4.ip_forward = 0'] : []),
      'Everything this change did has been taken back.',
      '0 0 1 0 ',
      '',
    ]);
  });

  it('what was refused and is as it was counts as taken back', async () => {
    const path = join(work, 'stubborn');
    await writeFile(path, 'x', { mode: 0o644 });
    const tools = join(node.folder, 'tools');
    const refusing = (tool: string): string =>
      `#!/bin/sh\ncase "$*" in *stubborn*|*ip_forward*) echo "${tool}: Read-only file system" >&2; exit 1 ;; esac\nPATH=/usr/bin:/bin exec ${applet && tool !== 'sysctl' ? 'busybox ' : ''}${tool} "$@"\n`;
    for (const tool of ['sysctl', 'chmod', 'chown']) {
      await rm(join(tools, tool), { force: true });
      await writeFile(join(tools, tool), refusing(tool), { mode: 0o755 });
    }
    const steps: readonly (readonly [Step, string])[] = [
      [
        { kind: 'set-kernel', key: 'net.ipv4.ip_forward', value: '1', before: '0' },
        'Taking back: sysctl -w net.ipv4.ip_forward=0',
      ],
      [{ kind: 'set-mode', path, mode: '0600', before: '0644' }, `Taking back: chmod 00644 ${path}`],
      [
        { kind: 'set-owner', path, owner: 'daemon', group: 'daemon', before: 'root:root', tree: false },
        `Taking back: chown root:root ${path}`,
      ],
    ];
    for (const [step, line] of steps) {
      const c = change(step);
      const report = await apply(c);
      expect(report).toMatchObject({
        kind: 'put-back',
        failure: { code: 'change-failed', message: expect.stringContaining('Read-only file system') },
      });
      expect(report.output).toContain(line);
      const byHand = await node.sh(`sh ${changeFolder(c)}/undo.sh`);
      expect([byHand.exit, byHand.out.toString()]).toEqual([
        0,
        'Everything this change did has been taken back.\n',
      ]);
      expect((await undo(c)).kind).toBe('done');
    }
  });

  it('takes a kernel value back that a boot loaded from the file, before any step set it', async () => {
    const value = '/proc/sys/net/ipv4/ip_forward';
    const c = change(file(join(work, 'k.conf'), 'net.ipv4.ip_forward=1'), {
      kind: 'set-kernel',
      key: 'net.ipv4.ip_forward',
      value: '1',
      before: '0',
    });
    const script = deedExchange({ kind: 'change', change: c }, { marker: marker(), node: 'cp-1' }).script;
    await writeFile(join(work, 'change'), script);
    // What is left when the power goes between the two steps: the file, its marks, and the value it brings at boot.
    const said = await node.sh(
      `sh -s < ${work}/change >/dev/null; cd ${changeFolder(c)} && rm 1.begun 1.done ended; cat ${value}; sh undo.sh >/dev/null; cat ${value}`,
    );
    expect(said.out.toString()).toBe('1\n0\n');
  });

  it.each([
    ['of another, while our file was not begun', 'rm 0.* 1.begun 1.done ended', 70],
    ['that is not what our file says', 'rm 1.begun 1.done ended', 66],
    ['that somebody set again after the undo', 'sh undo.sh >/dev/null', 70],
  ])('the undo leaves a kernel value alone %s', async (_name, meanwhile, found) => {
    const value = '/proc/sys/net/ipv4/ip_default_ttl';
    const c = change(file(join(work, 'k.conf'), 'net.ipv4.ip_default_ttl=70'), {
      kind: 'set-kernel',
      key: 'net.ipv4.ip_default_ttl',
      value: '70',
      before: '64',
    });
    const script = deedExchange({ kind: 'change', change: c }, { marker: marker(), node: 'cp-1' }).script;
    await writeFile(join(work, 'change'), script);
    const said = await node.sh(
      `sh -s < ${work}/change >/dev/null; cat ${value}; cd ${changeFolder(c)} && ${meanwhile}; echo ${found} > ${value}; sh undo.sh >/dev/null && cat ${value}`,
    );
    expect(said.out.toString()).toBe(`70\n${found}\n`);
  });

  it('moves a folder aside, and back when something was made anew in its place', async () => {
    const store = join(work, 'store');
    await mkdir(join(store, 'in side'), { recursive: true });
    await writeFile(join(store, 'in side/a'), 'old');
    const before = await manifest(store);
    const moved = change({ kind: 'move-folder', path: store, to: `${store}.bad` });
    expect((await apply(moved)).kind).toBe('done');
    expect(await readFile(`${store}.bad/in side/a`, 'utf8')).toBe('old');
    await expect(stat(store)).rejects.toThrow('ENOENT');

    await mkdir(store);
    await writeFile(join(store, 'new'), '');
    expect((await undo(moved)).kind).toBe('done');
    expect(await manifest(store)).toEqual(before);
    expect(await readFile(`${store}.bad.made-anew/new`, 'utf8')).toBe('');
  });

  it('moves no folder onto another, and none that is not there', async () => {
    const store = join(work, 'store');
    await mkdir(store);
    await mkdir(`${store}.bad`);
    const taken = await apply(change({ kind: 'move-folder', path: store, to: `${store}.bad` }));
    expect(taken).toMatchObject({ kind: 'refused', failure: { code: 'drifted' } });
    const gone = await apply(change({ kind: 'move-folder', path: `${store}x`, to: `${store}y` }));
    expect(gone).toMatchObject({ kind: 'refused', failure: { code: 'drifted' } });
    expect(await readdir(work)).toEqual(['store', 'store.bad']);
  });

  it('puts back what was done when a step fails, and says why', async () => {
    const path = join(work, 'a.conf');
    await writeFile(path, 'old');
    const before = await manifest(work);
    const etc = await manifest(join(node.folder, 'etc'));
    const c = change(
      { kind: 'make-folder', path: join(work, 'made'), mode: '0755', owner: 'root', group: 'root' },
      file(path, 'new', 'old'),
      { kind: 'create-account', name: 'wire-x', comment: '', shell: '/bin/sh', withGroup: true },
      { kind: 'run', words: ['sh', '-c', 'echo going; echo "no such thing" >&2; exit 9'], why: 'it fails' },
    );
    const report = await apply(c);
    expect(report).toMatchObject({
      kind: 'put-back',
      failure: { code: 'change-failed', message: 'no such thing' },
    });
    expect(report.output).toContain('going');
    expect(await manifest(work)).toEqual(before);
    expect(await manifest(join(node.folder, 'etc'))).toEqual(etc);
    expect(await state(c)).toContain('ended put-back');
    expect(await state(c)).not.toContain('done 3');
  });

  it('says what a command before the failing one did for good', async () => {
    const path = join(work, 'a.conf');
    await writeFile(path, 'old');
    const run = (...words: readonly string[]): Step => ({ kind: 'run', words, why: 'it stays' });
    const stayed = join(work, 'stayed');
    const undone: Step = { ...run('true'), undo: [['true']] } as Step;
    const report = await apply(
      change(
        run('touch', stayed),
        undone,
        file(path, 'new', 'old'),
        run('sh', '-c', 'echo "drifted: /etc/x"; echo "step 9 of 5: x"; exit 2'),
        run('touch', 'never'),
      ),
    );
    expect(report).toMatchObject({
      kind: 'put-back',
      failure: {
        code: 'change-failed',
        message: '/etc/x was changed by somebody since, so that change was not taken back',
        stays: `touch ${stayed}`,
      },
    });
    expect(await readFile(path, 'utf8')).toBe('old');
  });

  it('stops at the first line of a step that fails', async () => {
    const path = join(work, 'a.conf');
    await writeFile(path, 'old');
    const before = await manifest(work);
    const bad: Step = {
      ...(file(path, 'new', 'old') as Step & { kind: 'write-file' }),
      owner: 'nobody-knows',
    };
    const report = await apply(change(bad));
    expect(report).toMatchObject({ kind: 'put-back' });
    expect(
      report.kind === 'put-back' && report.failure.code === 'change-failed' && report.failure.message,
    ).toMatch(/nobody-knows/);
    expect(await manifest(work)).toEqual(before);
  });

  it('does not believe a chmod that changed nothing, as on file systems that know no modes', async () => {
    const path = join(work, 'modeless');
    const tool = join(node.folder, 'tools/chmod');
    // It may be a link to the machine's own tool, which must not be written to.
    await rm(tool, { force: true });
    await writeFile(tool, '#!/bin/sh\ncase $* in *modeless*) exit 0 ;; esac\nexec /bin/chmod "$@"\n', {
      mode: 0o755,
    });
    await writeFile(path, '');
    await chmod(path, 0o644);
    const c = change({ kind: 'set-mode', path, mode: '0600', before: '0644' });
    expect(await apply(c)).toMatchObject({
      kind: 'put-back',
      failure: { code: 'change-failed', message: `the mode of ${path} is not 0600 all the same` },
    });
    expect(await state(c)).toContain('ended put-back');
  });

  it('puts an account back that could not be made', async () => {
    const etc = await manifest(join(node.folder, 'etc'));
    const bad: Step = {
      kind: 'create-account',
      name: 'Bad Name',
      comment: '',
      shell: '/bin/sh',
      withGroup: true,
    };
    expect(await apply(change(bad))).toMatchObject({ kind: 'put-back' });
    expect(await manifest(join(node.folder, 'etc'))).toEqual(etc);
  });

  it('refuses when something moved since it was looked at, before touching anything', async () => {
    await writeFile(join(work, 'a'), 'other');
    await writeFile(join(work, 'b'), 'seen');
    await chmod(join(work, 'b'), 0o644);
    const before = await manifest(work);
    const cases: readonly (readonly [Step, string])[] = [
      [file(join(work, 'a'), 'new', 'seen'), join(work, 'a')],
      [file(join(work, 'a'), 'new'), join(work, 'a')],
      [
        { kind: 'make-folder', path: join(work, 'a'), mode: '0755', owner: 'root', group: 'root' },
        join(work, 'a'),
      ],
      [{ kind: 'set-mode', path: join(work, 'b'), mode: '0600', before: '0640' }, join(work, 'b')],
      [
        {
          kind: 'set-owner',
          path: join(work, 'b'),
          owner: 'bin',
          group: 'bin',
          before: 'bin:root',
          tree: false,
        },
        join(work, 'b'),
      ],
      [{ kind: 'create-group', name: 'daemon' }, 'group daemon'],
    ];
    for (const [step, path] of cases) {
      const report = await apply(change(file(join(work, 'first'), 'x'), step));
      expect(report).toMatchObject({ kind: 'refused', failure: { code: 'drifted', node: 'cp-1', path } });
    }
    expect(await manifest(work)).toEqual(before);
    expect(await manifest(join(node.folder, 'varlib'))).toEqual([]);
  });

  it('stops at a file, or accounts, that somebody edited while a step before it ran', async () => {
    const path = join(work, 'a');
    const slow = (line: string): Step => ({ kind: 'run', words: ['sh', '-c', line], why: 'it is slow' });
    await writeFile(path, 'seen');
    const first = file(join(work, 'first'), 'x');
    const edit = slow(`printf ' and more' >> ${path}`);
    const c = change(first, edit, file(path, 'new', 'seen'));
    const report = await apply(c);
    expect(report, JSON.stringify(report)).toMatchObject({
      kind: 'refused',
      failure: { code: 'drifted', node: 'cp-1', path },
    });
    expect(await readFile(path, 'utf8')).toBe('seen and more');
    await expect(stat(join(work, 'first'))).rejects.toThrow();
    expect(await state(c)).toEqual([
      'begun 0',
      'begun 1',
      'done 0',
      'done 1',
      'undone 0',
      'undone 1',
      'ended put-back',
    ]);

    // What nobody looked at beforehand is kept as it is when its step begins.
    const group: Step = { kind: 'create-group', name: 'wire-late' };
    const accounts = change(slow('groupadd -r wire-other'), group);
    expect((await apply(accounts)).kind).toBe('done');
    expect((await undo(accounts)).kind).toBe('done');
    const groups = await readFile(join(node.folder, 'etc/group'), 'utf8');
    expect(groups).toContain('wire-other:');
    expect(groups).not.toContain('wire-late:');
  });

  it('refuses what it could not take back', async () => {
    await writeFile(join(work, 'real'), 'x');
    await symlink('real', join(work, 'link'));
    await link(join(work, 'real'), join(work, 'twin'));
    await mkdir(join(work, 'tree'));
    await writeFile(join(work, 'tree/suid'), '', { mode: 0o755 });
    await chmod(join(work, 'tree/suid'), 0o4755);
    await mkdir(join(work, 'grouped'));
    await writeFile(join(work, 'grouped/sgid'), '');
    await chmod(join(work, 'grouped/sgid'), 0o2755);
    await mkdir(join(work, 'odd'));
    await writeFile(join(work, 'odd/line\nbreak'), '');
    const before = await manifest(work);
    const owner = (name: string, tree: boolean): Step => ({
      kind: 'set-owner',
      path: join(work, name),
      owner: 'bin',
      group: 'bin',
      before: 'root:root',
      tree,
    });
    const steps = [
      file(join(work, 'link'), 'new', 'x'),
      file(join(work, 'twin'), 'new', 'x'),
      owner('tree', true),
      owner('tree/suid', false),
      owner('grouped', true),
      owner('grouped/sgid', false),
      owner('odd', true),
    ];
    for (const step of steps)
      expect(await apply(change(step))).toMatchObject({ kind: 'refused', failure: { code: 'refused' } });
    expect(await manifest(work)).toEqual(before);
  });

  it('lets nobody begin the same change twice', async () => {
    const c = change(file(join(work, 'a'), 'x'));
    expect((await apply(c)).kind).toBe('done');
    await rm(join(work, 'a'));
    expect(await apply(c)).toMatchObject({ kind: 'refused', failure: { code: 'refused' } });
  });

  it('the undo refuses when the file is no longer what was written, until it is forced', async () => {
    const path = join(work, 'a');
    await writeFile(path, 'old');
    const before = await manifest(work);
    const c = change(file(path, 'new', 'old'), file(join(work, 'other'), 'x'));
    await apply(c);
    await writeFile(path, 'edited by somebody');
    expect(await undo(c)).toMatchObject({ kind: 'refused', failure: { code: 'drifted', path } });
    expect(await readFile(join(work, 'other'), 'utf8')).toBe('x');
    expect(await undo(c, true)).toMatchObject({ kind: 'done' });
    expect(await manifest(work)).toEqual(before);
  });

  it('the undo of an account does not take others with it', async () => {
    const c = change({
      kind: 'create-account',
      name: 'wire-x',
      comment: '',
      shell: '/bin/sh',
      withGroup: true,
    });
    expect((await apply(c)).kind).toBe('done');
    await node.sh('useradd -r later');
    expect((await undo(c)).kind).toBe('done');
    const passwd = await readFile(join(node.folder, 'etc/passwd'), 'utf8');
    expect(passwd).toContain('later:');
    expect(passwd).not.toContain('wire-x');
  });

  it('an undo without its script says that it cannot', async () => {
    const c = change(file(join(work, 'a'), 'x'));
    await apply(c);
    await rm(kept(c), { recursive: true });
    const report = await undo(c);
    expect(report).toMatchObject({ kind: 'refused', failure: { code: 'refused' } });
    expect(await state(c)).toBe('absent');
  });

  it('an undo that fails in part says so, and goes on where it stopped', async () => {
    const path = join(work, 'a');
    const tool = join(node.folder, 'tools/systemctl');
    const working = '#!/bin/sh\nif [ "$1" = show ]; then echo disabled; else echo "$*" >> "$0.calls"; fi\n';
    await writeFile(tool, working, { mode: 0o755 });
    const c = change({ kind: 'set-unit', unit: 'x', verb: 'enable', before: 'disabled' }, file(path, 'x'));
    expect((await apply(c)).kind).toBe('done');
    await writeFile(tool, '#!/bin/sh\necho "bus is down" >&2; exit 1\n', { mode: 0o755 });
    const report = await undo(c);
    expect(report).toMatchObject({
      kind: 'unknown',
      failure: { code: 'undo-failed', script: `${changeFolder(c)}/undo.sh` },
    });
    expect(report.output).toContain('bus is down');
    expect(await manifest(work)).toEqual([]);
    expect(await state(c)).toEqual(['begun 0', 'begun 1', 'done 0', 'done 1', 'undone 1', 'ended done']);
    await writeFile(tool, working, { mode: 0o755 });
    expect((await undo(c)).kind).toBe('done');
    expect(await readFile(`${tool}.calls`, 'utf8')).toBe('enable x\ndisable x\n');
  });

  it('a unit that was enabled or masked since we looked is left alone', async () => {
    const tool = join(node.folder, 'tools/systemctl');
    const masked = '#!/bin/sh\nif [ "$1" = show ]; then echo masked; else echo "$*" >> "$0.calls"; fi\n';
    await writeFile(tool, masked, { mode: 0o755 });
    await rm(`${tool}.calls`, { force: true });
    const report = await apply(change({ kind: 'set-unit', unit: 'x', verb: 'enable', before: 'disabled' }));
    expect(report).toMatchObject({ kind: 'refused', failure: { code: 'drifted', path: 'x' } });
    await expect(readFile(`${tool}.calls`, 'utf8')).rejects.toThrow();
  });

  it('an object that was there before is not deleted when creating it fails', async () => {
    const tool = join(node.folder, 'tools/kubectl');
    await writeFile(
      tool,
      '#!/bin/sh\necho "$1" >> "$0.calls"\ncat >/dev/null\necho "Error from server (AlreadyExists): it exists" >&2; exit 1\n',
      { mode: 0o755 },
    );
    const step: Step = { kind: 'create-object', kubectl: ['kubectl'], object: ['ns', 'a'], manifest: '{}' };
    expect(await apply(change(step))).toMatchObject({
      kind: 'put-back',
      failure: { message: expect.stringMatching(/AlreadyExists/) },
    });
    expect(await readFile(`${tool}.calls`, 'utf8')).toBe('create\n');
  });

  it('the script left on the node runs by hand, from its folder or from afar', async () => {
    const path = join(work, 'a');
    const hand = async (line: string): Promise<void> => {
      await writeFile(path, 'old');
      const c = change(file(path, 'new', 'old'));
      expect((await apply(c)).kind).toBe('done');
      const said = await start(node.words(plainShell), line.replaceAll('FOLDER', changeFolder(c))).ended;
      expect(said.exit, said.out.toString() + said.err.toString()).toBe(0);
      expect(await readFile(path, 'utf8')).toBe('old');
    };
    const name = shell[0]?.endsWith('busybox') ? 'busybox sh' : shell[0];
    await hand(`cd FOLDER && ${name} undo.sh`);
    await hand('cd FOLDER && ./undo.sh');
    await hand(`cd / && ${name} FOLDER/undo.sh`);
  });
});
