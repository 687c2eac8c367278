import { openLab } from '../../src/run/lab.ts';
import type { Services } from '../../src/store/services.ts';
import { createRun, type Run, walkToProbe } from './run.ts';

/** A run on the lab of RKE2 with every node asked, and how both end. */
export async function runOnLab(
  more: Partial<Services> = {},
): Promise<{ readonly run: Run; readonly end: () => Promise<void> }> {
  const lab = await openLab(() => {});
  if (!lab.ok) throw new Error('no lab');
  const { services, close } = lab.value;
  let left: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    left = resolve;
  });
  const run = await createRun({
    connector: services.connector,
    nodes: services.startNodes,
    answer: () => 'yes',
    services: { ...more, lab: true, leave: () => left() },
  });
  await walkToProbe(run, 'cis-1.6');
  return {
    run,
    end: async () => {
      run.actions.quit('left');
      await gone;
      await run.remove();
      await close();
    },
  };
}
