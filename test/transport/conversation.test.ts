import { EventEmitter } from 'node:events';
import type { NodeSSH } from 'node-ssh';
import { expect, it } from 'vitest';
import { newMarks, startConversation } from '../../src/transport/conversation.ts';

/** A node whose one channel says what the test has it say. */
function hostile() {
  const closed = { yet: false };
  const channel = Object.assign(new EventEmitter(), {
    stderr: new EventEmitter(),
    write: () => true,
    end: () => undefined,
    signal: () => undefined,
    close: () => {
      closed.yet = true;
      channel.emit('close');
    },
  });
  const exec = (_: string, opened: (refusal: undefined, channel: unknown) => void) =>
    opened(undefined, channel);
  const connection = Object.assign(new EventEmitter(), { exec });
  const marks = newMarks();
  const talk = startConversation({ connection } as unknown as NodeSSH, 'sh', marks);
  return { channel, closed, talk, ready: Buffer.from(`motd\n${marks.ready} root\n`) };
}

const part = Buffer.alloc(32 * 1024, 'a');

it.each(['out', 'error'] as const)(
  'a node that talks on %s before anybody listens is left, and what it said is not kept',
  async (stream) => {
    const { channel, closed, talk, ready } = hostile();
    channel.emit('data', ready);
    expect(await talk.next()).toEqual({ kind: 'ready', privilege: 'root' });
    for (let i = 0; i < 64; i++) (stream === 'out' ? channel : channel.stderr).emit('data', part);
    expect(closed.yet).toBe(true);
    expect(await talk.shell.done).toMatchObject({ kind: 'ended', exit: null });
    let heard = 0;
    const count = (chunk: Buffer) => {
      heard += chunk.length;
    };
    talk.listen({ out: count, error: count });
    expect(heard).toBeLessThanOrEqual(256 * 1024);
  },
);

it('what comes before anybody listens is kept in its order, and a long answer after that is no flood', async () => {
  const { channel, closed, talk, ready } = hostile();
  channel.emit('data', Buffer.concat([ready, Buffer.from('one ')]));
  channel.stderr.emit('data', Buffer.from('warning '));
  channel.emit('data', Buffer.from('two'));
  const heard: string[] = [];
  let bytes = 0;
  const keep = (chunk: Buffer) => {
    bytes += chunk.length;
    if (chunk.length < 100) heard.push(chunk.toString());
  };
  talk.listen({ out: keep, error: keep });
  expect(heard).toEqual(['one ', 'warning ', 'two']);
  for (let i = 0; i < 64; i++) channel.emit('data', part);
  expect(closed.yet).toBe(false);
  expect(bytes).toBe(64 * part.length + 'one warning two'.length);
});
