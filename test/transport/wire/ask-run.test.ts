import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/domain/answer.ts';
import { readNamedTexts, readProcess, readStat, readUnit } from '../../../src/domain/evidence.ts';
import type { Answers } from '../../../src/domain/ports.ts';
import { type Question, questionKey } from '../../../src/domain/question.ts';
import { readSysctlTexts } from '../../../src/resources/sysctl-files.ts';
import { answerCap } from '../../../src/transport/wire/frames.ts';
import { askExchange } from '../../../src/transport/wire/index.ts';
import { hear, isRoot, makeNode, marker, type Node, plainShell, type Shell, shells, start } from './shell.ts';

if (!isRoot) console.warn('left out: the questions on a real shell, because mount namespaces need root');

/** The shells, and busybox with its own tools in the place of GNU's. */
const machines = [
  ...shells.map(([name, words]) => [name, words, false] as const),
  ...shells
    .filter(([name]) => name === 'busybox sh')
    .map(([, words]) => ['busybox alone', words, true] as const),
];

const applets =
  'stat head grep find cat timeout id date uname su setpriv sha256sum cut cp mv rm chmod chown mkdir sync rmdir';

const fakeSystemctl = `#!/bin/sh
[ "$1" = show ] || exit 9
shift
while [ "$1" != -- ]; do case $1 in --property=*) wanted=\${1#--property=} ;; esac; shift; done
shift
echo "$wanted" > "$0.asked"
echo call >> "$0.calls"
first=yes
for unit; do
  case $unit in bad*) echo "Failed to get properties: Unit name $unit is not valid." >&2; exit 1 ;; esac
  [ -n "$first" ] || echo
  first=
  printf 'Id=%s\\nLoadState=loaded\\nActiveState=active\\nStatusText=%s is up\\n' "$unit.service" "$unit"
done
`;

const fakeKubectl = `#!/bin/sh
echo "$*" >> "$0.calls"
case "$*" in
  *'get psp '*' --ignore-not-found '*) printf '{"kind":"List","items":[{"metadata":{"name":"a"}},{"metadata":{"name":"c"}}]}' ; exit 0 ;;
  *'get none '*) exit 0 ;;
  *'get odd '*) echo '{"kind":"Odd"}'; exit 0 ;;
  *'get secret '*) echo 'Error from server (Forbidden): psp is forbidden: no (Forbidden)' >&2; exit 1 ;;
  *'get netpol -A --field-selector metadata.name=deny '*)
    printf '{"kind":"List","items":[{"metadata":{"name":"deny","namespace":"b"},"spec":{"x":1}},{"metadata":{"name":"deny","namespace":"z"}}]}'; exit 0 ;;
  *'get role -A '*)
    printf '{"kind":"List","items":[{"metadata":{"name":"r","namespace":"b"}}]}'; exit 0 ;;
  *'get gone -A '*|*'get gone '*) echo 'error: the server has no such type "gone"' >&2; exit 1 ;;
  *missing*) echo 'Error from server (NotFound): namespaces "missing" not found' >&2; exit 1 ;;
  *huge*) head -c 3000000 /dev/zero | tr '\\0' x; exit 0 ;;
  *down*) echo 'The connection to the server was refused' >&2; exit 1 ;;
esac
printf '{"args": "%s"}\\n' "$*"
`;

