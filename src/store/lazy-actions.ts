import type { Actions } from './actions.ts';

const names: Readonly<Record<keyof Actions, true>> = {
  startSession: true,
  startLab: true,
  resumeSession: true,
  readSession: true,
  go: true,
  chooseDistribution: true,
  chooseBenchmark: true,
  chooseTrouble: true,
  setNodes: true,
  importInventory: true,
  nameRancher: true,
  connect: true,
  answer: true,
  takeOver: true,
  probe: true,
  probeControl: true,
  plan: true,
  preview: true,
  acknowledge: true,
  apply: true,
  skip: true,
  waive: true,
  writePlan: true,
  unskip: true,
  attest: true,
  undo: true,
  settle: true,
  restart: true,
  foreseeMaking: true,
  planRepair: true,
  repair: true,
  foretellUpgrade: true,
  exportAs: true,
  stopAfterStep: true,
  quit: true,
};

/**
 * The actions before the rooms behind them are loaded, so that the first frame need not wait for those. What is called
 * meanwhile is done afterwards, in its order.
 */
export function lazyActions(load: () => Promise<Actions>): {
  readonly actions: Actions;
  /** Loads them now. */
  readonly prepare: () => Promise<void>;
} {
  let loading: Promise<Actions> | undefined;
  const loaded = (): Promise<Actions> => {
    loading ??= load();
    return loading;
  };
  const later =
    (name: string) =>
    async (...args: readonly unknown[]) => {
      const act = (await loaded())[name as keyof Actions] as (...args: readonly unknown[]) => void;
      act(...args);
    };
  return {
    actions: Object.fromEntries(Object.keys(names).map((name) => [name, later(name)])) as unknown as Actions,
    prepare: async () => void (await loaded()),
  };
}
