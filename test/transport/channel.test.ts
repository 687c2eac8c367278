import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { word } from '../../src/domain/failure.ts';
import type { Deed, Target } from '../../src/domain/ports.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import {
  type Loopback,
  type Manners,
  newFolder,
  nodeAt,
  operator,
  plainConnector,
  startLoopback,
} from './support/loopback.ts';

let folder: ReturnType<typeof newFolder>;
let server: Loopback | undefined;
let targets: Target[] = [];
/** Nobody writes into this pipe, so that reading it goes on and on. */
let slow: Question;

beforeEach(() => {
  folder = newFolder();
  execFileSync('mkfifo', [folder.at('pipe')]);
  slow = { kind: 'command', words: ['cat', folder.at('pipe')] };
});
afterEach(async () => {
  for (const target of targets) await target.close();
  targets = [];
  await server?.close();
  server = undefined;
  folder.remove();
});

async function targetOf(manners: Manners, readOnly = false, keepaliveMs = 10_000): Promise<Target> {
  server = await startLoopback(manners);
  const result = await plainConnector(folder.at('known_hosts'), { keepaliveMs }).connect(
    nodeAt(server.port),
    {
      readOnly,
      deadlineMs: 8000,
      answerer: operator({ 'host-key': 'yes' }).answerer,
    },
  );
  if (!result.ok) throw new Error(word(result.failure).sentence);
  targets.push(result.value.target);
  return result.value.target;
}

/** A question to which this text is the answer. */
function say(text: string): Question {
  const path = folder.at(createHash('sha256').update(text).digest('hex'));
  writeFileSync(path, text);
  return { kind: 'command', words: ['cat', path] };
}

async function ask(target: Target, question: Question, deadlineMs = 5000) {
  return (await target.ask([question], { deadlineMs })).get(questionKey(question));
}

