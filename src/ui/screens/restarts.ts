import { unitAt } from '../../domain/distribution.ts';
import type { RestartOutcome } from '../../domain/event.ts';
import { word } from '../../domain/failure.ts';
import { quote } from '../../domain/quote.ts';
import { type RestartState, unitsDueAt } from '../../domain/session.ts';
import { cureOf } from '../../store/cure.ts';
import { type AppState, chosen, restartsInOrder } from '../../store/state.ts';
import { blank, type Line, labelled, line, paragraph, type Span, span } from '../line.ts';
import { highlighted } from '../lists.ts';
import type { Look } from '../look.ts';
import { type Screen, textPage } from '../page.ts';
import { columnWidths, row, titles, widest } from '../table.ts';
import { symbolOf } from '../theme.ts';
import { count } from '../words.ts';

/** What must restart for the changes to take effect, in which order, behind which gates. */
export const restarts: Screen = (state, look) => {
  const due = restartsInOrder(state);
  if (due.length === 0) {
    return textPage(
      [blank, line(span(' No restart is due.', 'strong')), blank],
      [...pastLines(state, look), ...paragraph('Press c to go on to the summary.', look.columns)],
    );
  }
  const chosen = highlighted(state) ?? '';
  const isFailed = (name: string): boolean => {
    const last = lastAt(state, name);
    return last !== undefined && last.outcome?.kind !== 'healthy';
  };
  const ticked = (state.view.picked.restarts ?? []).filter((n) => due.includes(n));
  const names = due.map((n) => `${ticked.includes(n) ? '[x] ' : ticked.length > 0 ? '[ ] ' : ''}${n}`);
  const services = due.map((n) => unitWords(state, n));
  const widths = columnWidths([4, widest(names, 24), Math.max(7, widest(services, 40)), 20], 3, look);
  return {
    top: [
      blank,
      line(span(` ${count(due.length, 'restart is', 'restarts are')} due`, 'strong')),
      blank,
      ...titles(['', 'node', 'service', 'last restart'], widths, look),
    ],
    middle: {
      kind: 'list',
      count: due.length,
      focus: Math.max(0, due.indexOf(chosen)),
      at: (i) => {
        const name = due[i] ?? '';
        const cells = [
          span(`${i + 1}.`),
          span(names[i] ?? ''),
          span(services[i] ?? ''),
          lastSpan(lastAt(state, name), look),
        ];
        return row(cells, widths, look, name === chosen);
      },
    },
    bottom: [
      blank,
      ...(unitsOf(state, chosen).length > 1
        ? labelled('On', `${chosen}: ${unitsOf(state, chosen).join(', ')}`, look.columns, 2)
        : []),
      ...(due.includes(here) ? wholeCluster(look) : gates(state, look)),
      ...trouble(state, isFailed(chosen) ? chosen : (due.find(isFailed) ?? chosen), look),
    ],
  };
};

/** The place whose restart is a command that makes the whole cluster. */
const here = 'workstation';

function wholeCluster(look: Look): readonly Line[] {
  return [
    ...labelled(
      'What',
      'the command runs on this machine and makes the components of every node anew',
      look.columns,
      2,
    ),
    ...labelled(
      'Then',
      'all nodes are asked again. To go back, undo the change of the file, then run the command once more.',
      look.columns,
      2,
    ),
  ];
}

/** What is run for a restart, word for word. */
export function restartCommand(node: string, unit: string): string {
  return node === here ? unit : serviceCommand('restart', unit);
}

function gates(state: AppState, look: Look): readonly Line[] {
  return look.height >= 16
    ? [
        ...labelled('Order', orderWords(state, 'one after the other'), look.columns),
        ...labelled(
          'Gates',
          'before each: the other nodes are Ready and etcd keeps its majority. After each: the service is up, the node is Ready, and it stays so. If one fails, none follows.',
          look.columns,
          3,
        ),
      ]
    : labelled('Order', orderWords(state, 'one by one, each only when the last is healthy'), look.columns, 2);
}

