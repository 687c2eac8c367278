import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Failure, word } from '../../src/domain/failure.ts';
import { questionKey } from '../../src/domain/question.ts';
import { readPasswordEnd, readRefusal } from '../../src/transport/sudo.ts';
import {
  type Loopback,
  newFolder,
  nodeAt,
  operator,
  plainConnector,
  startLoopback,
} from './support/loopback.ts';

let folder: ReturnType<typeof newFolder>;
let server: Loopback | undefined;

beforeEach(() => {
  folder = newFolder();
  mkdirSync(folder.at('bin'));
  program('id', 'echo 1000');
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  folder.remove();
});

/** A program that stands before the system's own in the path of the login. */
function program(name: string, ...lines: string[]): void {
  writeFileSync(folder.at(`bin/${name}`), `#!/bin/sh\n${lines.join('\n')}\n`);
  chmodSync(folder.at(`bin/${name}`), 0o755);
}

/** A stand-in for sudo that reads its words and its input as sudo does, and keeps a record of how it was called. */
function sudo(policy: {
  readonly nopasswd?: boolean;
  readonly tries?: number;
  readonly refusal?: string;
}): void {
  program(
    'sudo',
    `echo "$*" >> '${folder.at('calls')}'`,
    'ask=yes; prompt="[sudo] password for op: "',
    'while :; do case $1 in -n) ask=no ;; -k|-S|--) ;; -p) prompt=$2; shift ;; *) break ;; esac; shift; done',
    policy.refusal ? `echo "${policy.refusal}" >&2; exit 1` : '',
    policy.nopasswd ? 'exec "$@"' : '',
    '[ "$ask" = yes ] || { echo "sudo: a password is required" >&2; exit 1; }',
    'echo "We trust you have received the usual lecture." >&2',
    `tries=${policy.tries ?? 3}`,
    'while [ "$tries" -gt 0 ]; do',
    '  printf %s "$prompt" >&2; IFS= read -r typed || exit 1',
    `  if [ "$typed" = 'open sesame $x' ]; then exec "$@"; fi`,
    `  echo "$typed" >> '${folder.at('wrong')}'; tries=$((tries - 1))`,
    '  [ "$tries" -gt 0 ] && echo "Sorry, try again." >&2',
    'done',
    'echo "sudo: 1 incorrect password attempt" >&2; exit 1',
  );
}

async function connectAs(says: Parameters<typeof operator>[0], deadlineMs = 6000) {
  server = await startLoopback({ environment: { PATH: `${folder.at('bin')}:/usr/bin:/bin` } });
  const person = operator({ 'host-key': 'yes', ...says });
  const secrets: string[] = [];
  const connector = plainConnector(folder.at('known_hosts'), { onSecret: (s) => secrets.push(s) });
  const result = await connector.connect(nodeAt(server.port, 'op'), {
    readOnly: false,
    deadlineMs,
    answerer: person.answerer,
  });
  return { result, person, secrets, server };
}

const hello = { kind: 'command', words: ['uname', '-s'] } as const;

async function greeting(result: Awaited<ReturnType<typeof connectAs>>['result']) {
  if (!result.ok) throw new Error(word(result.failure).sentence);
  const { target } = result.value;
  return (await target.ask([hello], { deadlineMs: 5000 })).get(questionKey(hello));
}

