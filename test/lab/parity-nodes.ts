import type { Question } from '../../src/domain/question.ts';
import type { Step } from '../../src/domain/step.ts';
import { logQuestions } from '../../src/resources/log-source.ts';
import type { Act, Case } from './parity-cases.ts';
import { changeOf } from './practice.ts';

const kubectl = ['/var/lib/rancher/rke2/bin/kubectl', '--kubeconfig', '/etc/rancher/rke2/rke2.yaml'];
const rooted = { mode: '0600', owner: 'root', group: 'root' } as const;

function object(...get: readonly string[]): Question {
  return { kind: 'object', kubectl, get };
}

function command(...words: readonly string[]): Question {
  return { kind: 'command', words };
}

function thereAndBack(look: readonly Question[], step: Step): readonly Act[] {
  const change = changeOf('cp-1', step);
  const asks = look.map((ask): Act => ({ ask }));
  return [
    ...asks,
    { deed: { kind: 'change', change }, ends: 'done' },
    ...asks,
    { deed: { kind: 'undo', change, force: false }, ends: 'done' },
    ...asks,
  ];
}

function properties(...names: readonly string[]): NonNullable<Case['telling']> {
  return (text) =>
    text
      .split('\n')
      .filter((line) => names.includes(line.split('=')[0] ?? ''))
      .sort();
}

const unit: Question = { kind: 'unit', name: 'rke2-server' };
const folder = '/etc/rancher/rke2/config.yaml.d';
const refusedProfile = changeOf(
  'cp-1',
  { kind: 'make-folder', path: folder, ...rooted },
  {
    kind: 'write-file',
    path: `${folder}/90.yaml`,
    content: 'profile: cis-1.6\n',
    ...rooted,
    before: { kind: 'absent' },
  },
);
const journal = command('journalctl', '-u', 'rke2-server', '-n', '500', '-o', 'cat', '--no-pager');