/** Who comes first, as the distribution has it. */
function orderWords(state: AppState, how: string): string {
  const [first] = chosen(state).profile?.distribution.restartOrder ?? ['server'];
  return first === 'agent' ? `agents first, then servers ${how}` : `servers ${how}; then agents`;
}

/** What a node is sent to stop or restart its service, word for word. */
export function serviceCommand(verb: 'stop' | 'restart', unit: string): string {
  return `systemctl --no-block ${verb} -- ${quote(unit)}`;
}

/** The services of a node that are due for a restart, as its system calls them. */
export function unitsOf(state: AppState, node: string): readonly string[] {
  return unitsDueAt(state.session, node, unitOf(state, node));
}

/** The first of them, as far as there is room, and how many more. */
function unitWords(state: AppState, node: string): string {
  const [first = '', ...more] = unitsOf(state, node);
  if (more.length === 0) return first;
  const { unit = '{service}' } = chosen(state).profile?.distribution.argumentFiles ?? {};
  return `${first.replace(unit.replace('{service}', ''), '')} +${more.length} more`;
}

/** The service of a node, in the distribution's own word. */
export function unitOf(state: AppState, node: string): string {
  const profile = state.profiles.find((p) => p.distribution.id === state.session.distribution);
  const roles = state.session.nodes.find((n) => n.name === node)?.facts?.roles ?? [];
  return profile ? unitAt({ distribution: profile.distribution, roles }) : '';
}

function lastAt({ session }: AppState, node: string): RestartState | undefined {
  return session.restarts.findLast((r) => r.node === node);
}

/** How it ended; while one runs this screen does not stand, so that one without an end was left alone. */
function lastSpan(last: RestartState | undefined, look: Look): Span {
  if (!last) return span('none yet', 'dim');
  const { at, outcome } = last;
  if (!outcome) return span(`begun at ${at.slice(11, 16)} UTC, its end is not known`, 'bad');
  return outcome.kind === 'healthy'
    ? span(`${symbolOf('pass', look)} healthy after ${outcome.seconds} s`, 'good')
    : span(`${symbolOf('fail', look)} ${outcomeWord(outcome)}`, 'bad');
}

function trouble(state: AppState, node: string, look: Look): readonly Line[] {
  const last = lastAt(state, node);
  const outcome = last?.outcome;
  if (last && !outcome) {
    const again = node === here ? 'r runs the command again' : 'r restarts it again';
    const words = `${node}: at ${last.at.slice(0, 16).replace('T', ' ')} UTC; its end is not known. ${again}.`;
    return [blank, ...labelled('Begun', words, look.columns, 2, 'bad')];
  }
  if (!outcome || outcome.kind === 'healthy') return [];
  const said = outcome.kind === 'unknown' ? word(outcome.failure).sentence : outcome.line;
  return [
    blank,
    ...labelled('Failed', `${node}: ${outcomeWord(outcome)}: ${said}`, look.columns, 3, 'bad'),
    ...labelled(
      '',
      cureOf(state, node)
        ? `This is known: ${node === highlighted(state) ? '' : `on ${node}, `}R shows the repair, u the undo list.`
        : 'u opens the undo list; after an undo, restart again.',
      look.columns,
      1,
    ),
  ];
}

function outcomeWord(outcome: RestartOutcome): string {
  switch (outcome.kind) {
    case 'healthy':
      return 'healthy';
    case 'failed':
      return 'failed';
    case 'crash-looping':
      return 'starts and dies again';
    case 'stuck':
      return `not ready after ${outcome.seconds} s`;
    case 'unhardened':
      return 'runs, but not hardened';
    case 'unknown':
      return 'end not known';
  }
}

function pastLines(state: AppState, look: Look): readonly Line[] {
  const done = state.session.restarts.filter((r) => r.outcome);
  return done.length === 0
    ? []
    : [...done.map((r) => line(span(`   ${r.node}  ${r.unit}  `), lastSpan(r, look))), blank];
}
