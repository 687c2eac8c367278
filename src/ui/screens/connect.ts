import type { NodeFacts } from '../../domain/event.ts';
import { type Failure, word } from '../../domain/failure.ts';
import { cloneWords, isClone } from '../../domain/same-machine.ts';
import type { NodeState, Session } from '../../domain/session.ts';
import type { AppState } from '../../store/state.ts';
import { blank, type Line, labelled, line, paragraph, type Span, span } from '../line.ts';
import { highlighted } from '../lists.ts';
import type { Look } from '../look.ts';
import { managerWords } from '../manager-words.ts';
import { chosenFitness } from '../menu.ts';
import type { Screen } from '../page.ts';
import { columnWidths, row, titles, widest } from '../table.ts';
import { spinner, symbolOf } from '../theme.ts';
import { count, someOf } from '../words.ts';

/** How far each connection has come, and what the nodes turned out to be. */
export const connect: Screen = (state, look) => {
  const { nodes } = state.session;
  const chosen = highlighted(state);
  const names = nodes.map((n) => n.name);
  const widths = columnWidths([widest(names, 24), 16, 30], 2, look);
  const focus = Math.max(0, names.indexOf(chosen ?? ''));
  const node = nodes[focus];
  const up = nodes.filter((n) => phase(state, n) === 'done' || phase(state, n) === 'asking').length;
  const failed = nodes.filter((n) => phase(state, n) === 'failed').map((n) => n.name);
  return {
    top: [
      blank,
      line(
        span(` ${up} of ${count(nodes.length, 'node')} connected`, 'strong'),
        span(failed.length > 0 ? `, not ${someOf(failed)}` : '', 'bad'),
      ),
      blank,
      ...titles(['node', 'connection', 'what it is'], widths, look),
    ],
    middle: {
      kind: 'list',
      count: nodes.length,
      focus,
      at: (i) => {
        const n = nodes[i];
        if (!n) return [];
        const cells = [span(n.name), phaseSpan(state, n, look), what(state, n)];
        return row(cells, widths, look, i === focus);
      },
    },
    bottom: node ? [blank, ...misfit(state, look), ...details(state.session, state, node, look)] : [],
  };
};

function misfit(state: AppState, look: Look): readonly Line[] {
  const odd = chosenFitness(state);
  return odd ? labelled('Look', odd, look.columns, 4, 'warn') : [];
}

function phase(state: AppState, node: NodeState): string {
  return state.progress[node.name]?.phase ?? (node.failure ? 'failed' : 'none');
}

function phaseSpan(state: AppState, node: NodeState, look: Look): Span {
  const mark = look.plain ? '' : `${spinner(state.now, look)} `;
  switch (phase(state, node)) {
    case 'waiting':
      return span('waiting', 'dim');
    case 'connecting':
      return span(`${mark}connecting`, 'busy');
    case 'asking':
      return span(`${mark}asking`, 'busy');
    case 'done':
      if (state.progress[node.name]?.failure?.code === 'locked')
        return span(`${look.plain ? '' : `${symbolOf('manual', look)} `}in use`, 'warn');
      return span(`${look.plain ? '' : `${symbolOf('pass', look)} `}connected`, 'good');
    case 'failed':
      return span(`${look.plain ? '' : `${symbolOf('fail', look)} `}${failedWord(state, node)}`, 'bad');
    default:
      return span('not connected', 'dim');
  }
}

function failureOf(state: AppState, node: NodeState): Failure | undefined {
  return state.progress[node.name]?.failure ?? node.failure;
}

function failedWord(state: AppState, node: NodeState): string {
  return failureOf(state, node)?.code === 'host-key-refused' ? 'key refused' : 'failed';
}

/** What a node turned out to be, or why that is not known. */
function what(state: AppState, node: NodeState): Span {
  const failure = failureOf(state, node);
  if (!failure || phase(state, node) !== 'failed') return span(factsWords(node));
  if (failure.code === 'host-key-refused') return span('host key refused by you; r asks again', 'warn');
  return span(word(failure).sentence, 'dim');
}

function factsWords(node: NodeState): string {
  const { facts } = node;
  if (!facts) return '';
  return [facts.roles.join('+') || 'no role found', facts.version ?? 'no version', facts.os].join(', ');
}

function details(session: Session, state: AppState, node: NodeState, look: Look): readonly Line[] {
  const failure = failureOf(state, node);
  if (failure && phase(state, node) === 'failed') {
    const { sentence, hint } = word(failure);
    const label = failure.code === 'host-key-refused' ? 'Refused' : 'Failed';
    return [...labelled(label, sentence, look.columns, 3, 'bad'), ...labelled('', hint, look.columns, 2)];
  }
  const held = state.progress[node.name]?.failure;
  return [
    ...(held?.code === 'locked'
      ? labelled('In use', `${word(held).sentence} ${heldHint(session)}`, look.columns, 3, 'warn')
      : []),
    ...mismatches(session, node).flatMap((text) => labelled('Look', text, look.columns, 2, 'warn')),
    ...(node.facts ? labelled('Rights', sudoWords(node.facts.sudo, node.facts.user), look.columns, 1) : []),
    ...(node.facts?.managedBy
      ? paragraph(
          `${node.facts.managedBy.who} owns the configuration of this node. ${node.facts.managedBy.instead}${managerWords(state, [node.name])}`,
          look.columns,
          'warn',
        )
      : []),
  ];
}

function heldHint(session: Session): string {
  return session.readOnly
    ? 'This session only looks, so that is no hindrance.'
    : 'Nothing is changed there until they leave; t takes over.';
}

function mismatches(session: Session, node: NodeState): readonly string[] {
  const { facts } = node;
  if (!facts) return [];
  // What is known of one that is not connected may be of an earlier boot.
  const others = session.nodes.filter((n) => n.name !== node.name && n.failure === undefined);
  const clone = others.find((n) => n.facts && isClone(n.facts, facts));
  return [
    ...(node.role && !facts.roles.includes(node.role)
      ? [
          `You said ${node.role}; it is ${facts.roles.join(' and ') || 'neither server nor agent'}. What it is counts.`,
        ]
      : []),
    ...(facts.distribution !== session.distribution
      ? [
          facts.distribution
            ? `It runs ${facts.distribution}, not ${session.distribution ?? 'what was chosen'}.`
            : notFound(session, facts.instead),
        ]
      : []),
    ...(clone ? [cloneWords(node.name, clone.name, facts)] : []),
  ];
}

function notFound(session: Session, instead: NodeFacts['instead']): string {
  if (!instead) return `No ${session.distribution ?? 'Kubernetes'} was found on it.`;
  return `It runs ${instead.title} ${instead.version}. Go back to Distribution to choose that.`;
}

function sudoWords(sudo: 'root' | 'passwordless' | 'password', user: string): string {
  switch (sudo) {
    case 'root':
      return `logged in as ${user}`;
    case 'passwordless':
      return `${user}, sudo without a password`;
    case 'password':
      return `${user}, sudo with a password, kept in memory only`;
  }
}
