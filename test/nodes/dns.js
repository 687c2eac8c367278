// A DNS server in the cluster's network namespace: at each of its addresses it plays a server of the cluster or of the site.
import dgram from 'node:dgram';

/** @typedef {{ readonly inside: boolean, readonly outside: 'answers' | 'fails', readonly silent: boolean }} Manner */
/** @type {Map<string, Manner>} */
const manners = new Map();

/** @param {Buffer} query @returns {{ name: string, type: number, end: number }} */
function question(query) {
  const labels = [];
  let at = 12;
  for (let size = query[at]; size; size = query[at]) {
    labels.push(query.toString('latin1', at + 1, at + 1 + size));
    at += 1 + size;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** @param {Buffer} query @param {Manner} manner */
function reply(query, manner) {
  const { name, type, end } = question(query);
  const inside = name.endsWith('.cluster.local');
  const fails = !inside && manner.outside === 'fails';
  const known = !fails && (inside ? manner.inside : name === 'kubernetes.io');
  const code = fails ? 2 : known ? 0 : 3;
  const answers = known && type === 1 ? 1 : 0;
  const head = Buffer.from([query[0] ?? 0, query[1] ?? 0, 0x81, 0x80 | code, 0, 1, 0, answers, 0, 0, 0, 0]);
  const address = inside ? [10, 43, 0, 1] : [192, 0, 2, 80];
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, ...address]);
  return Buffer.concat([head, query.subarray(12, end), ...(answers ? [record] : [])]);
}

process.on('message', async (/** @type {Record<string, Manner>} */ wanted) => {
  for (const [address, manner] of Object.entries(wanted)) {
    const open = manners.has(address);
    manners.set(address, manner);
    if (open) continue;
    const socket = dgram.createSocket('udp4');
    socket.on('message', (query, from) => {
      const now = manners.get(address);
      if (now && !now.silent) socket.send(reply(query, now), from.port, from.address);
    });
    await new Promise((resolve) => socket.bind(53, address, () => resolve(undefined)));
  }
  process.send?.('ready');
});

// It ends with the test that started it, however that went.
process.on('disconnect', () => process.exit(0));
