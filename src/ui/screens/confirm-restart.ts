import { standing } from '../../domain/session.ts';
import { type AppState, controlById } from '../../store/state.ts';
import { blank, type Line, line, paragraph, span } from '../line.ts';
import { activeOverlay } from '../location.ts';
import type { Look } from '../look.ts';
import { type Screen, textPage } from '../page.ts';
import { count } from '../words.ts';
import { noOrYes } from './ask.ts';
import { serviceCommand, unitOf } from './restarts.ts';

/** What restarts in which order; then the cluster's name must be typed. */
export const confirmRestart: Screen = (state, look) => {
  const overlay = activeOverlay(state);
  const nodes = overlay?.kind === 'confirm-restart' ? overlay.nodes : [];
  return textPage(
    [line(span(` Restart ${count(nodes.length, 'node service')}, one after the other?`, 'strong')), blank],
    [
      ...nodes.map((node, i) =>
        line(
          span(`   ${i + 1}. `),
          span(node, 'strong'),
          span(`   ${serviceCommand('restart', unitOf(state, node))}`, 'busy'),
        ),
      ),
      ...podRisk(state, nodes, look),
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

/** What a change that these restarts put in force may refuse, as it was read before it was applied. */
function podRisk(state: AppState, nodes: readonly string[], look: Look): readonly Line[] {
  const changed = standing(state.session).filter((c) => c.restarts && nodes.includes(c.change.node));
  return [...new Set(changed.map((c) => c.change.control))].flatMap((id) => {
    const of = controlById(state, id);
    if (!of?.preview) return [];
    const read = (state.session.acknowledged[id] ?? '').split('\n').filter((l) => l !== '');
    return [
      blank,
      ...paragraph(
        `MAY REFUSE PODS: with these restarts “${of.title}” takes effect. Pods that run go on; these may be refused when they are next created:`,
        look.columns,
        'warn',
      ),
      ...read.slice(0, mostPods).flatMap((l) => paragraph(l, look.columns, 'warn', 3)),
      ...paragraph(
        `${read.length > mostPods ? `And ${count(read.length - mostPods, 'line')} more. ` : ''}w on that control shows them all anew.`,
        look.columns,
        'dim',
        3,
      ),
    ];
  });
}

/** So many lines of a preview leave room for the question. */
const mostPods = 4;
