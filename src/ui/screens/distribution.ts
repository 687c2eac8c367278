import { line, span } from '../line.ts';
import { highlighted } from '../lists.ts';
import { distributionMenu } from '../menu.ts';
import { type Screen, textPage } from '../page.ts';
import { menuPage } from './start.ts';

/** Which Kubernetes distribution the cluster runs. */
export const distribution: Screen = (state, look) => {
  const items = distributionMenu(state);
  if (items.length === 0) return textPage([], [line(span(' Reading the profiles.', 'dim'))]);
  return menuPage('Which distribution runs on the nodes?', items, highlighted(state), look, [
    'The nodes are asked when you connect; if one runs something else, you are told.',
  ]);
};
