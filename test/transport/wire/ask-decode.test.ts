import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/domain/answer.ts';
import { formatNamedTexts, readProcess } from '../../../src/domain/evidence.ts';
import { type Question, questionKey } from '../../../src/domain/question.ts';
import { answerCap, beginMark, endMark, sectionMark } from '../../../src/transport/wire/frames.ts';
import { askExchange, encodeAnswers } from '../../../src/transport/wire/index.ts';
import { hear, marker } from './shell.ts';

const kubectl = ['kubectl'];
const everyKind: readonly (readonly [Question, string])[] = [
  [{ kind: 'kernel', key: 'net.ipv4.ip_local_port_range' }, '32768\t60999'],
  [
    { kind: 'sysctl-files' },
    formatNamedTexts([
      { path: '/etc/sysctl.d/90-kubelet.conf', text: 'kernel.panic = 10\n' },
      { path: '/usr/lib/sysctl.d/masked.conf', text: '' },
    ]),
  ],
  [{ kind: 'stat', path: '/etc' }, '755|root|root|0|0|4096|1700000000|1700000000|directory'],
  [{ kind: 'file', path: '/etc/x' }, 'é\0no newline at the end'],
  [
    { kind: 'folder', path: '/etc/c', suffix: '.yaml' },
    formatNamedTexts([{ path: '/etc/c/a.yaml', text: 'a: 1' }]),
  ],
  [{ kind: 'strays', path: '/etc', owner: 'root', group: 'root' }, '/etc/a\n/etc/b'],
  [{ kind: 'account', name: 'etcd' }, 'etcd:x:52:52::/:/sbin/nologin'],
  [{ kind: 'group', name: 'etcd' }, 'etcd:x:52:'],
  [{ kind: 'unit', name: 'rke2-server' }, 'Id=rke2-server.service\nActiveState=active'],
  [
    { kind: 'process', name: 'kube-controller-manager' },
    '/usr/bin/kcm\u0001--a=1\u0001\u0001\u0002kcm\u0001\u0002',
  ],
  [
    { kind: 'container', name: 'kubelet' },
    '{"name":"kubelet","image":"x:v1.24.17-rancher1-1","args":["a b","--c="],"binds":[],"state":"running","started":"","variables":[]}',
  ],
  [{ kind: 'object', kubectl, get: ['ns'] }, '{"items":[]}\n'],
  [{ kind: 'access', path: '/etc', user: 'etcd', want: 'x' }, 'no'],
  [{ kind: 'machine' }, 'hostname=cp-1\nuid=0'],
  [{ kind: 'change-state', session: 's', change: 'c' }, 'begun 0\nrunning 12'],
  [{ kind: 'kept' }, 's c done\ns d begun\nend'],
  [{ kind: 'lock' }, 'anna@desk'],
  [{ kind: 'command', words: ['rke2', '--version'] }, 'rke2 version v1.33.6\n'],
];

const answers = (text: string): readonly Answer[] => [
  { kind: 'said', text },
  { kind: 'absent' },
  { kind: 'denied', message: 'head: /etc/x: Permission denied' },
  { kind: 'no-tool', tool: 'systemctl' },
  { kind: 'failed', exit: 7, message: 'it broke' },
  { kind: 'too-large', cap: answerCap },
  { kind: 'lost', reason: 'the link was lost' },
];

describe('what the lab encodes', () => {
  it.each(everyKind.map(([q, text]) => [q.kind, q, text] as const))(
    '%s is decoded to the same',
    (_, question, text) => {
      for (const answer of answers(text)) {
        const mark = marker();
        const said = encodeAnswers(mark, [question], new Map([[questionKey(question), answer]]));
        const exchange = askExchange([question], { marker: mark });
        const decoded = hear(
          exchange,
          { out: Buffer.from(said.out), err: Buffer.from(said.err), exit: null },
          1,
        );
        expect(decoded.get(questionKey(question))).toEqual(answer);
      }
    },
  );

  it('keeps many answers apart, and counts them as they come', () => {
    const mark = marker();
    const questions = everyKind.map(([q]) => q);
    const all = new Map(everyKind.map(([q, text]) => [questionKey(q), { kind: 'said', text } as Answer]));
    const seen: string[] = [];
    const exchange = askExchange([...questions, ...questions], {
      marker: mark,
      onAnswer: (done, of) => seen.push(`${done}/${of}`),
    });
    const said = encodeAnswers(mark, [...questions, ...questions], all);
    expect(hear(exchange, { out: Buffer.from(said.out), err: Buffer.from(said.err), exit: 0 }, 3)).toEqual(
      all,
    );
    expect(seen).toEqual(questions.map((_, n) => `${n + 1}/${questions.length}`));
  });
});