describe('answers', () => {
  it('arrive whole when the stream is cut between all bytes of a character', async () => {
    const target = await targetOf({
      output: (bytes, channel) => {
        for (const byte of bytes) channel.write(Buffer.from([byte]));
      },
    });
    expect(await ask(target, say('é✓ 漢字 🜁'))).toEqual({ kind: 'said', text: 'é✓ 漢字 🜁' });
  });

  it('are counted as they stream in', async () => {
    const target = await targetOf({});
    const seen: string[] = [];
    await target.ask([say('a'), say('b'), say('b')], {
      deadlineMs: 5000,
      onAnswer: (done, of) => seen.push(`${done}/${of}`),
    });
    expect(seen).toEqual(['1/2', '2/2']);
  });

  it('count although no exit status arrived, if their own frame was closed; a deed never does', async () => {
    const target = await targetOf({ keepStatus: true });
    expect(await ask(target, say('x'))).toEqual({ kind: 'said', text: 'x' });
  });

  it('are lost when the channel closes in the middle', async () => {
    let talking = false;
    const target = await targetOf({
      output: (bytes, channel) => {
        channel.write(bytes);
        if (talking) channel.close();
        talking = true;
      },
    });
    expect(await ask(target, slow)).toMatchObject({ kind: 'lost' });
  });

  it('are lost when the deadline passes, and the link goes on', async () => {
    const target = await targetOf({});
    const started = performance.now();
    expect(await ask(target, slow, 400)).toMatchObject({
      kind: 'lost',
      reason: expect.stringMatching(/no answer within/),
    });
    expect(performance.now() - started).toBeLessThan(4000);
    expect(await ask(target, say('still here'))).toEqual({ kind: 'said', text: 'still here' });
  });

  it('are lost when they are called off', async () => {
    const target = await targetOf({});
    const controller = new AbortController();
    const asking = target.ask([slow], { deadlineMs: 60_000, signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    expect((await asking).get(questionKey(slow))).toMatchObject({ kind: 'lost' });
  });

  it('cost the link when the server does not even confirm that a channel was closed', async () => {
    let freeze = (): void => undefined;
    const target = await targetOf({
      ready: (_, socket) => {
        freeze = () => void socket.pause();
      },
    });
    const lost = new Promise<string>((resolve) => target.onLost((failure) => resolve(failure.code)));
    freeze();
    expect(await ask(target, slow, 200)).toMatchObject({ kind: 'lost' });
    expect(await lost).toBe('link-lost');
  });
});

describe('a dead peer', () => {
  it('is noticed although nobody asks it anything', async () => {
    let freeze = (): void => undefined;
    const manners: Manners = {
      ready: (_, socket) => {
        freeze = () => void socket.pause();
      },
    };
    const target = await targetOf(manners, false, 50);
    const lost = new Promise<unknown>((resolve) => target.onLost(resolve));
    freeze();
    expect(await lost).toMatchObject({ code: 'link-lost', message: 'it stopped answering' });
  });

  it('ends a batch under way, long before its deadline', async () => {
    let freeze = (): void => undefined;
    const manners: Manners = {
      ready: (_, socket) => {
        freeze = () => void socket.pause();
      },
    };
    const target = await targetOf(manners, false, 50);
    const asking = ask(target, slow, 15_000);
    freeze();
    expect(await asking).toMatchObject({ kind: 'lost', reason: expect.stringMatching(/stopped answering/) });
  });
});

describe('channels', () => {
  it('are never more than two at once', async () => {
    let open = 0;
    let most = 0;
    const target = await targetOf({
      exec: (channel) => {
        most = Math.max(most, ++open);
        channel.on('close', () => open--);
        return false;
      },
    });
    const words = ['a', 'b', 'c', 'd', 'e', 'f'];
    const answers = await Promise.all(words.map((text) => ask(target, say(text))));
    expect(answers).toEqual(words.map((text) => ({ kind: 'said', text })));
    expect(most).toBe(2);
  });

  it('are asked for again when the server has none to give', async () => {
    let open = 0;
    const target = await targetOf({
      session: (_accept, reject) => {
        if (open >= 1) {
          reject();
          return true;
        }
        return false;
      },
      exec: (channel) => {
        open++;
        channel.on('close', () => open--);
        return false;
      },
    });
    const words = ['a', 'b', 'c'];
    const answers = await Promise.all(words.map((text) => ask(target, say(text))));
    expect(answers).toEqual(words.map((text) => ({ kind: 'said', text })));
  });

  it('that a server never gives are said in time', async () => {
    let sessions = 0;
    const target = await targetOf({
      session: (_accept, reject) => {
        if (sessions++ === 0) return false;
        reject();
        return true;
      },
    });
    expect(await ask(target, say('first'))).toEqual({ kind: 'said', text: 'first' });
    expect(await ask(target, say('second'), 500)).toMatchObject({
      kind: 'lost',
      reason: expect.stringMatching(/no further session/),
    });
    const report = await target.perform({ kind: 'restart', unit: 'x' }, { deadlineMs: 300 });
    expect(report).toMatchObject({ kind: 'refused', failure: { code: 'deadline' } });
  });
});

describe('a read-only target', () => {
  const change = { id: 'c1', session: 's1', control: 'kernel-values', node: 'n1', via: 'n1', steps: [] };
  it.each<Deed>([
    { kind: 'change', change },
    { kind: 'undo', change, force: true },
    { kind: 'restart', unit: 'rke2-server' },
    { kind: 'stop', unit: 'rke2-server' },
    { kind: 'start', unit: 'rke2-server' },
    { kind: 'lock', holder: 'me', take: true },
    { kind: 'unlock', holder: 'me' },
    { kind: 'hold', kubectl: ['kubectl'], hold: { holder: 'me', node: 'n1', since: '2026-01-01T00:00:00Z' } },
    { kind: 'release', kubectl: ['kubectl'], holder: 'me' },
  ])('refuses $kind without opening a channel', async (deed) => {
    const target = await targetOf({}, true);
    const sessions = server?.sessions();
    const report = await target.perform(deed, { deadlineMs: 1000 });
    expect(report).toMatchObject({ kind: 'refused', failure: { code: 'read-only' } });
    expect(server?.sessions()).toBe(sessions);
  });

  it('still answers', async () => {
    expect(await ask(await targetOf({}, true), say('x'))).toEqual({ kind: 'said', text: 'x' });
  });
});

describe('a question that might change something', () => {
  it('is answered with why it was not sent, and the others are sent', async () => {
    const target = await targetOf({});
    const touch: Question = { kind: 'command', words: ['touch', folder.at('touched')] };
    const seen: string[] = [];
    const answers = await target.ask([touch, say('x')], {
      deadlineMs: 5000,
      onAnswer: (done, of) => seen.push(`${done}/${of}`),
    });
    expect(answers.get(questionKey(touch))).toEqual({
      kind: 'lost',
      reason: 'it was not sent, for touch is not one of the commands that are known to only read',
    });
    expect(answers.get(questionKey(say('x')))).toEqual({ kind: 'said', text: 'x' });
    expect(seen).toEqual(['2/2']);
    expect(existsSync(folder.at('touched'))).toBe(false);
  });

  it('opens no channel when it is alone', async () => {
    let sessions = 0;
    const target = await targetOf({
      exec: () => {
        sessions++;
        return false;
      },
    });
    const before = sessions;
    const strays: Question = { kind: 'strays', path: '-delete', owner: 'root', group: 'root' };
    for (let round = 0; round < 2; round++)
      expect(await ask(target, strays)).toMatchObject({
        kind: 'lost',
        reason: expect.stringMatching(/not sent/),
      });
    expect(sessions).toBe(before);
  });
});

describe('login noise', () => {
  it('before the shell does not disturb, with or without line ends and on both streams', async () => {
    let first = true;
    const target = await targetOf({
      exec: (channel) => {
        channel.write('Welcome!\nroot is great, passwordless even ');
        channel.stderr.write('stdin: is not a tty');
        first = false;
        return false;
      },
    });
    expect(first).toBe(false);
    expect(await ask(target, say('clean'))).toEqual({ kind: 'said', text: 'clean' });
  });

  let sessions = 0;
  it('without end becomes a sentence, long before the deadline, and nothing of it is kept', async () => {
    const chunk = Buffer.alloc(32 * 1024, 'x');
    let sent = 0;
    const target = await targetOf({
      exec: (channel, command) => {
        if (sessions++ === 0 || /exec true/.test(command)) return false;
        const pour = (): void => {
          while (!channel.destroyed && channel.writable && sent < 8 * 1024 * 1024) {
            sent += chunk.length;
            if (!channel.write(chunk)) return void channel.once('drain', pour);
          }
        };
        pour();
        return true;
      },
    });
    // The shell that waits since the connection was made takes the first question.
    await ask(target, say('x'));
    const answer = await ask(target, say('y'), 20_000);
    expect(answer).toMatchObject({ kind: 'lost', reason: expect.stringContaining('without end') });
    expect(sent).toBeLessThan(8 * 1024 * 1024);
  });

  it('that is all there is becomes a sentence', async () => {
    server = await startLoopback({
      exec: (channel) => {
        channel.stderr.write('This account is currently not available.\n');
        channel.exit(1);
        channel.end();
        return true;
      },
    });
    const result = await plainConnector(folder.at('known_hosts')).connect(nodeAt(server.port), {
      readOnly: false,
      deadlineMs: 4000,
      answerer: operator({ 'host-key': 'yes' }).answerer,
    });
    expect(result).toMatchObject({
      ok: false,
      failure: {
        code: 'handshake-failed',
        message: expect.stringMatching(/ended with 1.*currently not available/),
      },
    });
  });
});

describe('the practice cluster', () => {
  it('gets the questions as data in the first line, with no OpenSSH program involved', async () => {
    const scripts: string[] = [];
    server = await startLoopback({
      exec: (channel, command) => {
        const [, mark] = /^echo ([0-9a-f]+) root; exec \/bin\/sh -s$/.exec(command) ?? [];
        channel.write(`${mark} root\n`);
        let text = '';
        channel.on('data', (bytes: Buffer) => {
          text += bytes.toString();
        });
        channel.on('end', () => {
          scripts.push(text);
          channel.exit(0);
          channel.end();
        });
        return true;
      },
    });
    const known = folder.at('lab_hosts');
    const connector = plainConnector(known, { lab: true, sshBinary: '/nonexistent/ssh' });
    const result = await connector.connect(nodeAt(server.port), {
      readOnly: false,
      deadlineMs: 4000,
      answerer: operator({ 'host-key': 'yes' }).answerer,
    });
    if (!result.ok) throw new Error(word(result.failure).sentence);
    targets.push(result.value.target);
    await ask(result.value.target, say('hello'));
    const [, data] = /^: k8s-harden-lab (\S+)\n/.exec(scripts[0] ?? '') ?? [];
    expect(JSON.parse(Buffer.from(data ?? '', 'base64').toString())).toMatchObject({
      questions: [say('hello')],
    });
    expect(scripts).toHaveLength(1);
  });
});
