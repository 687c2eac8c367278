import { blank, line, paragraph, span } from '../line.ts';
import { activeOverlay } from '../location.ts';
import { type Screen, textPage } from '../page.ts';
import { count } from '../words.ts';
import { noOrYes } from './ask.ts';
import { serviceCommand, unitsOf } from './restarts.ts';

/** What restarts in which order; then the cluster's name must be typed. */
export const confirmRestart: Screen = (state, look) => {
  const overlay = activeOverlay(state);
  const nodes = overlay?.kind === 'confirm-restart' ? overlay.nodes : [];
  return textPage(
    [line(span(` Restart ${count(nodes.length, 'node service')}, one after the other?`, 'strong')), blank],
    [
      ...nodes.flatMap((node, i) =>
        unitsOf(state, node).map((unit) =>
          line(
            span(`   ${i + 1}. `),
            span(node, 'strong'),
            span(`   ${serviceCommand('restart', unit)}`, 'busy'),
          ),
        ),
      ),
      blank,
      ...paragraph(
        'Before each: the others are Ready and etcd keeps its majority, or it is not restarted.',
        look.columns,
      ),
      ...paragraph(
        'After each: it must be healthy before the next one. The first that is not stops the rest.',
        look.columns,
      ),
      ...paragraph(
        'Pods keep running; the Kubernetes API answers from the other servers.',
        look.columns,
        'dim',
      ),
    ],
    noOrYes(state, look, 'No, restart nothing', 'Yes'),
  );
};