/** The answer to one question whose frame holds `out` and `err` and closes with `status`. */
function answer(
  question: Question,
  out: string | Buffer,
  err: string,
  status: number | string,
): Answer | undefined {
  const mark = marker();
  const exchange = askExchange([question], { marker: mark });
  exchange.feed(
    Buffer.concat([Buffer.from(beginMark(mark, 0)), Buffer.from(out), Buffer.from(endMark(mark, 0, status))]),
  );
  exchange.feedError(Buffer.from(beginMark(mark, 0) + err + endMark(mark, 0, status)));
  return exchange.finish({ exit: 0 }).get(questionKey(question));
}

describe('what a failing command means', () => {
  const object: Question = { kind: 'object', kubectl, get: ['ns', 'a'] };
  const file: Question = { kind: 'file', path: '/etc/x' };
  const strays: Question = { kind: 'strays', path: '/data/etcd', owner: 'etcd', group: 'etcd' };

  it('an object that is not found is absent, unless others were', () => {
    const err = 'Error from server (NotFound): namespaces "a" not found\n';
    expect(answer(object, '', err, 1)).toEqual({ kind: 'absent' });
    expect(answer(object, '{"items":[]}', err, 1)?.kind).toBe('failed');
  });

  it('an API server that does not answer is a failure with its last line', () => {
    const err =
      "E1 memcache.go: couldn't get list\nThe connection to the server 127.0.0.1:6443 was refused\n";
    expect(answer(object, '', err, 1)).toEqual({
      kind: 'failed',
      exit: 1,
      message: 'The connection to the server 127.0.0.1:6443 was refused',
    });
  });

  it('a forbidden object is denied', () => {
    const err = 'Error from server (Forbidden): secrets is forbidden: User "x" cannot list';
    expect(answer(object, '', err, 1)?.kind).toBe('denied');
  });

  it('127 is a missing tool, even when the message speaks of a missing file', () => {
    const err = "timeout: failed to run command 'kubectl': No such file or directory\n";
    expect(answer(object, '', err, 127)).toEqual({ kind: 'no-tool', tool: 'kubectl' });
    expect(answer(file, '', err, 127)).toEqual({ kind: 'no-tool', tool: 'head' });
  });

  it('a time limit is no answer at all', () => {
    expect(answer(file, '', '', 124)?.kind).toBe('lost');
    expect(answer(file, '', '', 143)?.kind).toBe('lost');
  });

  it('only the missing of the file itself is its absence', () => {
    expect(
      answer(file, '', "head: cannot open '/etc/x' for reading: No such file or directory\n", 1)?.kind,
    ).toBe('absent');
    expect(answer(file, '', 'head: /etc/x: No such file or directory\n', 1)?.kind).toBe('absent');
    expect(answer(file, '', 'head: /etc/x: Input/output error\n', 1)?.kind).toBe('failed');
    expect(answer(file, '', '', 1)?.kind).toBe('failed');
  });

  it('a file that goes away while its folder is read does not take the folder with it', () => {
    const mark = marker();
    const question: Question = { kind: 'folder', path: '/d', suffix: '' };
    const exchange = askExchange([question], { marker: mark });
    exchange.feed(Buffer.from(`${beginMark(mark, 0) + sectionMark(mark, 0)}/d/a\0${endMark(mark, 0, 1)}`));
    exchange.feedError(
      Buffer.from(`${beginMark(mark, 0)}head: /d/a: No such file or directory\n${endMark(mark, 0, 1)}`),
    );
    expect(exchange.finish({ exit: 0 }).get(questionKey(question))?.kind).toBe('failed');
  });

  it('files that go away while a tree is searched are no failure, other complaints are', () => {
    const gone = "find: '/data/etcd/member/wal/1.tmp': No such file or directory\n";
    expect(answer(strays, '', gone, 1)).toEqual({ kind: 'said', text: '' });
    expect(answer(strays, '', "find: '/data/etcd': No such file or directory\n", 1)?.kind).toBe('absent');
    expect(answer(strays, '', `${gone}find: '/data/etcd/x': Input/output error\n`, 1)?.kind).toBe('failed');
    expect(answer(strays, '', `${gone}find: '/data/etcd/x': Permission denied\n`, 1)?.kind).toBe('denied');
    expect(answer(strays, '', '', 1)?.kind).toBe('failed');
    expect(answer(strays, '/data/etcd/x\n'.repeat(20), '', 141)?.kind).toBe('said');
  });

  it('an account is absent only when grep said so and nothing else', () => {
    const account: Question = { kind: 'account', name: 'etcd' };
    expect(answer(account, '', '', 1)).toEqual({ kind: 'absent' });
    expect(answer(account, '', 'grep: /etc/passwd: No such file or directory\n', 2)?.kind).toBe('failed');
  });

  it('an empty answer of systemctl, a strange access word, and bytes that are no text are no answers', () => {
    expect(answer({ kind: 'unit', name: 'x' }, '\n', '', 0)?.kind).toBe('failed');
    expect(answer({ kind: 'access', path: '/', user: 'x', want: 'r' }, 'oui\n', '', 0)?.kind).toBe('failed');
    expect(answer(file, Buffer.from([0x61, 0xe9, 0x0a]), '', 0)?.kind).toBe('failed');
  });

  it('more than the cap is too large, however it ended', () => {
    expect(answer(file, 'x'.repeat(answerCap + 1), '', 0)).toEqual({ kind: 'too-large', cap: answerCap });
    expect(answer(object, 'x'.repeat(answerCap + 1), '', 141)?.kind).toBe('too-large');
    expect(answer(file, 'x'.repeat(answerCap), '', 0)?.kind).toBe('said');
  });

  it('messages are cleaned', () => {
    expect(answer(file, '', 'x\n\u001b]0;owned\u0007boo\u001b[31m\n', 3)).toEqual({
      kind: 'failed',
      exit: 3,
      message: 'boo',
    });
  });
});

