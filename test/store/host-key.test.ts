import { afterEach, expect, it } from 'vitest';
import type { Connector } from '../../src/domain/ports.ts';
import { createRun, type Run } from '../support/run.ts';

const key = { fingerprint: 'SHA256:abc', keyType: 'ssh-ed25519' } as const;

/** Asks for the host key of every node, and lets nobody in that was not accepted. */
const asking: Connector = {
  connect: async (node, { answerer }) => {
    await answerer({ kind: 'host-key', node: node.name, host: node.host, ...key });
    return { ok: false, failure: { code: 'host-key-unknown', node: node.name, ...key } };
  },
};
const stranger: Connector = {
  connect: async (node) => ({ ok: false, failure: { code: 'host-key-unknown', node: node.name, ...key } }),
};

let run: Run | undefined;
afterEach(async () => {
  await run?.remove();
});

async function connected(connector: Connector): Promise<Run> {
  const nodes = [{ name: 'cp-1', host: '127.0.0.1', port: 1, user: 'root' }];
  const made = await createRun({ connector, nodes, answer: () => undefined });
  run = made;
  made.actions.startSession({ readOnly: false });
  await made.until('distribution', (s) => s.session.step === 'distribution');
  made.actions.chooseDistribution('rke2');
  await made.until('benchmark', (s) => s.session.step === 'benchmark');
  made.actions.chooseBenchmark('cis-1.6', 1);
  await made.until('nodes', (s) => s.session.step === 'nodes');
  made.actions.connect();
  await made.until('the end', (s) => s.session.nodes[0]?.failure !== undefined);
  await made.idle();
  return made;
}

it('a host key that the operator refuses is refused by them, on the screen and in the record', async () => {
  const { state } = await connected(asking);
  const refused = { code: 'host-key-refused', node: 'cp-1', ...key };
  expect(state().session.nodes[0]?.failure).toEqual(refused);
  expect(state().progress['cp-1']).toMatchObject({ phase: 'failed', failure: refused });
});

it('a host key that nobody was asked about stays unknown', async () => {
  const { state } = await connected(stranger);
  expect(state().session.nodes[0]?.failure?.code).toBe('host-key-unknown');
});
