import type { Operator } from './operator.ts';

/** From the first screen of the lab to the overview of its controls: every node connected, everything asked. */
export async function walkLab(at: Operator): Promise<void> {
  await at.see('LAB', 'Step 1 of 9', '❯ RKE2');
  await at.press('Enter', 'Step 2 of 9', '❯ Level 1: CIS');
  await at.press('Enter', 'Step 3 of 9', '5 nodes');
  await at.press('c', 'worker-2', 'not known yet');
  await at.press('y', '5 of 5 nodes connected');
  await at.press('c', 'Step 5 of 9', '20 controls asked');
  await at.press('c', 'Step 6 of 9', /❯ host\.1/);
}

/** From wherever the operator got lost to the overview of the controls, changing nothing on the way. */
export async function findOverview(at: Operator): Promise<void> {
  let screen = await at.see();
  for (let keys = 0; keys < 40; keys++) {
    if (/^ 20 controls/m.test(screen) && /^ .*\bc continue\b.*\bu undo\b/m.test(screen)) {
      await at.press('g', /❯ host\.1/);
      return;
    }
    screen = await at.press(wayOn(screen));
  }
  throw new Error(`no way back to the overview; the screen was:\n${(await at.screen()).join('\n')}`);
}

function wayOn(screen: string): string {
  if (screen.includes('Leave?')) return 'n';
  if (screen.includes('not known yet')) return 'y';
  const [, step] = /Step (\d) of 9/.exec(screen) ?? [];
  // What lies over a step is left with escape; the steps themselves are recognised by the key that goes on.
  if (/^ (enter choose|c continue)/m.test(screen) && Number(step) < 6)
    return Number(step) < 3 ? 'Enter' : 'c';
  return 'Escape';
}