describe('questions that were asked together', () => {
  const together: readonly (readonly [string, readonly Question[], string])[] = [
    ['kernel', [{ kind: 'kernel', key: 'kernel.panic' }], '/proc/sys/kernel/panic:10\n'],
    ['paths', [{ kind: 'stat', path: '/etc' }], '/etc|755|root|root|0|0|1|1|1|directory\n'],
    ['names', [{ kind: 'account', name: 'etcd' }], '/etc/passwd:etcd:x:52:52::/:/sbin/nologin\n'],
    ['processes', [{ kind: 'process', name: 'kubelet' }], ''],
    ['units', ['a', 'b'].map((name) => ({ kind: 'unit', name })), 'Id=a.service\n\nId=b.service\n'],
    ['objects', ['a', 'b'].map((name) => ({ kind: 'object', kubectl, get: ['ns', name] })), ''],
  ];

  it.each(together)('%s that hung are lost, whatever came before the time was up', (_, questions, out) => {
    for (const status of [124, 143])
      for (const said of ['', out]) {
        const mark = marker();
        const exchange = askExchange(questions, { marker: mark });
        const frame = questions.length;
        exchange.feed(Buffer.from(beginMark(mark, frame) + said + endMark(mark, frame, status)));
        exchange.feedError(Buffer.from(beginMark(mark, frame) + endMark(mark, frame, status)));
        for (const got of exchange.finish({ exit: 0 }).values())
          expect(got).toEqual({
            kind: 'lost',
            reason: 'the node did not answer it within the time for one question',
          });
      }
  });
});

