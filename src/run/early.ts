import type { NodeAddress } from '../domain/event.ts';
import type { Connector } from '../domain/ports.ts';

/** A connector that has begun already, and the way to leave what it began when that is not needed after all. */
export type EarlyConnector = { readonly connector: Connector; readonly abandon: () => Promise<void> };

type How = Omit<Parameters<Connector['connect']>[1], 'signal'>;

/** Begins to connect to a node at once: it shakes hands while this process still reads its profiles. */
export function connectEarly(connector: Connector, node: NodeAddress | undefined, how: How): EarlyConnector {
  const calledOff = new AbortController();
  let begun = node && connector.connect(node, { ...how, signal: calledOff.signal });
  // Whoever connects to it is told; until then nobody listens.
  begun?.catch(() => undefined);
  return {
    connector: {
      connect: (wanted, options) => {
        const early = wanted === node ? begun : undefined;
        if (early) begun = undefined;
        return early ?? connector.connect(wanted, options);
      },
    },
    abandon: async () => {
      calledOff.abort();
      const opened = await begun?.catch(() => undefined);
      if (opened?.ok) await opened.value.target.close();
    },
  };
}
