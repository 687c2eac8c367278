import { describe, expect, it } from 'vitest';
import { readNamedTexts, readObject, readProcess, readStat, readUnit } from '../../src/domain/evidence.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import { createLabTarget } from '../../src/lab/target.ts';
import { changeOf, nodeOf, practiceStore, textOf } from './practice.ts';

const kubectl = ['/var/lib/rancher/rke2/bin/kubectl', '--kubeconfig', '/etc/rancher/rke2/rke2.yaml'];

function itemsOf(text: string): readonly { readonly metadata: { readonly name: string } }[] {
  return (JSON.parse(text) as { items: { metadata: { name: string } }[] }).items;
}

describe('files of a lab node', () => {
  it('gives owner, mode and size as stat does', () => {
    const { store } = practiceStore();
    const path = '/etc/rancher/rke2/config.yaml';
    const stat = readStat(store.ask('cp-1', { kind: 'stat', path }), path);
    expect(stat).toMatchObject({
      known: true,
      value: { mode: '0600', owner: 'root', group: 'root', uid: 0, gid: 0, type: 'file' },
    });
    const folder = readStat(store.ask('cp-1', { kind: 'stat', path: '/etc/rancher' }), '/etc/rancher');
    expect(folder).toMatchObject({ value: { type: 'folder', mode: '0755' } });
    expect(store.ask('cp-1', { kind: 'stat', path: '/etc/nothing' })).toEqual({ kind: 'absent' });
  });

  it('gives texts whole, says what is no file, and what is too large', () => {
    const { store } = practiceStore({
      nodes: { 'cp-1': { files: { '/tmp/big': { text: 'x'.repeat(1024 * 1024 + 1) } } } },
    });
    const path = '/etc/rancher/rke2/config.yaml';
    expect(textOf(store.ask('cp-1', { kind: 'file', path }))).toContain('do not remove.\n');
    expect(store.ask('cp-1', { kind: 'file', path: '/etc' })).toMatchObject({ kind: 'failed' });
    expect(store.ask('cp-1', { kind: 'file', path: '/etc/nothing' })).toEqual({ kind: 'absent' });
    expect(store.ask('cp-1', { kind: 'file', path: '/tmp/big' })).toEqual({
      kind: 'too-large',
      cap: 1024 * 1024,
    });
  });

  it('lists a folder by name bytes, and only what lies directly in it', () => {
    const files = {
      '/etc/x/b.yaml': { text: 'b' },
      '/etc/x/B.yaml': { text: 'B' },
      '/etc/x/a.txt': { text: 'a' },
      '/etc/x/y/c.yaml': { text: 'c' },
    };
    const { store } = practiceStore({ common: { files } });
    const read = readNamedTexts(store.ask('cp-1', { kind: 'folder', path: '/etc/x', suffix: '.yaml' }), 'x');
    expect(read).toEqual({
      known: true,
      value: [
        { path: '/etc/x/B.yaml', text: 'B' },
        { path: '/etc/x/b.yaml', text: 'b' },
      ],
    });
    expect(store.ask('cp-1', { kind: 'folder', path: '/etc/none', suffix: '' })).toEqual({ kind: 'absent' });
  });

  it('shows who sets kernel values at boot, and the running ones', () => {
    const { store } = practiceStore();
    const read = readNamedTexts(store.ask('cp-2', { kind: 'sysctl-files' }), 'sysctl');
    expect(read.known && read.value.map((f) => f.path)).toEqual([
      '/etc/sysctl.d/99-database.conf',
      '/usr/lib/sysctl.d/50-pid-max.conf',
      '/etc/sysctl.conf',
    ]);
    expect(store.ask('cp-2', { kind: 'kernel', key: 'vm.overcommit_memory' })).toEqual({
      kind: 'said',
      text: '2',
    });
    expect(store.ask('cp-2', { kind: 'file', path: '/proc/sys/vm/overcommit_memory' })).toEqual({
      kind: 'said',
      text: '2\n',
    });
    expect(store.ask('cp-2', { kind: 'kernel', key: 'vm.nothing' })).toEqual({ kind: 'absent' });
  });

  it('finds strays and tries access as the account itself', () => {
    const { store } = practiceStore();
    const etcd = '/var/lib/rancher/rke2/server/db/etcd';
    const strays = textOf(store.ask('cp-3', { kind: 'strays', path: etcd, owner: 'etcd', group: 'etcd' }));
    expect(strays.split('\n')).toContain(`${etcd}/member/snap/db`);
    expect(textOf(store.ask('cp-3', { kind: 'strays', path: etcd, owner: 'root', group: 'root' }))).toBe('');
    const access = (path: string, user: string, want: 'r' | 'x') =>
      store.ask('cp-3', { kind: 'access', path, user, want });
    expect(access('/etc/sysctl.conf', 'etcd', 'r')).toEqual({ kind: 'said', text: 'yes' });
    // The folder above is root's alone.
    expect(access(etcd, 'etcd', 'x')).toEqual({ kind: 'said', text: 'no' });
    expect(access('/etc/sysctl.conf', 'nosuch', 'r')).toMatchObject({ kind: 'failed' });
  });
});

