import type { Control } from '../domain/control.ts';
import type { Actions } from './actions.ts';
import type { Answering } from './answering.ts';
import type { Desk } from './desk.ts';
import { walked } from './state.ts';

/** Naming the Rancher server, and entering it with a token that is typed or came with the start. */
export function rancherActions(
  desk: Desk,
  answering: Answering,
  ask: (controls: readonly Control[]) => Promise<void>,
): Pick<Actions, 'nameRancher'> & { readonly enterRancher: () => Promise<void> } {
  const { get, recorder } = desk;
  const asked = (): readonly Control[] => walked(get()).filter((c) => c.target === 'rancher');

  /** Who the token belongs to, or undefined where there is none that works; the operator was told why. */
  const enter = async (url: string): Promise<string | undefined> => {
    const { rancher } = desk.services;
    if (!rancher) return undefined;
    const token = await answering.forNode('rancher')({ kind: 'rancher-token', node: 'rancher', url });
    answering.settled('rancher', false);
    if (token === undefined || token.trim() === '') {
      desk.notice('Without a token the Rancher server is not asked.', 'plain');
      return undefined;
    }
    const entered = await rancher.enter(url, token.trim());
    if (entered.ok) return entered.value;
    desk.report(entered.failure);
    return undefined;
  };

  const name = async (url: string): Promise<void> => {
    const { rancher } = desk.services;
    if (!rancher) return;
    const who = rancher.hasToken(url) ? undefined : await enter(url);
    if (!rancher.hasToken(url)) return;
    if (get().session.rancher !== url) await recorder.record({ kind: 'rancher-named', url });
    desk.notice(`${url} is asked too${who === undefined ? '' : `, as ${who}`}.`, 'good');
  };

  return {
    nameRancher: (text) =>
      void desk.work('asking for the Rancher server', false, async () => {
        const { rancher } = desk.services;
        if (!rancher) return desk.notice('In this session no Rancher server can be asked.', 'bad');
        const url = rancher.address(text);
        if (!url.ok) return desk.report(url.failure);
        await name(url.value);
        if (get().session.probed && desk.links.size > 0) await ask(asked());
      }),
    enterRancher: async () => {
      const url = get().session.rancher ?? desk.services.rancher?.start;
      if (url === undefined || asked().length === 0) return;
      const open = get().session.rancher === url && desk.services.rancher?.hasToken(url);
      if (!open) await name(url);
    },
  };
}
