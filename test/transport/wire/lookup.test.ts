import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { questionKey } from '../../../src/domain/question.ts';
import { askExchange } from '../../../src/transport/wire/index.ts';
import { hear, isRoot, marker, shells, start } from './shell.ts';

if (!isRoot) console.warn('left out: lookups on a real shell, because port 53 needs root');

const server = '127.0.0.153';
const nobody = '127.0.0.154';
let socket: Socket;

/**
 * A DNS server that has one answer for every name but those that begin with `nope`, only one of IPv6 for `six`, no address for `none`, and
 * nothing at all for `slow`.
 */
beforeAll(async () => {
  if (!isRoot) return;
  socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const first = query.subarray(13, 13 + (query[12] ?? 0)).toString();
    // As real servers do with half a question.
    if (!['0000010001', '00001c0001'].includes(query.subarray(-5).toString('hex'))) {
      socket.send(Buffer.from('4b3880010000000000000000', 'hex'), from.port, from.address);
      return;
    }
    if (first === 'slow') return;
    const isSix = query[query.length - 3] === 0x1c;
    const has = first === 'six' ? isSix : first !== 'nope' && first !== 'none';
    const reply = Buffer.concat([
      query,
      !has ? Buffer.alloc(0) : Buffer.from('c00c00010001000000050004 0a000001'.replaceAll(' ', ''), 'hex'),
    ]);
    reply.writeUInt16BE(first === 'nope' ? 0x8183 : 0x8180, 2);
    reply.writeUInt16BE(has ? 1 : 0, 6);
    socket.send(reply, from.port, from.address);
  });
  socket.bind(53, server);
  await once(socket, 'listening');
});

afterAll(() => {
  socket?.close();
});

it.skipIf(!isRoot).each(shells)(
  '%s: every name is asked of every server, and each pair has its line',
  async (_, words) => {
    const question = {
      kind: 'lookups',
      // The length of a label of ten letters is sent as the byte that ends a line.
      names: ['kubernetes.a.b', 'none.example.org', 'nope.example.org', 'six.example.org', 'slow'],
      servers: [server, nobody],
    } as const;
    const exchange = askExchange([question], { marker: marker() });
    const answers = hear(exchange, await start(words, exchange.script).ended);
    expect(answers.get(questionKey(question))).toEqual({
      kind: 'said',
      text: [
        `${server} kubernetes.a.b 0 1`,
        `${server} none.example.org 0 0`,
        `${server} nope.example.org 3 0`,
        `${server} six.example.org 0 1`,
        `${server} slow timeout`,
        `${nobody} kubernetes.a.b refused`,
        `${nobody} none.example.org refused`,
        `${nobody} nope.example.org refused`,
        `${nobody} six.example.org refused`,
        `${nobody} slow refused`,
      ].join('\n'),
    });
  },
);