describe('the rest of a lab node', () => {
  it('knows local accounts and groups only', () => {
    const { store } = practiceStore();
    expect(textOf(store.ask('cp-3', { kind: 'account', name: 'etcd' }))).toBe(
      'etcd:x:998:998:etcd user:/home/etcd:/sbin/nologin',
    );
    expect(textOf(store.ask('cp-3', { kind: 'group', name: 'etcd' }))).toBe('etcd:x:998:');
    expect(store.ask('cp-1', { kind: 'account', name: 'etcd' })).toEqual({ kind: 'absent' });
    expect(store.ask('cp-1', { kind: 'group', name: 'etcd' })).toEqual({ kind: 'absent' });
  });

  it('shows units by either name, and says of one that is not there that it was not found', () => {
    const { store } = practiceStore();
    for (const name of ['rke2-server', 'rke2-server.service']) {
      const unit = readUnit(store.ask('cp-1', { kind: 'unit', name }), name);
      expect(unit.known && Object.fromEntries(unit.value)).toMatchObject({
        ActiveState: 'active',
        SubState: 'running',
        UnitFileState: 'enabled',
        NRestarts: '0',
        MainPID: '812',
        ExecMainStartTimestamp: 'Tue 2023-11-14 22:14:20 UTC',
        ActiveEnterTimestamp: 'Tue 2023-11-14 22:14:20 UTC',
      });
    }
    const none = readUnit(store.ask('cp-1', { kind: 'unit', name: 'nosuch' }), 'nosuch');
    expect(none.known && none.value.get('LoadState')).toBe('not-found');
  });

  it('shows the arguments of what runs', () => {
    const { store } = practiceStore();
    const kubelet = readProcess(store.ask('cp-1', { kind: 'process', name: 'kubelet' }), 'kubelet');
    expect(kubelet.known && kubelet.value?.[0]).toContain('--hostname-override=cp-1');
    expect(store.ask('worker-1', { kind: 'process', name: 'etcd' })).toEqual({ kind: 'absent' });
  });

  it('says who and when it is', () => {
    const { store, clock } = practiceStore();
    const text = textOf(store.ask('cp-1', { kind: 'machine' }));
    expect(text).toContain('hostname=cp-1\n');
    expect(text).toContain(`now=${clock.now() / 1000}\n`);
    expect(text).toContain('uid=0\n');
    expect(nodeOf(store, 'cp-1').machineId).not.toBe(nodeOf(store, 'cp-2').machineId);
  });

  it('remembers how far a change got, and who holds the lock', () => {
    const { store } = practiceStore();
    const change = changeOf('cp-1', {
      kind: 'set-mode',
      path: '/etc/sysctl.conf',
      mode: '0600',
      before: '0644',
    });
    const state = () => store.ask('cp-1', { kind: 'change-state', session: 'session-1', change: change.id });
    expect(state()).toEqual({ kind: 'absent' });
    store.perform('cp-1', { kind: 'change', change });
    expect(textOf(state())).toBe('begun 0\ndone 0\nended done');
    store.perform('cp-1', { kind: 'undo', change, force: false });
    expect(textOf(state())).toBe('begun 0\ndone 0\nundone 0\nended undone');
    expect(store.ask('cp-1', { kind: 'lock' })).toEqual({ kind: 'absent' });
    store.perform('cp-1', { kind: 'lock', holder: 'ann on laptop', take: false });
    expect(store.ask('cp-1', { kind: 'lock' })).toEqual({ kind: 'said', text: 'ann on laptop' });
  });

  it('is lost when there is no such node', () => {
    expect(practiceStore().store.ask('cp-9', { kind: 'machine' }).kind).toBe('lost');
  });
});