describe('what came together', () => {
  const heard = (questions: readonly Question[], out: string, status: number): readonly Answer[] => {
    const mark = marker();
    const exchange = askExchange(questions, { marker: mark });
    const frame = questions.length;
    exchange.feed(Buffer.from(beginMark(mark, frame) + out + endMark(mark, frame, status)));
    return [...exchange.finish({ exit: 0 }).values()];
  };

  it('is taken apart into what was found and what was wrong', () => {
    const paths = ['/a', '/b', '/c', '/d'].map((path): Question => ({ kind: 'stat', path }));
    const found = '755|root|root|0|0|1|1|1|directory';
    const out = `/a|${found}\nstat: cannot stat '/b': No such file or directory\nstat: cannot statx '/c': Permission denied\n`;
    expect(heard(paths, out, 1)).toEqual([
      { kind: 'said', text: found },
      { kind: 'absent' },
      { kind: 'denied', message: "stat: cannot statx '/c': Permission denied" },
      { kind: 'lost', reason: 'its answer is missing from those that came together' },
    ]);
  });

  it('is not what a value or an account says of another', () => {
    const keys = ['a.b', 'c.d'].map((key): Question => ({ kind: 'kernel', key }));
    const lie = 'x /proc/sys/c/d: No such file or directory';
    expect(heard(keys, `/proc/sys/a/b:${lie}\n/proc/sys/c/d:1\n`, 0)).toEqual([
      { kind: 'said', text: lie },
      { kind: 'said', text: '1' },
    ]);
  });

  describe('of accounts and groups', () => {
    const root: Question = { kind: 'account', name: 'root' };
    const wheel: Question = { kind: 'group', name: 'wheel' };
    const line = '/etc/passwd:root:x:0:0::/root:/bin/sh\n';

    it.each([
      ['nothing matched', '', 1, ['absent', 'absent']],
      ['one was found', line, 0, ['said', 'absent']],
      [
        'one was found, the other file is gone',
        `${line}grep: /etc/group: No such file or directory\n`,
        2,
        ['said', 'failed'],
      ],
      [
        'one was not, the other file is gone',
        'grep: /etc/group: No such file or directory\n',
        2,
        ['absent', 'failed'],
      ],
      [
        'neither may be read',
        'grep: /etc/passwd: Permission denied\ngrep: /etc/group: Permission denied\n',
        2,
        ['denied', 'denied'],
      ],
      [
        'the tool gives its whole path',
        '/usr/bin/grep: /etc/passwd: Permission denied\n',
        2,
        ['denied', 'absent'],
      ],
      ['the tool was killed', '', 137, ['failed', 'failed']],
      ['the tool had no memory', 'grep: memory exhausted\n', 2, ['failed', 'failed']],
      ['it could not be started', 'timeout: fork system call failed\n', 125, ['failed', 'failed']],
      ['the file is not text', 'Binary file /etc/passwd matches\n', 0, ['failed', 'absent']],
      ['a warning before it has no end', `warning: ${line}`, 0, ['failed', 'absent']],
      [
        'a warning before it has one',
        `ERROR: ld.so: object 'x' cannot be preloaded: ignored.\n${line}`,
        0,
        ['said', 'absent'],
      ],
    ])('where %s', (_, out, status, kinds) => {
      expect(heard([root, wheel], out, status).map((answer) => answer.kind)).toEqual(kinds);
    });
  });

  it('is no empty value when the tool did not read it', () => {
    const keys = ['a.b', 'c.d'].map((key): Question => ({ kind: 'kernel', key }));
    const kinds = (out: string, status: number) => heard(keys, out, status).map((answer) => answer.kind);
    expect(kinds('/proc/sys/c/d:1\n', 0)).toEqual(['said', 'said']);
    expect(kinds('/proc/sys/c/d:1\n', 137)).toEqual(['failed', 'said']);
    expect(kinds('/usr/bin/grep: /proc/sys/a/b: No such file or directory\n/proc/sys/c/d:1\n', 2)).toEqual([
      'absent',
      'said',
    ]);
    expect(kinds('grep: /proc/sys/a/b: No such file or directory\n', 2)).toEqual(['absent', 'said']);
  });

  it('is the whole text where one unit alone was asked for', () => {
    const text = 'Id=a.service\nExecStart={ argv[]=sh -c a\n\nb ; }';
    expect(heard([{ kind: 'unit', name: 'a' }], `${text}\n`, 0)).toEqual([{ kind: 'said', text }]);
  });

  it('is no answer for any unit when there are more or fewer than were asked for', () => {
    const units = ['a', 'b'].map((name): Question => ({ kind: 'unit', name }));
    expect(heard(units, 'Id=a.service\n\nId=b.service\n', 0)).toEqual([
      { kind: 'said', text: 'Id=a.service' },
      { kind: 'said', text: 'Id=b.service' },
    ]);
    for (const out of ['', 'Id=b.service\n', 'Id=a.service\n\nx\n\nId=b.service\n'])
      expect(heard(units, out, 0).map((answer) => answer.kind)).toEqual(['lost', 'lost']);
  });
});

describe('what did not arrive', () => {
  const questions: readonly Question[] = [
    { kind: 'file', path: '/a' },
    { kind: 'file', path: '/b' },
  ];
  const keyOf = (n: number): string => questionKey(questions[n] as Question);

  it('is lost, with the reason of the link or the exit of the script', () => {
    for (const [end, reason] of [
      [{ exit: null, reason: 'connection reset' }, 'connection reset'],
      [{ exit: null }, 'the link was lost'],
      [{ exit: 2 }, 'the script on the node ended too early (exit 2)'],
    ] as const) {
      const mark = marker();
      const exchange = askExchange(questions, { marker: mark });
      exchange.feed(Buffer.from(`${beginMark(mark, 0)}whole${endMark(mark, 0, 0)}${beginMark(mark, 1)}half`));
      const got = exchange.finish(end);
      expect(got.get(keyOf(0))).toEqual({ kind: 'said', text: 'whole' });
      expect(got.get(keyOf(1))).toEqual({ kind: 'lost', reason });
    }
  });

  it('is never anything but lost, at whatever byte the stream is cut', () => {
    const mark = marker();
    const whole = encodeAnswers(
      mark,
      questions,
      new Map(questions.map((q) => [questionKey(q), { kind: 'said', text: 'x: é' }])),
    );
    const bytes = Buffer.from(whole.out);
    for (let cut = 0; cut < bytes.length; cut += 1) {
      const exchange = askExchange(questions, { marker: mark });
      exchange.feed(bytes.subarray(0, cut));
      for (const got of exchange.finish({ exit: null }).values())
        expect(got.kind === 'lost' || (got.kind === 'said' && got.text === 'x: é')).toBe(true);
    }
  });
});

