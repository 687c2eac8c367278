import {
  type LoadedPlan,
  type MovedRow,
  otherPlan,
  type PlanItem,
  planForm,
  type ReviewPlan,
} from '../domain/review-plan.ts';
import type { Block } from './blocks.ts';
import { listPart, part } from './blocks.ts';
import { count, jsonText, names, oneLine, timeWords } from './clean.ts';
import { standingWords } from './counts.ts';
import { markdownOf } from './markdown.ts';
import { controlName } from './open-lines.ts';
import { beforeItem, isHeldUp, sharedBy, sharedFiles } from './plan-order.ts';

/** A plan with its hash. */
export type HashedPlan = Pick<LoadedPlan, 'sha256' | 'plan'>;

/** The plan for programs: the same file can be loaded again with --plan. */
export function planJson({ sha256, plan }: HashedPlan): string {
  return jsonText({ form: planForm, sha256, ...plan });
}

/** The plan for people: what would be done where, in full, before anything is. */
export function planMarkdown({ sha256, plan }: HashedPlan): string {
  const { items, nodes, missing } = plan;
  const steps = items.filter((item) => item.does === 'steps');
  const rest = items.filter((item) => item.does !== 'steps');
  const waiting = steps.filter((item) => isHeldUp(item, items)).length;
  const shared = sharedFiles(steps);
  const restarting = [...new Set(steps.filter((item) => item.restarts).map((item) => item.place))];
  const nodesDue = restarting.filter((place) => place !== madeHere);
  const makes = new Set(steps.filter(isMade).flatMap((item) => item.units));
  return markdownOf([
    { kind: 'heading', level: 1, text: `Hardening plan: ${plan.cluster || 'cluster'}` },
    {
      kind: 'paragraph',
      text: 'Nothing of this has been done. Whoever approves it can name it by its hash. It is the hash of what is planned, not of when and by whom it was made: the JSON form has the same, and so has every plan of the same state.',
    },
    {
      kind: 'table',
      about: 'What the plan is for',
      head: ['What', 'Value'],
      rows: [
        ['SHA-256', sha256],
        ['Made', `${timeWords(plan.made)} by ${plan.operator} with ${plan.program}`],
        ['Distribution', plan.distribution],
        ['Benchmark', `${plan.benchmark}, level ${plan.level}`],
        ['Nodes', nodes.map((n) => `${n.name} (${[n.version, ...n.roles].join(' ')})`).join(', ')],
        [
          'Changes',
          `${count(steps.length, 'change')} on ${count(new Set(steps.map((s) => s.place)).size, 'place')}`,
        ],
        ...(waiting > 0
          ? [
              [
                'Not yet',
                `${count(waiting, 'change waits', 'changes wait')} for something that this plan does not do`,
              ],
            ]
          : []),
        ['Restarts', nodesDue.length > 0 ? `${names(nodesDue, 50)}, one at a time` : 'none'],
        ...(makes.size > 0
          ? [['Runs at the end', `${[...makes].join(', ')}, which makes components of every node anew`]]
          : []),
      ],
    },
    ...listPart('Not asked: the plan says nothing of these', missing),
    ...part('Changes', [
      ...(shared.length === 0
        ? []
        : [
            {
              kind: 'paragraph',
              text: 'Several items change the same file. The program carries them out one after the other, and makes each anew from the file as it is then. A file that is copied from here would lose what the others change.',
            } as const,
            { kind: 'list', items: shared } as const,
          ]),
      ...steps.flatMap((item) => itemBlocks(item, items, steps)),
    ]),
    ...listPart(
      'Open, and not changed by this plan',
      rest.map(
        (item) =>
          `${controlName(item)} on ${item.place}: ${standingWords[item.verdict]}; ${[item.reason, item.instead].filter(Boolean).join('; ')}`,
      ),
    ),
  ]);
}

/** The place whose file makes the whole cluster, by a command instead of restarts. */
const madeHere = 'workstation';

function isMade({ restarts, place }: PlanItem): boolean {
  return restarts && place === madeHere;
}

function itemBlocks(item: PlanItem, all: readonly PlanItem[], steps: readonly PlanItem[]): readonly Block[] {
  const say = (text: string): Block => ({ kind: 'paragraph', text });
  const lines = (title: string, language: 'sh' | 'diff', text: string): readonly Block[] =>
    text === ''
      ? []
      : [
          { kind: 'paragraph', text: title },
          { kind: 'lines', language, text },
        ];
  const restart = isMade(item)
    ? `Takes effect when ${item.units.join(' and ') || 'the command that makes the cluster'} has run, which makes components of every node anew.`
    : item.restarts
      ? `Takes effect with a restart${item.units.length > 0 ? ` of ${item.units.join(', ')}` : ''}.`
      : '';
  return [
    { kind: 'heading', level: 3, text: `${controlName(item)} on ${item.place}` },
    ...beforeItem(item, all).map(say),
    {
      kind: 'paragraph',
      text: `Found ${item.found || 'nothing'}, wanted ${item.wanted || 'something else'}.`,
    },
    { kind: 'paragraph', text: `Risk: ${item.impact}. ${restart} ${item.breaks}` },
    ...sharedBy(item, steps).map(say),
    ...lines('Runs:', 'sh', item.commands.join('\n')),
    ...item.diffs.flatMap(({ path, text }) => lines(`Changes ${path}:`, 'diff', text)),
    ...lines('Undone by:', 'sh', item.undo.join('\n')),
  ];
}

const movedWords: Readonly<Record<MovedRow['moved'], string>> = {
  new: 'new: open now, and not in the plan',
  differs: 'differs: something else would be done now',
  unknown: 'unknown: no answer now',
  same: 'same as planned',
  done: 'done already',
};

/** Where reality has moved since a plan was made, in plain text, what is most worth a look first. */
export function movedText(loaded: LoadedPlan, now: ReviewPlan, rows: readonly MovedRow[]): string {
  const { plan, sha256, file } = loaded;
  const other = otherPlan(plan, now);
  const kinds = Object.keys(movedWords) as readonly MovedRow['moved'][];
  return `${[
    oneLine(`Plan ${file}, made ${timeWords(plan.made)} by ${plan.operator}`),
    `SHA-256 ${sha256}`,
    ...(other === undefined ? [] : [oneLine(other)]),
    '',
    ...kinds.flatMap((kind) => {
      const mine = rows.filter((row) => row.moved === kind);
      const byControl = new Map<string, MovedRow[]>();
      for (const row of mine) byControl.set(row.control, [...(byControl.get(row.control) ?? []), row]);
      return mine.length === 0
        ? []
        : [
            `${movedWords[kind]} (${mine.length})`,
            ...[...byControl.values()].map((group) =>
              oneLine(
                `  ${group[0]?.title}: ${names(
                  group.map((row) => row.place),
                  10,
                )}`,
              ).replace(/^/, '  '),
            ),
          ];
    }),
  ].join('\n')}\n`;
}

/** The same for programs. */
export function movedJson(loaded: LoadedPlan, now: ReviewPlan, rows: readonly MovedRow[]): string {
  const { plan, sha256 } = loaded;
  return jsonText({
    form: 'k8s-harden/plan-comparison/1',
    plan: { sha256, made: plan.made },
    otherwise: otherPlan(plan, now) ?? null,
    rows,
  });
}