describe('the objects of the lab', () => {
  const get = (...words: string[]) =>
    practiceStore().store.ask('cp-1', { kind: 'object', kubectl, get: words });

  it('lists everywhere, in one namespace, and one by name', () => {
    expect(itemsOf(textOf(get('serviceaccounts', '-A'))).length).toBeGreaterThanOrEqual(6);
    expect(itemsOf(textOf(get('sa', '-n', 'shop'))).map((o) => o.metadata.name)).toEqual(['default']);
    expect(JSON.parse(textOf(get('serviceaccount', 'default', '-n', 'shop')))).toMatchObject({
      kind: 'ServiceAccount',
      metadata: { namespace: 'shop' },
    });
    expect(itemsOf(textOf(get('podsecuritypolicies'))).map((o) => o.metadata.name)).toEqual([
      'global-unrestricted-psp',
    ]);
    expect(get('networkpolicy', 'nosuch', '-n', 'shop')).toEqual({ kind: 'absent' });
  });

  it('shows every machine as a node that is Ready while its kubelet runs', () => {
    const { store } = practiceStore();
    store.perform('cp-2', { kind: 'stop', unit: 'rke2-server' });
    const read = readObject(store.ask('cp-1', { kind: 'object', kubectl, get: ['nodes'] }), 'nodes');
    const items = (read.known ? read.value : {}) as {
      items: { metadata: { name: string }; status: { conditions: { status: string }[] } }[];
    };
    expect(items.items.map((n) => [n.metadata.name, n.status.conditions[0]?.status])).toEqual([
      ['cp-1', 'True'],
      ['cp-2', 'Unknown'],
      ['cp-3', 'True'],
      ['worker-1', 'True'],
      ['worker-2', 'True'],
    ]);
  });

  it('does not serve PodSecurityPolicy from 1.25 on', () => {
    const { store } = practiceStore({ common: { version: 'v1.30.4+rke2r1' } });
    expect(store.ask('cp-1', { kind: 'object', kubectl, get: ['psp'] })).toEqual({
      kind: 'failed',
      exit: 1,
      message: 'error: the server doesn\'t have a resource type "podsecuritypolicies"',
    });
  });

  it('has no kubectl that works on an agent, and none at all when no server runs', () => {
    const { store } = practiceStore();
    const ask = (node: string) => store.ask(node, { kind: 'object', kubectl, get: ['nodes'] });
    expect(ask('worker-1')).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('no such file'),
    });
    for (const name of ['cp-1', 'cp-2', 'cp-3']) store.perform(name, { kind: 'stop', unit: 'rke2-server' });
    expect(ask('cp-1')).toMatchObject({ kind: 'failed', message: expect.stringContaining('was refused') });
    const moved = store.ask('cp-1', { kind: 'object', kubectl: ['/opt/kubectl'], get: ['nodes'] });
    expect(moved).toEqual({ kind: 'no-tool', tool: '/opt/kubectl' });
  });

  it.each([['secrets', '-A'], ['pods', '-l', 'app'], ['pods', '-A', '-o', 'yaml'], ['pods,nodes'], []])(
    'cannot get %s %s %s %s',
    (...words) => {
      expect(get(...words)).toEqual({ kind: 'failed', exit: 127, message: 'the lab cannot do this' });
    },
  );
});

describe('the commands of the lab', () => {
  const run = (words: readonly string[], node = 'cp-1') =>
    practiceStore().store.ask(node, { kind: 'command', words });

  it('prints the version where rke2 is installed', () => {
    expect(textOf(run(['rke2', '--version']))).toMatch(/^rke2 version v1\.23\.17\+rke2r1 /);
    expect(textOf(run(['/usr/local/bin/rke2', '--version'], 'worker-1'))).toContain('v1.23.17');
    expect(run(['/opt/rke2/bin/rke2', '--version'])).toEqual({ kind: 'no-tool', tool: '/opt/rke2/bin/rke2' });
  });

  it('reads the journal since a moment, the last lines, bare or with their time', () => {
    const all = ['journalctl', '-u', 'rke2-server', '-n', '200', '-o', 'cat', '--no-pager'];
    expect(textOf(run(all)).trim().split('\n')).toHaveLength(3);
    expect(textOf(run([...all, '--since', '@1700000060']))).toBe(
      'time="2023-11-14T22:14:20Z" level=info msg="rke2 is up and running"\n',
    );
    expect(textOf(run(['journalctl', '-u', 'rke2-server.service', '-n', '1']))).toMatch(
      /^Nov 14 22:14:20 cp-1 rke2\[812\]: time=/,
    );
    expect(textOf(run([...all, '--since=@1900000000']))).toBe('-- No entries --\n');
  });

  it('says that the API is ready, check by check', () => {
    expect(run([...kubectl, 'get', '--raw', '/readyz'])).toEqual({ kind: 'said', text: 'ok' });
    expect(textOf(run([...kubectl, 'get', '--raw', '/readyz?verbose']))).toContain('[+]etcd ok\n');
    expect(run([...kubectl, 'get', '--raw', '/readyz'], 'worker-1')).toMatchObject({
      kind: 'failed',
      exit: 1,
    });
  });

  it('tries the restricted label on every namespace without setting it', () => {
    const words = [
      'label',
      '--dry-run=server',
      '--overwrite',
      'ns',
      '--all',
      'pod-security.kubernetes.io/enforce=restricted',
    ];
    const text = textOf(run(['sh', '-c', 'exec "$@" 2>&1', 'sh', ...kubectl, ...words]));
    expect(text).toContain('Warning: existing pods in namespace "shop" violate');
    expect(text).toContain(
      'Warning: disk-report-0: allowPrivilegeEscalation != false, unrestricted capabilities, hostPath volumes, privileged',
    );
    expect(text).not.toContain('cart-');
    expect(text).toContain('namespace/default labeled (server dry run)\n');
  });

  it.each([
    [['sshd', '-T']],
    [['uptime']],
    [['sh', '-c', 'reboot']],
    [['journalctl', '--dmesg']],
    [['journalctl', '-u', 'rke2-server', '--grep', 'x']],
    [['rke2', 'etcd-snapshot', 'save']],
    [[...kubectl, 'get', 'pods', '-A']],
    [[...kubectl, 'delete', 'ns', 'shop']],
    [[...kubectl, '--token', 'x', 'get', '--raw', '/readyz']],
    [[]],
  ])('cannot do %j', (words) => {
    expect(run(words)).toEqual({ kind: 'failed', exit: 127, message: 'the lab cannot do this' });
  });
});