describe('processes', () => {
  const roots = (pid: number): string => `/proc/${pid}|0|root|/proc/${pid}\n`;
  const ask = (
    name: string,
    found: readonly (readonly [string, readonly string[]])[],
    owner = roots,
    anyones?: true,
  ) => {
    const mark = marker();
    const question: Question = { kind: 'process', name, ...(anyones ? { anyones } : {}) };
    const exchange = askExchange([question], { marker: mark });
    const owners = found.map((_, pid) => owner(pid)).join('');
    const sections = found.map(
      ([comm, args], pid) =>
        `${sectionMark(mark, 0)}/proc/${pid}\0${comm}\0${args.map((a) => `${a}\0`).join('')}`,
    );
    exchange.feed(Buffer.from(beginMark(mark, 0) + owners + sections.join('') + endMark(mark, 0, 0)));
    const got = exchange.finish({ exit: 0 }).get(questionKey(question)) as Answer;
    return got.kind === 'failed' ? got : readProcess(got, name);
  };

  it('are known by the name they were started under, or by their own', () => {
    const kcm = ['/usr/local/bin/kube-controller-manager', '--profiling=false', ''];
    expect(ask('kube-controller-manager', [['kube-controller', kcm]])).toEqual({ known: true, value: [kcm] });
    expect(ask('kubelet', [['kubelet', ['/proc/self/exe', '--x']]])).toEqual({
      known: true,
      value: [['/proc/self/exe', '--x']],
    });
    expect(ask('kube-controller-manager', [['kube-controller', ['/bin/sh', 'kcm.sh']]])).toMatchObject({
      known: true,
      value: [{}],
    });
  });

  it('are not those that only mention the name, share its start, or have ended', () => {
    const others: readonly (readonly [string, readonly string[]])[] = [
      ['vim', ['vim', 'kube-controller-manager']],
      ['kube-controller', ['/opt/kube-controller-mini', '--x']],
      ['kube-controller', []],
    ];
    expect(ask('kube-controller-manager', others)).toEqual({ known: true, value: undefined });
  });

  it('are only those of root and of the account of their name, and whose program is called so', () => {
    const found = [['kube-apiserver', ['kube-apiserver', '--x']]] as const;
    const of = (uid: string, owner: string, program?: string) => (pid: number) =>
      `/proc/${pid}|${uid}|${owner}|'/proc/${pid}'\n/proc/${pid}/exe|0|root|'/proc/${pid}/exe'${program === undefined ? '' : ` -> '${program}'`}\n`;
    const asked = (name: string, owner: (pid: number) => string) => ask(name, found, owner);
    const there = { known: true, value: [['kube-apiserver', '--x']] };
    const absent = { known: true, value: undefined };
    expect(asked('kube-apiserver', of('0', 'root', '/usr/local/bin/kube-apiserver'))).toEqual(there);
    expect(asked('kube-apiserver', of('0', 'root', '/opt/kube-apiserver (deleted)'))).toEqual(there);
    expect(asked('kube-apiserver', of('0', 'root'))).toEqual(there);
    expect(asked('kube-apiserver', of('52', 'kube-apiserver'))).toEqual(there);
    expect(asked('kube-apiserver', of('65534', 'nobody'))).toEqual(absent);
    expect(asked('kube-apiserver', of('65534', 'nobody', '/tmp/kube-apiserver'))).toEqual(absent);
    expect(asked('kube-apiserver', of('1000', 'UNKNOWN'))).toEqual(absent);
    expect(asked('kube-apiserver', of('0', 'root', '/usr/bin/su'))).toEqual(absent);
    expect(ask('kube-apiserver', found, of('65534', 'nobody'), true)).toEqual(there);
  });

  it('whose owner could not be asked are no answer', () => {
    expect(ask('x', [['x', ['x']]], () => '')).toMatchObject({ kind: 'failed' });
  });

  it('whose arguments cannot be told apart are no answer', () => {
    expect(ask('x', [['x', ['x', 'a\u0001b']]])).toMatchObject({ kind: 'failed' });
  });
});
