import { foretell } from '../engine/upgrade.ts';
import { upgradeText } from '../report/index.ts';
import type { Actions } from './actions.ts';
import type { Desk } from './desk.ts';
import { chosen } from './state.ts';

/** Foretelling an upgrade on the nodes that are connected; it changes nothing. */
export function upgradeActions(desk: Desk): Pick<Actions, 'foretellUpgrade'> {
  const { get, patch, links, recorder } = desk;

  const foretold = async (to: string): Promise<void> => {
    // Asked for each time: practice has services of its own.
    const { services } = desk;
    const { profile } = chosen(get());
    if (!profile) return desk.notice('Choose a distribution first.', 'bad');
    if (links.size === 0) return desk.notice('No node is connected. C connects, then ask again.', 'bad');
    patch({ upgrade: { kind: 'asking', to } });
    const { nodes, readOnly, cluster } = get().session;
    const missing = nodes
      .filter((node) => !links.has(node.name))
      .map(({ name, failure }) => ({
        name,
        failure: failure ?? { code: 'link-lost' as const, node: name, message: 'it is not connected' },
      }));
    const upgrade = await foretell(profile, to, [...links.values()], missing, services.workstation(readOnly));
    const text = services.redact(upgradeText({ upgrade, profile, cluster }));
    patch({ upgrade: { kind: 'ready', to, lines: text.trimEnd().split('\n') } });
    const open = upgrade.findings.filter((f) => ['breaks', 'unknown', 'look'].includes(f.kind));
    const points = [...new Set(open.map((f) => f.gate.id))];
    const sum =
      points.length > 0
        ? `open are ${points.join(', ')}`
        : upgrade.untold.length > 0
          ? 'whether anything breaks is not known'
          : 'nothing is open';
    await recorder.record({
      kind: 'noted',
      text: `What an upgrade to ${to} would break was looked at: ${sum}.`,
    });
  };

  return {
    foretellUpgrade: (to) =>
      void desk.work('asking what that version no longer takes', false, () => foretold(to)),
  };
}