describe('sudo', () => {
  it('without a password is used as it is, in one channel', async () => {
    sudo({ nopasswd: true });
    const { result, person, server: s } = await connectAs({});
    expect(result).toMatchObject({ ok: true, value: { privilege: 'passwordless' } });
    expect(await greeting(result)).toEqual({ kind: 'said', text: 'Linux\n' });
    expect(s.sessions()).toBe(1);
    expect(await greeting(result)).toEqual({ kind: 'said', text: 'Linux\n' });
    expect(person.asked.map((q) => q.kind)).toEqual(['host-key']);
    if (result.ok) await result.value.target.close();
  });

  it('with a password asks once, passes it through the input only, and needs one channel', async () => {
    sudo({});
    const { result, person, secrets, server: s } = await connectAs({ 'sudo-password': 'open sesame $x' });
    expect(result).toMatchObject({ ok: true, value: { privilege: 'password' } });
    expect(await greeting(result)).toEqual({ kind: 'said', text: 'Linux\n' });
    expect(s.sessions()).toBe(1);
    expect(await greeting(result)).toEqual({ kind: 'said', text: 'Linux\n' });
    expect(person.asked.filter((q) => q.kind === 'sudo-password')).toHaveLength(1);
    expect(secrets).toEqual(['open sesame $x']);
    expect(readFileSync(folder.at('calls'), 'utf8')).not.toContain('sesame');
    expect(existsSync(folder.at('wrong'))).toBe(false);
    if (result.ok) await result.value.target.close();
  });

  it.each([1, 3])('stops at a wrong password when sudo allows %i tries, and burns one', async (tries) => {
    sudo({ tries });
    const { result } = await connectAs({ 'sudo-password': 'wrong' });
    expect(result).toMatchObject({ ok: false, failure: { code: 'sudo-wrong-password', user: 'op' } });
    expect(readFileSync(folder.at('wrong'), 'utf8')).toBe('wrong\n');
  });

  it('never repeats a password that stopped working, nor runs anything', async () => {
    sudo({});
    const { result } = await connectAs({ 'sudo-password': 'open sesame $x' });
    expect(await greeting(result)).toMatchObject({ kind: 'said' });
    program(
      'sudo',
      `exec /bin/sh -c 'printf %s "$4" >&2; read -r a; printf %s "$4" >&2; read -r b; echo "$b" > ${folder.at('second')}' sudo "$@"`,
    );
    expect(await greeting(result)).toMatchObject({
      kind: 'lost',
      reason: expect.stringMatching(/did not accept that password/),
    });
    expect(await greeting(result)).toMatchObject({ kind: 'lost' });
    if (!result.ok) return;
    const report = await result.value.target.perform({ kind: 'restart', unit: 'x' }, { deadlineMs: 3000 });
    expect(report).toMatchObject({ kind: 'refused' });
    expect(existsSync(folder.at('second')) && readFileSync(folder.at('second'), 'utf8').trim()).toBeFalsy();
    await result.value.target.close();
  });

  it('is said to be needed when nobody gives a password', async () => {
    sudo({});
    const { result } = await connectAs({});
    expect(result).toMatchObject({
      ok: false,
      failure: { code: 'sudo-password-needed', node: 'n1', user: 'op' },
    });
  });

  it.each<[string, Failure['code']]>([
    ['op is not in the sudoers file.', 'sudo-not-allowed'],
    ['Sorry, user op is not allowed to execute /bin/sh as root on cp-1.', 'sudo-not-allowed'],
    ['Sorry, user op may not run sudo on cp-1.', 'sudo-not-allowed'],
    ['sudo: sorry, you must have a tty to run sudo', 'sudo-needs-tty'],
    ['sudo: /etc/sudoers is world writable', 'refused'],
  ])('that says "%s" is %s', async (refusal, code) => {
    sudo({ refusal });
    const { result } = await connectAs({ 'sudo-password': 'x' });
    expect(result).toMatchObject({ ok: false, failure: { code } });
  });

  it('that is not there is said to be missing', async () => {
    server = await startLoopback({
      environment: { PATH: folder.at('bin') },
      exec: (channel, command) => withoutSudo(channel, command),
    });
    const result = await plainConnector(folder.at('known_hosts')).connect(nodeAt(server.port, 'op'), {
      readOnly: false,
      deadlineMs: 5000,
      answerer: operator({ 'host-key': 'yes' }).answerer,
    });
    expect(result).toMatchObject({ ok: false, failure: { code: 'sudo-missing', user: 'op' } });
  });

  it('that waits for something else is told by the deadline, with its last words', async () => {
    program(
      'sudo',
      'case "$*" in *-S*) printf "Verification code: " >&2; sleep 20 ;; *) echo "sudo: a password is required" >&2; exit 1 ;; esac',
    );
    const { result } = await connectAs({ 'sudo-password': 'x' }, 1200);
    expect(result).toMatchObject({ ok: false, failure: { code: 'deadline', last: 'Verification code:' } });
  });
});

/** Runs a command where the standard folders hold no sudo, whatever this machine has. */
function withoutSudo(channel: import('ssh2').ServerChannel, command: string): boolean {
  const hidden = command.replaceAll(/:\/usr\/local\/sbin[^"]*/g, '');
  const child = spawn('/bin/sh', ['-c', hidden], { env: { PATH: folder.at('bin') } });
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr as NodeJS.WritableStream, { end: false });
  child.on('close', (code) => {
    channel.exit(code ?? 1);
    channel.end();
  });
  return true;
}

describe('what sudo says', () => {
  it('is only a wish for a password in these forms', () => {
    for (const text of [
      'sudo: a password is required',
      'sudo: interactive authentication is required',
      'sudo: no tty present and no askpass program specified',
    ])
      expect(readRefusal(text, 'n', 'u')).toBeUndefined();
  });

  it('after a password tells a wrong one from a user without rights', () => {
    expect(readPasswordEnd('sudo: 3 incorrect password attempts', 'n', 'u').code).toBe('sudo-wrong-password');
    expect(readPasswordEnd('u is not in the sudoers file.', 'n', 'u').code).toBe('sudo-not-allowed');
    expect(readPasswordEnd('sudo: sorry, you must have a tty to run sudo', 'n', 'u').code).toBe(
      'sudo-needs-tty',
    );
  });
});