describe.skipIf(!isRoot).each(machines)('asked of %s', (name, shell, applet) => {
  let node: Node;
  let work: string;
  beforeAll(async () => {
    node = await makeNode();
    work = join(node.folder, 'work');
    const tools = join(node.folder, 'tools');
    if (applet) for (const name of applets.split(' ')) await symlink('/usr/bin/busybox', join(tools, name));
    await writeFile(join(tools, 'systemctl'), fakeSystemctl, { mode: 0o755 });
    await writeFile(join(tools, 'kubectl'), fakeKubectl, { mode: 0o755 });
    await writeFile(join(tools, 'slow'), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
  });
  afterAll(() => node.remove());

  const ask = (...questions: readonly Question[]): Promise<Answers> => node.ask(questions, shell);
  const one = async (question: Question): Promise<Answer | undefined> =>
    (await ask(question)).get(questionKey(question));

  it('kernel values are whole, tabs and all, and what is not there or not readable is told apart', async () => {
    const keys = ['kernel.pid_max', 'net.ipv4.ip_local_port_range', 'kernel.ostype', 'vm.overcommit_memory'];
    const got = await ask(
      ...['kernel.no_such_key', ...keys, 'net/ipv4/conf/lo/rp_filter', 'net.ipv4.route.flush'].map(
        (key) => ({ kind: 'kernel', key }) as const,
      ),
    );
    const of = (key: string) => got.get(questionKey({ kind: 'kernel', key }));
    for (const key of keys) {
      const text = execFileSync('unshare', ['-n', 'cat', `/proc/sys/${key.replaceAll('.', '/')}`], {
        encoding: 'utf8',
      });
      expect(of(key)).toEqual({ kind: 'said', text: text.replace(/\n$/, '') });
    }
    expect(of('net/ipv4/conf/lo/rp_filter')?.kind).toBe('said');
    expect(of('kernel.no_such_key')).toEqual({ kind: 'absent' });
    expect(of('net.ipv4.route.flush')?.kind).toBe('denied');
  });

  it('stat tells of odd names, links, bits and missing paths', async () => {
    const odd = join(work, "it's | odd *\t$x\nname");
    await writeFile(odd, 'four');
    await chown(odd, 1, 2);
    await chmod(odd, 0o4750);
    await symlink(odd, join(work, 'link'));
    await symlink('/nowhere', join(work, 'dangling'));
    await mkdir(join(work, 'folder'), { mode: 0o700 });
    const paths = [
      odd,
      join(work, 'link'),
      join(work, 'dangling'),
      join(work, 'folder'),
      join(odd, 'below'),
      '/nowhere/x',
    ];
    const got = await ask(...paths.map((path) => ({ kind: 'stat', path }) as const));
    const [file, link, dangling, folder, below, nowhere] = paths.map((path) =>
      readStat(got.get(questionKey({ kind: 'stat', path })) as Answer, path),
    );
    const wanted = { mode: '4750', uid: 1, gid: 2, size: 4, type: 'file' };
    expect(file).toMatchObject({ known: true, value: wanted });
    expect(link).toMatchObject({ known: true, value: wanted });
    expect(folder).toMatchObject({ known: true, value: { mode: '0700', owner: 'root', type: 'folder' } });
    for (const gone of [dangling, below, nowhere]) expect(gone).toEqual({ known: true, value: undefined });
  });

  it('files come byte for byte, up to the cap', async () => {
    const path = join(work, 'bytes');
    const text = `\0\u0001é\r\n${'x'.repeat(70_000)}\n\n`;
    await writeFile(path, text);
    expect(await one({ kind: 'file', path })).toEqual({ kind: 'said', text });
    await truncate(path, answerCap);
    expect((await one({ kind: 'file', path }))?.kind).toBe('said');
    await truncate(path, answerCap + 1);
    expect(await one({ kind: 'file', path })).toEqual({ kind: 'too-large', cap: answerCap });
    expect(await one({ kind: 'file', path: join(work, 'none') })).toEqual({ kind: 'absent' });
    expect((await one({ kind: 'file', path: work }))?.kind).toBe('failed');
  });

  it('folders come sorted, hidden files too, folders and other names not', async () => {
    const path = join(work, 'config.yaml.d');
    expect(await one({ kind: 'folder', path, suffix: '.yaml' })).toEqual({ kind: 'absent' });
    await mkdir(join(path, 'sub.yaml'), { recursive: true });
    for (const name of ['b.yaml', 'B.yaml', '.h.yaml', '-a.yaml', 'a b.yaml', 'c.yml'])
      await writeFile(join(path, name), name);
    const got = readNamedTexts(
      (await one({ kind: 'folder', path: `${path}/`, suffix: '.yaml' })) as Answer,
      path,
    );
    const names = ['-a.yaml', '.h.yaml', 'B.yaml', 'a b.yaml', 'b.yaml'];
    expect(got).toEqual({ known: true, value: names.map((text) => ({ path: join(path, text), text })) });
    await writeFile(join(path, 'x.yaml'), 'a\u0002b');
    expect((await one({ kind: 'folder', path, suffix: '.yaml' }))?.kind).toBe('failed');
    expect((await one({ kind: 'folder', path: join(path, 'b.yaml'), suffix: '' }))?.kind).toBe('failed');
  });

  it('sysctl files come in the order of precedence, under their own names', async () => {
    const etc = join(node.folder, 'etc');
    await mkdir(join(node.folder, 'run/sysctl.d'), { recursive: true });
    await writeFile(join(node.folder, 'run/sysctl.d/10-run.conf'), 'kernel.panic=1\n');
    await writeFile(join(etc, 'sysctl.d/10-etc.conf'), 'kernel.panic=2\n');
    await writeFile(join(etc, 'sysctl.d/README'), 'not one');
    await symlink('/dev/null', join(etc, 'sysctl.d/50-pid-max.conf')).catch(() => {});
    const got = readSysctlTexts((await one({ kind: 'sysctl-files' })) as Answer);
    const vendor = (await readdir('/usr/lib/sysctl.d')).filter((n) => n.endsWith('.conf')).sort();
    const own = (await readdir(join(etc, 'sysctl.d'))).filter((n) => n.endsWith('.conf')).sort();
    const wanted = [
      ...own.map((n) => `/etc/sysctl.d/${n}`),
      '/run/sysctl.d/10-run.conf',
      ...vendor.map((n) => `/usr/lib/sysctl.d/${n}`),
    ];
    const files = got.known ? got.value : [];
    expect(files.map((f) => f.path).slice(0, wanted.length)).toEqual(wanted);
    expect(files.find((f) => f.path === '/etc/sysctl.d/50-pid-max.conf')?.text).toBe('');
    expect(files.find((f) => f.path === '/etc/sysctl.d/10-etc.conf')?.text).toBe('kernel.panic=2\n');
    for (const f of files.filter((file) => file.path.startsWith('/usr/lib')))
      expect(f.text).toBe(await readFile(f.path, 'utf8'));
  });

  it('sysctl files: where a link leads, what masks by its name alone, and every byte of a text', async () => {
    const etc = join(node.folder, 'etc');
    const odd = '\uFEFFa=1\n# x\rb=2\n# y\0c=3\n';
    await writeFile(join(etc, 'sysctl.conf'), 'kernel.panic=3\n');
    await mkdir(join(etc, 'sysctl.d/10-folder.conf'), { recursive: true });
    await writeFile(join(etc, 'sysctl.d/40-odd.conf'), odd);
    await writeFile(join(etc, 'sysctl.d/50-copy.conf'), 'kernel.panic=3\n');
    for (const [name, to] of [
      ['20-nowhere', '/nonexistent'],
      ['30-elsewhere', join(work, 'x.conf')],
      ['60-old', '../sysctl.conf'],
    ] as const)
      await symlink(to, join(etc, `sysctl.d/${name}.conf`));
    await writeFile(join(work, 'x.conf'), 'kernel.panic=4\n');
    const got = readSysctlTexts((await one({ kind: 'sysctl-files' })) as Answer);
    const of = (name: string) =>
      (got.known ? got.value : []).find((f) => f.path === `/etc/sysctl.d/${name}.conf`);
    expect([of('10-folder')?.text, of('10-folder')?.link]).toEqual(['', undefined]);
    expect([of('20-nowhere')?.text, of('20-nowhere')?.link]).toEqual(['', 'elsewhere']);
    expect([of('30-elsewhere')?.text, of('30-elsewhere')?.link]).toEqual(['kernel.panic=4\n', 'elsewhere']);
    expect([of('40-odd')?.text, of('40-odd')?.link]).toEqual([odd, undefined]);
    expect([of('50-copy')?.text, of('50-copy')?.link]).toEqual(['kernel.panic=3\n', undefined]);
    expect([of('60-old')?.text, of('60-old')?.link]).toEqual(['kernel.panic=3\n', '/etc/sysctl.conf']);
  });

  it('accounts and groups are those of the files, by their whole name', async () => {
    await writeFile(
      join(node.folder, 'etc/passwd'),
      'root:x:0:0::/root:/bin/sh\netcd2:x:7:7::/:/x\na.b:x:8:8::/:/x\n',
    );
    expect(await one({ kind: 'account', name: 'root' })).toEqual({
      kind: 'said',
      text: 'root:x:0:0::/root:/bin/sh',
    });
    expect(await one({ kind: 'account', name: 'etcd' })).toEqual({ kind: 'absent' });
    expect(await one({ kind: 'account', name: 'a.b' })).toMatchObject({ kind: 'said' });
    expect(await one({ kind: 'account', name: 'aXb' })).toEqual({ kind: 'absent' });
    expect(await one({ kind: 'group', name: 'root' })).toMatchObject({ kind: 'said' });
  });

  it('units are asked for in one call and answered each for itself, also when one of them is refused', async () => {
    const calls = join(node.folder, 'tools/systemctl.calls');
    const names = ['rke2-server', 'ssh', 'a@b'];
    const got = await ask(...names.map((name) => ({ kind: 'unit', name }) as const));
    for (const name of names) {
      const read = readUnit(got.get(questionKey({ kind: 'unit', name })) as Answer, name);
      expect(read.known && read.value.get('Id')).toBe(`${name}.service`);
      expect(read.known && read.value.get('StatusText')).toBe(`${name} is up`);
    }
    expect((await readFile(calls, 'utf8')).trim().split('\n')).toHaveLength(1);
    expect(await readFile(join(node.folder, 'tools/systemctl.asked'), 'utf8')).toContain(
      'ExecMainStartTimestampMonotonic',
    );
    const mixed = await ask(
      ...['ssh', 'bad1', 'cron', 'x y*'].map((name) => ({ kind: 'unit', name }) as const),
    );
    expect([...mixed.values()].map((a) => a.kind)).toEqual(['said', 'failed', 'said', 'said']);
  });

  it('strays are those not owned as wanted, twenty at most', async () => {
    const path = join(work, 'tree');
    await mkdir(join(path, 'deep'), { recursive: true });
    for (let n = 0; n < 30; n += 1) await writeFile(join(path, 'deep', `f${n}`), '');
    await symlink(path, join(work, 'tree-link'));
    const asked = { kind: 'strays', path, owner: 'root', group: 'root' } as const;
    await chown(join(path, 'deep/f7'), 0, 1);
    expect(await one(asked)).toEqual({ kind: 'said', text: join(path, 'deep/f7') });
    const viaLink = await one({ ...asked, path: join(work, 'tree-link') });
    expect(viaLink).toEqual({ kind: 'said', text: join(work, 'tree-link/deep/f7') });
    const many = await one({ ...asked, group: 'daemon' });
    expect(many?.kind === 'said' && many.text.split('\n')).toHaveLength(20);
    expect(await one({ ...asked, path: join(work, 'no-tree') })).toEqual({ kind: 'absent' });
    expect((await one({ ...asked, owner: 'nobody-knows' }))?.kind).toBe('failed');
  });

  it('processes are found by a name longer than the kernel keeps, with their exact arguments', async () => {
    const name = 'kube-controller-manager-of-wire-test';
    const program = join(work, name);
    await copyFile('/usr/bin/sleep', program);
    const child = spawn(program, ['600', '0.5'], { stdio: 'ignore' });
    try {
      await new Promise((resolve, reject) =>
        child.once('spawn', () => resolve(undefined)).once('error', reject),
      );
      const got = readProcess((await one({ kind: 'process', name })) as Answer, name);
      expect(got).toEqual({ known: true, value: [[program, '600', '0.5']] });
      expect(await one({ kind: 'process', name: `${name}-2` })).toEqual({ kind: 'absent' });
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('objects are asked for as JSON, and their absence is told from their failure', async () => {
    const object = (...get: readonly string[]): Question => ({
      kind: 'object',
      kubectl: ['kubectl', '--kubeconfig', '/etc/a b'],
      get,
    });
    expect(await one(object('ns', "it's"))).toEqual({
      kind: 'said',
      text: '{"args": "--kubeconfig /etc/a b get ns it\'s -o json"}\n',
    });
    expect(await one(object('ns', '-o', 'yaml'))).toEqual({
      kind: 'said',
      text: '{"args": "--kubeconfig /etc/a b get ns -o yaml"}\n',
    });
    expect(await one(object('ns', 'missing'))).toEqual({ kind: 'absent' });
    expect(await one(object('down'))).toEqual({
      kind: 'failed',
      exit: 1,
      message: 'The connection to the server was refused',
    });
    expect((await one(object('huge')))?.kind).toBe('too-large');
    expect(await one({ kind: 'object', kubectl: ['/no/kubectl'], get: ['ns'] })).toEqual({
      kind: 'no-tool',
      tool: '/no/kubectl',
    });
  });

  it('objects of one kind, or of one name, come in one call and are told apart', async () => {
    const calls = join(node.folder, 'tools/kubectl.calls');
    await rm(calls, { force: true });
    const object = (...get: readonly string[]): Question => ({ kind: 'object', kubectl: ['kubectl'], get });
    const said = (...wanted: readonly [Question, Answer | { readonly kind: string }][]): Promise<void> =>
      ask(...wanted.map(([q]) => q)).then((got) => {
        for (const [q, answer] of wanted)
          expect(got.get(questionKey(q)), questionKey(q)).toMatchObject(answer);
      });
    await said(
      [object('psp', 'a'), { kind: 'said', text: '{"metadata":{"name":"a"}}' }],
      [object('psp', 'b'), { kind: 'absent' }],
      [object('psp', 'c'), { kind: 'said', text: '{"metadata":{"name":"c"}}' }],
      [object('netpol', 'deny', '-n', 'a'), { kind: 'absent' }],
      [
        object('netpol', 'deny', '-n', 'b'),
        { kind: 'said', text: '{"metadata":{"name":"deny","namespace":"b"},"spec":{"x":1}}' },
      ],
      [object('ns'), { kind: 'said' }],
      [object('ns', '-A'), { kind: 'said' }],
    );
    expect((await readFile(calls, 'utf8')).trim().split('\n')).toEqual([
      'get netpol -A --field-selector metadata.name=deny -o json',
      'get psp a b c --ignore-not-found -o json',
      'get ns -o json',
      'get ns -A -o json',
    ]);
    await said([object('none', 'a'), { kind: 'absent' }], [object('none', 'b'), { kind: 'absent' }]);
    await said([object('odd', 'a'), { kind: 'failed' }], [object('odd', 'b'), { kind: 'failed' }]);
    await said([object('secret', 'a'), { kind: 'denied' }], [object('secret', 'b'), { kind: 'denied' }]);
    await said([object('down', 'a'), { kind: 'failed' }], [object('down', 'b'), { kind: 'failed' }]);
    await said([object('huge', 'a'), { kind: 'too-large' }], [object('huge', 'b'), { kind: 'too-large' }]);
    const elsewhere: Question = { kind: 'object', kubectl: ['/no/kubectl'], get: ['psp', 'a'] };
    await said(
      [elsewhere, { kind: 'no-tool' }],
      [{ ...elsewhere, get: ['psp', 'b'] }, { kind: 'no-tool' }],
      [object('psp', 'missing'), { kind: 'absent' }],
    );
  });

  it('one object of a kind is found in the list of them where that is asked for too', async () => {
    const calls = join(node.folder, 'tools/kubectl.calls');
    await rm(calls, { force: true });
    const object = (...get: readonly string[]): Question => ({ kind: 'object', kubectl: ['kubectl'], get });
    const list = '{"kind":"List","items":[{"metadata":{"name":"r","namespace":"b"}}]}';
    const wanted: readonly (readonly [Question, object])[] = [
      [object('role', 'r', '-n', 'a'), { kind: 'absent' }],
      [object('role', 'r', '-n', 'b'), { kind: 'said', text: '{"metadata":{"name":"r","namespace":"b"}}' }],
      [object('role', 's', '-n', 'b'), { kind: 'absent' }],
      [object('role', '-A'), { kind: 'said', text: list }],
      // Without a namespace it is another question: that of the default one.
      [object('role', 'missing'), { kind: 'absent' }],
      [object('gone', '-A'), { kind: 'failed' }],
      [object('gone', 'g', '-n', 'a'), { kind: 'failed' }],
      [object('huge', '-A'), { kind: 'too-large' }],
      [object('huge', 'h', '-n', 'a'), { kind: 'too-large' }],
    ];
    const got = await ask(...wanted.map(([q]) => q));
    for (const [q, answer] of wanted) expect(got.get(questionKey(q)), questionKey(q)).toMatchObject(answer);
    expect((await readFile(calls, 'utf8')).trim().split('\n')).toEqual([
      'get role -A -o json',
      'get gone -A -o json',
      'get huge -A -o json',
      'get role missing -o json',
    ]);
  });

  it('accounts, groups, paths and processes that come together are told apart', async () => {
    await writeFile(
      join(node.folder, 'etc/passwd'),
      'etcd:x:5:5::/:/x\netcd:x:6:6::/:/x\nkube:x:7:7::/:/x\n',
    );
    await writeFile(join(node.folder, 'etc/group'), 'kube:x:7:\n');
    const text = join(work, 'text');
    await writeFile(text, 'words');
    await symlink(text, join(work, 'to-text'));
    const wanted: readonly (readonly [Question, object])[] = [
      [
        { kind: 'account', name: 'etcd' },
        { kind: 'said', text: 'etcd:x:5:5::/:/x' },
      ],
      [{ kind: 'group', name: 'etcd' }, { kind: 'absent' }],
      [
        { kind: 'account', name: 'kube' },
        { kind: 'said', text: 'kube:x:7:7::/:/x' },
      ],
      [
        { kind: 'group', name: 'kube' },
        { kind: 'said', text: 'kube:x:7:' },
      ],
      [
        { kind: 'file', path: text },
        { kind: 'said', text: 'words' },
      ],
      [
        { kind: 'file', path: join(work, 'to-text') },
        { kind: 'said', text: 'words' },
      ],
      [{ kind: 'file', path: `${text}/below` }, { kind: 'absent' }],
      [{ kind: 'file', path: `${text}-not` }, { kind: 'absent' }],
      [{ kind: 'stat', path: `${text}-not` }, { kind: 'absent' }],
      [{ kind: 'stat', path: text }, { kind: 'said' }],
      [{ kind: 'folder', path: `${text}-not/`, suffix: '' }, { kind: 'absent' }],
      [
        { kind: 'folder', path: text, suffix: '' },
        { kind: 'failed', message: `${text} is not a folder` },
      ],
      [{ kind: 'process', name: 'no-such-process' }, { kind: 'absent' }],
      [{ kind: 'process', name: 'none-such-either' }, { kind: 'absent' }],
    ];
    const got = await ask(...wanted.map(([q]) => q));
    for (const [q, answer] of wanted) expect(got.get(questionKey(q)), questionKey(q)).toMatchObject(answer);
    await rm(join(node.folder, 'etc/group'));
    const less = await ask({ kind: 'account', name: 'kube' }, { kind: 'group', name: 'kube' });
    expect([...less.values()].map((a) => a.kind)).toEqual(['said', 'failed']);
    await writeFile(join(node.folder, 'etc/group'), await readFile('/etc/group'));
  });

  it('a process that only calls itself so, of anybody or of another program, is not there', async () => {
    const name = 'kube-apiserver-of-nobody';
    const args = ['600', '0.25'];
    const own = join(work, 'own');
    const program = join(own, name);
    await mkdir(own);
    await copyFile('/usr/bin/sleep', program);
    await chmod(node.folder, 0o755);
    const started = [
      spawn('/usr/bin/sleep', args, { argv0: name, stdio: 'ignore', uid: 65534, gid: 65534 }),
      spawn(program, args, { stdio: 'ignore', uid: 65534, gid: 65534 }),
      spawn('/usr/bin/sleep', args, { argv0: name, stdio: 'ignore' }),
    ];
    try {
      await Promise.all(started.map((child) => once(child, 'spawn')));
      expect(await one({ kind: 'process', name })).toEqual({ kind: 'absent' });
      const all = readProcess((await one({ kind: 'process', name, anyones: true })) as Answer, name);
      expect(all.known && all.value).toHaveLength(3);
      const real = spawn(program, args, { stdio: 'ignore' });
      started.push(real);
      await once(real, 'spawn');
      const got = readProcess((await one({ kind: 'process', name })) as Answer, name);
      expect(got).toEqual({ known: true, value: [[program, ...args]] });
    } finally {
      for (const child of started) child.kill('SIGKILL');
      await rm(own, { recursive: true });
    }
  });

  it('access is tried as that user', async () => {
    await chmod(node.folder, 0o755);
    const path = join(work, 'private');
    await mkdir(path, { mode: 0o700 });
    const access = (user: string, at = path): Question => ({ kind: 'access', path: at, user, want: 'x' });
    await writeFile(join(node.folder, 'etc/passwd'), await readFile('/etc/passwd'));
    expect(await one(access('daemon'))).toEqual({ kind: 'said', text: 'no' });
    expect(await one(access('root'))).toEqual({ kind: 'said', text: 'yes' });
    expect(await one(access('daemon', '/etc'))).toEqual({ kind: 'said', text: 'yes' });
    expect(await one(access('daemon', join(path, 'x')))).toEqual({ kind: 'absent' });
    expect((await one(access('nobody-knows')))?.kind).toBe('failed');
  });

  it('the machine says who it is', async () => {
    const got = await one({ kind: 'machine' });
    const lines = new Map(
      (got?.kind === 'said' ? got.text : '')
        .split('\n')
        .map((l) => [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1)]),
    );
    expect([...lines.keys()]).toEqual([
      'hostname',
      'machine-id',
      'boot-id',
      'os',
      'user',
      'uid',
      'now',
      'uptime',
      'arch',
    ]);
    expect(lines.get('uid')).toBe('0');
    expect(lines.get('boot-id')).toBe((await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim());
    expect(lines.get('os')).not.toMatch(/^$|"/);
    expect(Math.abs(Number(lines.get('now')) - Date.now() / 1000)).toBeLessThan(60);
  });

  it('commands keep their words, their output and their exit code, and cannot eat the script', async () => {
    const command = (...words: readonly string[]): Question => ({ kind: 'command', words });
    expect(await one(command('printf', '%s|', '', "a 'b'", '$HOME', '*'))).toEqual({
      kind: 'said',
      text: "|a 'b'|$HOME|*|",
    });
    expect(await one(command('sh', '-c', 'echo out; echo one >&2; echo why >&2; exit 3'))).toEqual({
      kind: 'failed',
      exit: 3,
      message: 'why',
    });
    expect(await one(command('no-such-tool', '-x'))).toEqual({ kind: 'no-tool', tool: 'no-such-tool' });
    const got = await ask(command('cat'), command('sh', '-c', 'echo $LC_ALL; umask; unset x; echo $CDPATH'));
    expect([...got.values()]).toEqual([
      { kind: 'said', text: '' },
      { kind: 'said', text: 'C\n0022\n\n' },
    ]);
  });

  it('what was answered has arrived while the next question is still asked', async () => {
    const questions: readonly Question[] = [
      { kind: 'kernel', key: 'kernel.ostype' },
      { kind: 'machine' },
      { kind: 'command', words: ['no-such-tool'] },
      { kind: 'file', path: '/etc/hosts' },
      { kind: 'command', words: ['slow'] },
    ];
    const closed: string[] = [];
    const exchange = askExchange(questions, {
      marker: marker(),
      onAnswer: (done, of) => closed.push(`${done}/${of}`),
    });
    const { child, ended } = start(node.words(shell), exchange.script);
    try {
      await new Promise((resolve, reject) => {
        ended.then(reject, reject);
        child.stdout?.on('data', (chunk: Buffer) => {
          exchange.feed(chunk);
          if (closed.length === questions.length - 1) resolve(undefined);
        });
      });
    } finally {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await ended;
    }
    const got = [...exchange.finish({ exit: null, reason: 'cut' }).values()];
    expect(got.map((answer) => answer.kind)).toEqual(['said', 'said', 'no-tool', 'said', 'lost']);
  });

  it('a lock is told apart from none', async () => {
    expect(await one({ kind: 'lock' })).toEqual({ kind: 'absent' });
    await mkdir(join(node.folder, 'run/k8s-harden'), { mode: 0o700 });
    await writeFile(join(node.folder, 'run/k8s-harden/lock'), 'anna@desk\n');
    expect(await one({ kind: 'lock' })).toEqual({ kind: 'said', text: 'anna@desk' });
    await rm(join(node.folder, 'run/k8s-harden'), { recursive: true });
  });

  // It takes its ten seconds, so once for each `timeout` there is.
  it.skipIf(name === 'bash' || name === 'busybox sh')(
    'one question that hangs costs only itself',
    async () => {
      const got = await ask({ kind: 'command', words: ['slow'] }, { kind: 'kernel', key: 'kernel.ostype' });
      expect([...got.values()].map((a) => a.kind)).toEqual(['lost', 'said']);
    },
  );

  // Twenty seconds, for one machine: the group's ten and its own.
  it.skipIf(name !== 'dash')(
    'a path that hangs among others costs only itself',
    async () => {
      const stat = join(node.folder, 'tools/stat');
      await writeFile(
        stat,
        '#!/bin/sh\ncase "$*" in *hangs*) exec sleep 60 ;; esac\nexec /usr/bin/stat "$@"\n',
        {
          mode: 0o755,
        },
      );
      const read = join(work, 'read');
      await writeFile(read, 'all the same');
      try {
        const got = await ask(
          { kind: 'stat', path: '/etc/hosts' },
          { kind: 'stat', path: '/etc/hangs' },
          { kind: 'stat', path: '/etc/absent' },
          { kind: 'file', path: read },
          { kind: 'file', path: join(work, 'absent') },
          { kind: 'folder', path: join(work, 'absent'), suffix: '' },
        );
        expect([...got.values()].map((a) => a.kind)).toEqual([
          'said',
          'lost',
          'absent',
          'said',
          'absent',
          'absent',
        ]);
      } finally {
        await rm(stat);
      }
    },
    60_000,
  );

  it('a part of the script runs nothing', async () => {
    const path = join(work, 'touched');
    const { script } = askExchange([{ kind: 'command', words: ['touch', path] }, { kind: 'machine' }], {
      marker: marker(),
    });
    const inner = node.words(shell);
    for (let cut = 0; cut < script.length - '_wire\n'.length; cut += 211) {
      const said = await start(inner, script.slice(0, cut)).ended;
      expect(said.out.toString()).toBe('');
    }
    expect(await readdir(work)).not.toContain('touched');
  });
});

describe.skipIf(!isRoot)('asked of a shell with a noisy past', () => {
  it('answers the same', async () => {
    const exchange = askExchange([{ kind: 'command', words: ['echo', 'a b'] }], { marker: marker() });
    const noisy = `echo "Welcome"; echo "warning" >&2; IFS=b; CDPATH=/; umask 077; LC_ALL=de_DE.UTF-8; set -f\n${exchange.script}`;
    const got = hear(exchange, await start(plainShell, noisy).ended, 1);
    expect([...got.values()]).toEqual([{ kind: 'said', text: 'a b\n' }]);
  });
});

describe.skipIf(!isRoot)('asked by an ordinary user', () => {
  it('what may not be read is denied, never absent or empty', async () => {
    const node = await makeNode();
    try {
      await chmod(node.folder, 0o755);
      const closed = join(node.folder, 'work/closed');
      await mkdir(closed, { mode: 0o700 });
      await writeFile(join(closed, 'a'), 'x');
      await mkdir(join(node.folder, 'varlib/k8s-harden/s/c'), { recursive: true, mode: 0o700 });
      const user: Shell = ['setpriv', '--reuid', '1', '--regid', '1', '--clear-groups', '/bin/sh', '-s'];
      const got = await node.ask(
        [
          { kind: 'file', path: '/etc/shadow' },
          { kind: 'file', path: join(closed, 'a') },
          { kind: 'stat', path: join(closed, 'a') },
          { kind: 'folder', path: closed, suffix: '' },
          { kind: 'strays', path: closed, owner: 'root', group: 'root' },
          { kind: 'change-state', session: 's', change: 'c' },
          { kind: 'kept' },
        ],
        user,
      );
      expect([...got.values()].map((a) => a.kind)).toEqual(Array(7).fill('denied'));
      const change = { id: 'c2', session: 's', control: 'c', node: 'cp-1', via: 'cp-1', steps: [] };
      const report = await node.perform({ kind: 'change', change }, user);
      expect(report).toMatchObject({ kind: 'refused', failure: { code: 'refused' } });
    } finally {
      await node.remove();
    }
  });
});
