import type { Actions } from './actions.ts';
import { createAnswering } from './answering.ts';
import { connectActions } from './connect-actions.ts';
import { controlActions } from './control-actions.ts';
import { createDesk } from './desk.ts';
import { planActions } from './plan-actions.ts';
import { probeActions } from './probe-actions.ts';
import { rancherActions } from './rancher-actions.ts';
import { repairActions } from './repair-actions.ts';
import { restartActions } from './restart-actions.ts';
import type { Services } from './services.ts';
import { sessionActions } from './session-actions.ts';
import type { AppStore } from './store.ts';
import { undoActions } from './undo-actions.ts';
import { upgradeActions } from './upgrade-actions.ts';

/** Everything the operator can set in motion, over one store and its services. */
export function createActions(store: AppStore, services: Services): Actions {
  const desk = createDesk(store, services);
  const { planOne, planAll, applyAt, ...controlling } = controlActions(desk, (controls) => ask(controls));
  const { ask, ...probing } = probeActions(desk, planAll);
  const { restartOne, ...restarting } = restartActions(desk, ask);
  const answering = createAnswering(desk);
  const { enterRancher, ...naming } = rancherActions(desk, answering, ask);
  return {
    ...sessionActions(desk, answering),
    ...naming,
    ...connectActions(desk, answering, ask, enterRancher),
    ...probing,
    ...controlling,
    ...undoActions(desk, ask),
    ...upgradeActions(desk),
    ...planActions(desk),
    ...restarting,
    ...repairActions(desk, { planOne, applyAt, restartOne, ask }),
  };
}
