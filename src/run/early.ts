import type { NodeAddress } from '../domain/event.ts';
import type { Connector } from '../domain/ports.ts';

/** A connector that has begun already, and the way to leave everything it began when it is not needed after all. */
export type EarlyConnector = { readonly connector: Connector; readonly abandon: () => Promise<void> };

type How = Parameters<Connector['connect']>[1];

/** Begins to connect to the first nodes at once: their servers shake hands while this process still reads its profiles. */
export function connectEarly(connector: Connector, nodes: readonly NodeAddress[], how: How): EarlyConnector {
  const begun = new Map(nodes.map((node) => [node.name, connector.connect(node, how)]));
  return {
    connector: {
      connect: (node, options) => {
        const mine = begun.get(node.name);
        begun.delete(node.name);
        return mine ?? connector.connect(node, options);
      },
    },
    abandon: async () => {
      const left = [...begun.values()];
      begun.clear();
      await Promise.all(
        left.map(async (one) => {
          const opened = await one;
          if (opened.ok) await opened.value.target.close();
        }),
      );
    },
  };
}
