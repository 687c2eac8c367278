import { holdName, holdNamespace, holdWords } from '../../domain/cluster-hold.ts';
import { memberWords } from '../../domain/cluster-members.ts';
import { remaining } from '../../domain/session.ts';
import { type AppState, chosen, controlById } from '../../store/state.ts';
import { blank, type Line, line, paragraph, span } from '../line.ts';
import { activeOverlay } from '../location.ts';
import type { Look } from '../look.ts';
import { type Screen, textPage } from '../page.ts';
import { stoppedNodes } from '../way-back.ts';
import { count, someOf } from '../words.ts';
import { noOrYes } from './ask.ts';
import { previewShort, previewWords } from './previewed.ts';
import { restartCommand, unitsOf } from './restarts.ts';

/** What restarts in which order; then the cluster's name must be typed. */
export const confirmRestart: Screen = (state, look) => {
  const overlay = activeOverlay(state);
  const nodes = overlay?.kind === 'confirm-restart' ? overlay.nodes : [];
  if (nodes.includes('workstation')) return confirmCluster(state, look, unitsOf(state, 'workstation'));
  return textPage(
    [line(span(` ${head(nodes)}`, 'strong')), blank],
    [
      ...nodes.flatMap((node, i) =>
        unitsOf(state, node).map((unit) =>
          line(span(`   ${i + 1}. `), span(node, 'strong'), span(`   ${restartCommand(node, unit)}`, 'busy')),
        ),
      ),
      ...leftBehind(state, look),
      ...podRisk(state, nodes, look),
      blank,
      ...paragraph(
        `Before ${nodes.length === 1 ? 'it' : 'each'}: the others are Ready and etcd keeps its majority, or it is not restarted.`,
        look.columns,
      ),
      ...paragraph(
        nodes.length === 1
          ? 'After it: the service must be up and the node Ready, and stay so. That is watched here.'
          : 'After each: it must be healthy before the next one. The first that is not stops the rest.',
        look.columns,
      ),
      ...paragraph(oneWizard, look.columns),
      ...paragraph(meanwhile(state, nodes), look.columns, 'dim'),
    ],
    [],
    noOrYes(state, look, 'No, restart nothing', 'Yes'),
  );
};

const oneWizard = `While a running service restarts, ConfigMap ${holdName} in ${holdNamespace} keeps other wizards of this cluster from restarting a node: kubectl creates it before and deletes it once all is healthy. What does not run needs no API to be started; the lock of its node must do.`;

/** The lock of the cluster that somebody left behind, which a yes takes over. */
function leftBehind({ restartHeld }: AppState, { columns }: Look): readonly Line[] {
  if (!restartHeld) return [];
  return [
    blank,
    ...paragraph(
      `${holdWords(restartHeld)}, and no restart takes so long. Ask them first, and look at ${restartHeld.node}. A yes here takes the lock over.`,
      columns,
      'warn',
    ),
  ];
}

function head(nodes: readonly string[]): string {
  return nodes.length === 1
    ? `Restart the service of ${nodes[0]}?`
    : `Restart the services of ${count(nodes.length, 'node')}, one after the other?`;
}

/** What keeps running, and who answers for the API where that restarts too. */
function meanwhile(state: AppState, nodes: readonly string[]): string {
  const server = chosen(state).profile?.distribution.units.server ?? '';
  const down = stoppedNodes(state.session, nodes);
  if (down.length > 0)
    return `The service of ${someOf(down)} is down since it was stopped by a change, and its containers ended then; they are made anew when it starts.`;
  if (!nodes.some((node) => unitsOf(state, node).includes(server))) return 'Pods keep running.';
  const servers = state.session.nodes.filter((n) => n.facts?.roles.includes('server'));
  return servers.length > 1
    ? 'Pods keep running; the Kubernetes API answers from the other servers.'
    : 'Pods keep running; the Kubernetes API does not answer until its only server is back.';
}

/** The command that makes the whole cluster, and what it does to whom. */
function confirmCluster(
  state: Parameters<Screen>[0],
  look: Parameters<Screen>[1],
  commands: readonly string[],
): ReturnType<Screen> {
  return textPage(
    [line(span(' Make the whole cluster as its file says?', 'strong')), blank],
    [
      ...commands.map((command) => line(span('   this machine', 'strong'), span(`   ${command}`, 'busy'))),
      blank,
      ...touched(state, look),
      ...paragraph(
        'It makes the components of every node anew and waits for each; what it prints is shown as it comes. It is not ended half-way, and its exit code decides.',
        look.columns,
      ),
      ...paragraph(
        'Where the file names no version of Kubernetes, rke brings the newest it knows, which may be an upgrade.',
        look.columns,
      ),
      ...podRisk(state, ['workstation'], look),
      ...paragraph('Then all nodes are asked again.', look.columns),
      ...paragraph(
        'Nothing of this can be undone by itself: undo the change of the file, then run the command once more.',
        look.columns,
        'dim',
      ),
    ],
    [],
    noOrYes(state, look, 'No, run nothing', 'Yes'),
  );
}

/** Whose cluster the file is: the nodes that it names and nobody works on here, and what speaks against it. */
function touched({ making }: AppState, { columns }: Look): readonly Line[] {
  if (making === undefined || making.kind === 'asking')
    return paragraph('The nodes that the file names are being read.', columns, 'dim');
  if (making.kind === 'refused')
    return [...paragraph(`It is not run: ${making.reason}. ${making.instead}`, columns, 'bad'), blank];
  const { shared, strangers, left } = making.membership;
  const unsure = shared.filter(({ sure }) => !sure);
  const names = (each: readonly string[]): string => each.join(', ');
  return [
    ...(strangers.length > 0
      ? paragraph(
          `It also touches ${count(strangers.length, 'node')} that the file names and this session does not have: ${names(strangers.map(memberWords))}.`,
          columns,
          'warn',
        )
      : []),
    ...(left.length > 0
      ? paragraph(
          `The file does not name ${names(left.map(({ name }) => name))}: what rke made a node of this cluster before, it takes out.`,
          columns,
          'warn',
        )
      : []),
    ...(unsure.length > 0
      ? paragraph(
          `Only a name, or only an address, tells that these of the file are nodes of this session: ${names(unsure.map(({ member, node }) => `${memberWords(member)} is ${node.name}`))}. Look whether they are.`,
          columns,
        )
      : []),
  ];
}

/** What a change that these restarts put in force may refuse, as it was read before it was applied. */
function podRisk(state: AppState, nodes: readonly string[], look: Look): readonly Line[] {
  const changed = remaining(state.session).filter((c) => c.restarts && nodes.includes(c.change.node));
  return [...new Set(changed.map((c) => c.change.control))].flatMap((id) => {
    const of = controlById(state, id);
    if (!of?.preview) return [];
    return [
      blank,
      ...paragraph(previewWords[of.preview].restart(of.title), look.columns, 'warn'),
      ...previewShort(state, of, look),
    ];
  });
}
