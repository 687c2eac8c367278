import { describe, expect, it } from 'vitest';
import type { NodeAddress } from '../../src/domain/event.ts';
import { fail, ok } from '../../src/domain/failure.ts';
import type { Connector, Target } from '../../src/domain/ports.ts';
import { connectEarly } from '../../src/run/early.ts';

const node = (name: string): NodeAddress => ({ name, host: name, port: 22, user: 'root' });
const how = { readOnly: true, deadlineMs: 1_000, answerer: async () => undefined };

function counting(): { readonly connector: Connector; readonly did: string[] } {
  const did: string[] = [];
  const target = (name: string): Target => ({
    name,
    ask: async () => new Map(),
    perform: async () => ({ kind: 'done', output: [] }),
    onLost: () => undefined,
    close: async () => void did.push(`closed ${name}`),
  });
  const connect: Connector['connect'] = async ({ name }) => {
    did.push(`opened ${name}`);
    return ok({ target: target(name), privilege: 'root' });
  };
  return { connector: { connect }, did };
}

describe('connecting early', () => {
  it('begins at once, and gives that very connection out once', async () => {
    const { connector, did } = counting();
    const [first, second] = [node('cp-1'), node('cp-2')];
    const early = connectEarly(connector, first, how);
    expect(did).toEqual(['opened cp-1']);
    await early.connector.connect(second, how);
    await early.connector.connect(first, how);
    expect(did).toEqual(['opened cp-1', 'opened cp-2']);
    await early.connector.connect(first, how);
    expect(did).toEqual(['opened cp-1', 'opened cp-2', 'opened cp-1']);
  });

  it('closes what nobody took, and leaves alone what somebody did', async () => {
    const { connector, did } = counting();
    await connectEarly(connector, node('cp-1'), how).abandon();
    expect(did).toEqual(['opened cp-1', 'closed cp-1']);
    const taken = node('cp-2');
    const early = connectEarly(connector, taken, how);
    await early.connector.connect(taken, how);
    await early.abandon();
    expect(did).not.toContain('closed cp-2');
  });

  it('calls off what is still under way', async () => {
    const connect: Connector['connect'] = (_, { signal }) =>
      new Promise((resolve) => {
        signal?.addEventListener('abort', () => resolve(fail({ code: 'refused', message: 'called off' })));
      });
    await expect(connectEarly({ connect }, node('cp-1'), how).abandon()).resolves.toBeUndefined();
  });

  it('does nothing where there is no node', async () => {
    const { connector, did } = counting();
    await connectEarly(connector, undefined, how).abandon();
    expect(did).toEqual([]);
  });
});