it('a target of the lab sends nothing that might change something, as that of a node does', async () => {
  const target = createLabTarget(practiceStore().store, 'cp-1');
  const touch: Question = { kind: 'command', words: ['touch', '/etc/x'] };
  const version: Question = { kind: 'command', words: ['rke2', '--version'] };
  const answers = await target.ask([touch, version], { deadlineMs: 1000 });
  expect(answers.get(questionKey(touch))).toMatchObject({
    kind: 'lost',
    reason: expect.stringMatching(/not sent, for touch/),
  });
  expect(answers.get(questionKey(version))?.kind).toBe('said');
});

describe('what is asked before containers are made anew', () => {
  const folder = '/var/lib/rancher/rke2/agent/images';
  const lab = practiceStore({
    nodes: {
      'cp-1': {
        files: {
          [`${folder}/core.tar.zst`]: { text: 'x' },
          [`${folder}/empty.tar`]: { text: '' },
          [`${folder}/deeper/more.tar`]: { text: 'x' },
        },
      },
    },
  });
  const say = (...words: string[]) => lab.store.ask('cp-1', { kind: 'command', words });
  const curl = (url: string) => say('curl', '-q', '-sS', '-I', '-m5', url);

  it('is the size of a folder, and what lies in it', () => {
    expect(say('du', '-s', '-k', '-x', folder)).toMatchObject({ text: expect.stringMatching(/^\d+\t\//) });
    expect(textOf(say('ls', '-1', '-s', '-k', '-p', '-L', folder)).split('\n')).toEqual(
      expect.arrayContaining(['4 core.tar.zst', '0 empty.tar', '4 deeper/']),
    );
    expect(say('ls', '-1', '-s', '-k', '-p', '-L', '/none')).toMatchObject({ kind: 'failed', exit: 2 });
    expect(say('du', '-s', '-k', '-x', '/none')).toMatchObject({ kind: 'failed', exit: 1 });
    expect(say('ls', folder)).toMatchObject({ kind: 'failed', exit: 127 });
  });

  it('is one registry that answers; no packet leaves for any other', () => {
    expect(textOf(curl('https://registry-1.docker.io/v2/'))).toContain('HTTP/2 401');
    expect(curl('https://registry.corp/v2/')).toMatchObject({ kind: 'failed', exit: 6 });
  });

  it('is the pod of etcd on each server', () => {
    const get = ['pods', '-n', 'kube-system', '-l', 'component=etcd'];
    const pods = itemsOf(textOf(lab.store.ask('cp-1', { kind: 'object', kubectl, get })));
    expect(pods.map((pod) => pod.metadata.name)).toEqual(['etcd-cp-1', 'etcd-cp-2', 'etcd-cp-3']);
  });

  it('is the pods of one node', () => {
    const names = (node: string) =>
      itemsOf(
        textOf(
          lab.store.ask('cp-1', {
            kind: 'object',
            kubectl,
            get: ['pods', '--all-namespaces', '--field-selector', `spec.nodeName=${node}`],
          }),
        ),
      ).map((item) => item.metadata.name);
    expect(names('worker-2')).toEqual(['cart-5c9b8f7d66-tq2wz', 'disk-report-0']);
    expect(names('none')).toEqual([]);
  });
});
