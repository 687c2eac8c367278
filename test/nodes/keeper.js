// Lives in the cluster's network namespace: carries loopback ports of the test to the nodes, and takes the whole
// cluster away when the test that booted it is gone, however it went.
import { spawn } from 'node:child_process';
import net from 'node:net';

const [, , removeScript, folder] = process.argv;

/** @type {Map<string, { delay: number, held: Set<net.Socket> }>} */
const links = new Map();

/** @param {net.Socket} from @param {net.Socket} to @param {{ delay: number }} link */
function carry(from, to, link) {
  from.on('error', () => to.destroy());
  from.on('close', () => setTimeout(() => to.destroySoon(), link.delay));
  from.on('data', (chunk) => {
    if (link.delay > 0) {
      setTimeout(() => to.writable && to.write(chunk), link.delay);
    } else if (!to.write(chunk)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  });
}

/** @param {net.Server} server @param {{ name: string, address: string }} node */
function forward(server, node) {
  const link = { delay: 0, held: new Set() };
  links.set(node.name, link);
  server.on('connection', (client) => {
    const upstream = net.connect({ host: node.address, port: 22, noDelay: true });
    client.setNoDelay(true);
    link.held.add(client);
    client.on('close', () => link.held.delete(client));
    carry(client, upstream, link);
    carry(upstream, client, link);
  });
}

process.on('message', (message, handle) => {
  if (message.listen) {
    forward(/** @type {net.Server} */ (handle), message.listen);
    process.send?.({ listening: message.listen.name });
  } else if (message.delay) {
    const link = links.get(message.delay.name);
    if (link) link.delay = message.delay.milliseconds;
  } else if (message.cut) {
    for (const client of links.get(message.cut)?.held ?? []) client.resetAndDestroy();
  } else if (message.done) {
    process.exit(0);
  }
});

process.on('disconnect', () => {
  spawn('sh', [removeScript, folder], { stdio: 'ignore', detached: true }).on('close', () => process.exit(0));
});
// Ctrl+C reaches the whole foreground group; the one who booted the cluster decides.
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