/** What needs a machine with systemd, accounts and RKE2: one server that runs without a profile. */
export const nodeCases: readonly Case[] = [
  {
    name: 'a container of a node without docker',
    acts: [{ ask: { kind: 'container', name: 'kubelet' } }],
  },
  {
    name: 'kernel values and who sets them',
    acts: [
      { ask: { kind: 'kernel', key: 'kernel.panic' } },
      { ask: { kind: 'kernel', key: 'vm.nosuch' } },
      { ask: { kind: 'sysctl-files' } },
      { ask: { kind: 'command', words: ['sysctl', '-a', '--pattern', 'root_maxkeys'] } },
      ...thereAndBack([{ kind: 'kernel', key: 'kernel.panic' }], {
        kind: 'set-kernel',
        key: 'kernel.panic',
        value: '10',
        before: '0',
      }),
    ],
    // Which files a system brings along is its own business.
    telling: (text, question) => (question.kind === 'sysctl-files' ? text.startsWith('\u0001/') : text),
  },
  {
    name: 'units whose names begin so',
    acts: ['jujud-*', 'rke2-serv*'].map((pattern) => ({
      ask: {
        kind: 'command',
        words: ['systemctl', 'list-units', '--all', '--plain', '--no-legend', '--no-pager', pattern],
      },
    })),
    // How wide its columns are is systemd's own business.
    telling: (text) => text.split('\n').map((line) => line.split(' ')[0]),
  },
  {
    name: 'units',
    acts: [
      { ask: unit },
      { ask: { kind: 'unit', name: 'rke2-server.service' } },
      { ask: { kind: 'unit', name: 'nosuch' } },
      ...thereAndBack([unit], { kind: 'set-unit', unit: 'rke2-server', verb: 'disable', before: 'enabled' }),
      {
        deed: {
          kind: 'change',
          change: changeOf('cp-1', {
            kind: 'set-unit',
            unit: 'rke2-server',
            verb: 'enable',
            before: 'disabled',
          }),
        },
        ends: 'refused',
      },
      { deed: { kind: 'restart', unit: 'nosuch' }, ends: 'refused' },
      {
        deed: {
          kind: 'change',
          change: changeOf('cp-1', { kind: 'set-unit', unit: 'nosuch', verb: 'enable', before: '' }),
        },
        ends: 'unknown',
      },
    ],
    telling: properties('Id', 'LoadState', 'ActiveState', 'SubState', 'UnitFileState', 'Result', 'NRestarts'),
  },
  {
    name: 'a DNS server that is not there',
    acts: [{ ask: { kind: 'lookups', names: ['a.example.org', 'b'], servers: ['127.0.0.99'] } }],
  },
  {
    name: 'processes',
    acts: ['kubelet', 'kube-apiserver', 'kube-controller-manager', 'etcd', 'nosuch'].map(
      (name): Act => ({ ask: { kind: 'process', name } }),
    ),
    telling: (text) => {
      const words = text.split('\u0002')[0]?.split('\u0001') ?? [];
      const flags = [
        '--anonymous-auth',
        '--profiling',
        '--protect-kernel-defaults',
        '--audit-policy-file',
        '--config-file',
      ];
      return [
        words[0]?.split('/').at(-1),
        ...words.filter((word) => flags.includes(word.split('=')[0] ?? '')),
      ];
    },
  },
  {
    name: 'accounts and groups, there and back',
    acts: [
      ...thereAndBack(
        [
          { kind: 'account', name: 'etcd' },
          { kind: 'group', name: 'etcd' },
        ],
        {
          kind: 'create-account',
          name: 'etcd',
          comment: 'etcd user',
          shell: '/sbin/nologin',
          withGroup: true,
        },
      ),
      ...thereAndBack([{ kind: 'group', name: 'audit' }], {
        kind: 'create-group',
        name: 'audit',
        gid: '777',
      }),
    ],
    // Which numbers are free is the system's own business.
    telling: (text) => text.replaceAll(/:9\d\d\b/g, ':9xx'),
  },
  {
    name: 'objects',
    acts: [
      { ask: object('serviceaccounts', '-n', 'shop') },
      { ask: object('networkpolicy', 'nosuch', '-n', 'shop') },
      { ask: object('nodes') },
      { ask: object('podsecuritypolicies') },
      ...thereAndBack([object('serviceaccount', 'default', '-n', 'shop')], {
        kind: 'patch-object',
        kubectl,
        object: ['serviceaccount', 'default', '-n', 'shop'],
        patch: '{"automountServiceAccountToken":false}',
        back: '{"automountServiceAccountToken":null}',
      }),
      ...thereAndBack([object('networkpolicies', '-n', 'shop')], {
        kind: 'create-object',
        kubectl,
        object: ['networkpolicy', 'own', '-n', 'shop'],
        manifest:
          'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: own, namespace: shop }\nspec: { podSelector: {}, policyTypes: [Ingress] }\n',
      }),
    ],
    telling: (text) => {
      const whole = JSON.parse(text) as Thing & { readonly items?: readonly Thing[] };
      return (whole.items ?? [whole]).map((thing) => [
        thing.kind,
        thing.metadata.name,
        thing.automountServiceAccountToken,
        thing.status?.conditions?.find((c) => c.type === 'Ready')?.status,
      ]);
    },
  },
  {
    name: 'logs that hold nothing',
    acts: logQuestions([
      [
        'find',
        '/etc/rancher/rke2',
        '-type',
        'f',
        '-name',
        '*.log',
        '-exec',
        'tail',
        '-q',
        '-n',
        '5',
        '{}',
        '+',
      ],
      ['find', '/etc/rancher/rke2', '-maxdepth', '1', '-type', 'f', '-empty'],
      ['find', '/etc/nosuch', '-type', 'f', '-name', '*.log', '-exec', 'tail', '-q', '-n', '5', '{}', '+'],
      ['journalctl', '-u', 'rke2-server', '-n', '5', '-o', 'cat', '--no-pager'],
    ]).map((ask) => ({ ask })),
    telling: (text) =>
      text
        .split('\n')
        .filter((line) => /^\/|^-- cursor/.test(line))
        .map((line) => line.replace(/^(-- cursor: ).*/, '$1')),
  },
  {
    name: 'commands',
    acts: [
      { ask: command('rke2', '--version') },
      { ask: command('/usr/bin/rke2', '--version') },
      { ask: command(...kubectl, 'get', '--raw', '/readyz') },
      { ask: journal },
      {
        deed: {
          kind: 'change',
          change: changeOf('cp-1', {
            kind: 'run',
            words: ['rke2', 'etcd-snapshot', 'save', '--name', 'parity'],
            why: 'a snapshot',
          }),
        },
        ends: 'done',
      },
    ],
    telling: (text) => /^rke2 version \S+|^ok$|not running in CIS mode/m.exec(text)?.[0],
  },
  {
    name: 'the lock',
    acts: [
      { ask: { kind: 'lock' } },
      { deed: { kind: 'lock', holder: 'ann on laptop', take: false }, ends: 'done' },
      { ask: { kind: 'lock' } },
      { deed: { kind: 'lock', holder: 'bob', take: false }, ends: 'refused' },
      { deed: { kind: 'unlock', holder: 'bob' }, ends: 'refused' },
      { deed: { kind: 'lock', holder: 'bob', take: true }, ends: 'done' },
      { deed: { kind: 'unlock', holder: 'bob' }, ends: 'done' },
      { deed: { kind: 'unlock', holder: 'bob' }, ends: 'done' },
    ],
  },
  {
    name: 'a profile that RKE2 refuses, and the way back',
    acts: [
      { deed: { kind: 'change', change: refusedProfile }, ends: 'done' },
      { deed: { kind: 'restart', unit: 'rke2-server' }, ends: 'done' },
      { until: unit, has: 'SubState=auto-restart' },
      { ask: { kind: 'process', name: 'kubelet' } },
      { ask: journal },
      { deed: { kind: 'undo', change: refusedProfile, force: false }, ends: 'done' },
      { deed: { kind: 'restart', unit: 'rke2-server' }, ends: 'done' },
      { until: unit, has: 'ActiveState=active' },
      { deed: { kind: 'stop', unit: 'rke2-server' }, ends: 'done' },
      { until: unit, has: 'ActiveState=inactive' },
      { deed: { kind: 'start', unit: 'rke2-server' }, ends: 'done' },
      { until: unit, has: 'ActiveState=active' },
    ],
    // RKE2 looks through its kernel values in no order of its own.
    telling: (text) => {
      const fatal = /level=fatal msg=(".*")/.exec(text)?.[1];
      return fatal ? (JSON.parse(fatal) as string).trim().split('\n').sort() : undefined;
    },
  },
];

type Thing = {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly automountServiceAccountToken?: boolean;
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
};

/**
 * Every kind of question; a new one does not compile until it stands here, and fails until a case puts it. Those for a Rancher
 * server are put to its two sides in test/lab/rancher-parity.test.ts.
 */
export const questionKinds = Object.keys({
  kernel: 0,
  'sysctl-files': 0,
  stat: 0,
  file: 0,
  folder: 0,
  strays: 0,
  account: 0,
  group: 0,
  unit: 0,
  process: 0,
  container: 0,
  object: 0,
  access: 0,
  machine: 0,
  'change-state': 0,
  kept: 0,
  lock: 0,
  lookups: 0,
  command: 0,
} satisfies Record<Exclude<Question['kind'], 'rancher' | 'rancher-login'>, 0>);

/** Every kind of step, likewise. */
export const stepKinds = Object.keys({
  'write-file': 0,
  'make-folder': 0,
  'move-folder': 0,
  'set-mode': 0,
  'set-owner': 0,
  'set-kernel': 0,
  'create-account': 0,
  'create-group': 0,
  'set-unit': 0,
  'patch-object': 0,
  'create-object': 0,
  run: 0,
} satisfies Record<Exclude<Step['kind'], 'rancher-object'>, 0>);
