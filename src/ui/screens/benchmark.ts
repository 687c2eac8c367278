import { highlighted } from '../lists.ts';
import { benchmarkMenu } from '../menu.ts';
import type { Screen } from '../page.ts';
import { menuPage } from './start.ts';

/** By which published benchmark, and how far. */
export const benchmark: Screen = (state, look) =>
  menuPage('By which benchmark, and to which level?', benchmarkMenu(state), highlighted(state), look, [
    'Several items of a benchmark can be one control here: what is set together is one step.',
    'Level 1 is for every cluster. Level 2 goes further and may cost function or speed; each control says what.',
  ]);
