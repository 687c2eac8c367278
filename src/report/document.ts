import { isRepair } from '../domain/session.ts';
import { coverageWords } from '../domain/tally.ts';
import { type Block, controlAnchor, listPart, part } from './blocks.ts';
import { diagnose, diagnosisWords, wordsFor } from './causes.ts';
import { count, timeWords } from './clean.ts';
import { changeBlocks, controlBlocks, decisionList } from './document-control.ts';
import { headTable, placesTable } from './document-head.ts';
import { type ChangeHistory, changeHistory, type Decision, decisions } from './history.ts';
import type { ReportInput } from './input.ts';
import { logLine } from './log-line.ts';
import { controlName, groupOpen, openLine } from './open-lines.ts';
import { chosen, misfitsOf } from './scope.ts';
import { type Summary, summarise } from './summary.ts';
import { totalWords } from './summary-text.ts';
import { restartWords } from './words.ts';

/** What the parts of the document are made from, worked out once. */
type View = {
  readonly input: ReportInput;
  readonly summary: Summary;
  readonly changes: readonly ChangeHistory[];
  readonly decided: readonly Decision[];
};

/** The parts in their order. One more, for a new kind of event, is one more function here: Markdown and HTML both follow. */
const parts: readonly ((view: View) => readonly Block[])[] = [
  title,
  troublePart,
  summaryPart,
  openPart,
  waivedPart,
  unfinishedPart,
  restartsDuePart,
  undoablePart,
  decisionsPart,
  controlsPart,
  otherChangesPart,
  restartsPart,
  notesPart,
  logPart,
];

/** The transcript for people: who did what, where, when, why, and what is left. */
export function documentOf(input: ReportInput): readonly Block[] {
  const { session, records, profile } = input;
  const { controls, benchmark } = chosen(session, profile);
  const view: View = {
    input,
    summary: summarise(session, controls, benchmark),
    changes: changeHistory(session.changes, records),
    decided: decisions(records),
  };
  return parts.flatMap((blocks) => blocks(view));
}

function title({ input }: View): readonly Block[] {
  const { session, profile } = input;
  return [
    {
      kind: 'heading',
      level: 1,
      text: `${isRepair(session) ? 'Repair' : 'Hardening'} transcript: ${session.cluster || session.id}`,
    },
    headTable(input),
    ...misfitsOf(session, profile).map(({ sentence }): Block => ({ kind: 'paragraph', text: sentence })),
  ];
}

/** In a repair: what was seen, every cause with its evidence and its cure, and what is left open. */
function troublePart({ input, summary }: View): readonly Block[] {
  const found = diagnose(input, summary);
  if (!found) return [];
  const { trouble, unlearned, toLookAt, accepted, notIt, notApplicable } = found;
  const lists = [
    ['Causes found', found.found],
    ['Could not be learned, so it may still be one of these', unlearned],
    ['To be looked at by a person', toLookAt],
    ['Accepted by a waiver', accepted],
    ['Not it', notIt],
    ['Not applicable here', notApplicable],
  ] as const;
  return part('The trouble', [
    {
      kind: 'paragraph',
      text: `${trouble?.title ?? input.session.trouble ?? 'No symptom was chosen'}. ${trouble?.symptom ?? ''}`.trim(),
    },
    { kind: 'paragraph', text: diagnosisWords(found) },
    ...lists.flatMap(([text, items]): readonly Block[] =>
      items.length === 0
        ? []
        : [
            { kind: 'heading', level: 3, text },
            { kind: 'list', items },
          ],
    ),
  ]);
}

function summaryPart({ input, summary }: View): readonly Block[] {
  const { outside, rows } = summary;
  const texts = [
    coverageWords(summary.coverage),
    totalWords(summary).join(' '),
    ...(outside > 0
      ? [
          `${count(outside, 'control')} that only another selection asked for ${outside === 1 ? 'is' : 'are'} in none of these numbers; the journal keeps the answers.`,
        ]
      : []),
  ];
  return part('Summary', [
    placesTable(input.session, summary),
    ...texts.map((text): Block => ({ kind: 'paragraph', text })),
    ...(rows.length > 0 ? [{ kind: 'picture', rows, words: wordsFor(input.session) } as const] : []),
  ]);
}

function openPart({ input, summary }: View): readonly Block[] {
  return listPart(
    'Open',
    groupOpen(summary.open).map((group) => openLine(group, wordsFor(input.session))),
  );
}

function waivedPart({ input, summary }: View): readonly Block[] {
  return listPart(
    'Waived',
    groupOpen(summary.waived).map((group) => openLine(group, wordsFor(input.session))),
  );
}

function unfinishedPart({ summary }: View): readonly Block[] {
  return listPart(
    'Unfinished',
    summary.unfinished.map(
      (u) =>
        `${u.title}: the ${u.deed} of change ${u.change} on ${u.node}, announced ${timeWords(u.at)}, has no known end`,
    ),
  );
}

function restartsDuePart({ summary }: View): readonly Block[] {
  return listPart(
    'Restarts due',
    summary.restartsDue.map((node) => `${node}: what was changed there is not active yet`),
  );
}

function undoablePart({ input, summary }: View): readonly Block[] {
  // Nothing of a practice cluster outlives its program.
  const undoable = input.session.lab ? [] : summary.undoable;
  return listPart(
    'Can be undone',
    undoable.map((u) => `${u.title}: change ${u.change} on ${u.node}, announced ${timeWords(u.at)}`),
  );
}

function decisionsPart({ summary, decided }: View): readonly Block[] {
  const names = new Map(summary.rows.map((row) => [row.control, controlName(row)]));
  const nameOf = (control: string): string => names.get(control) ?? control;
  return part('Decisions', decided.length > 0 ? [decisionList(decided, nameOf)] : []);
}

function controlsPart({ summary, decided, changes }: View): readonly Block[] {
  return [
    { kind: 'heading', level: 2, text: 'Controls' },
    ...summary.rows.flatMap((row, index) =>
      controlBlocks(
        row,
        controlAnchor(index),
        decided.filter((d) => d.control === row.control),
        changes.filter(({ state }) => state.change.control === row.control),
      ),
    ),
  ];
}

function otherChangesPart({ summary, changes }: View): readonly Block[] {
  const known = new Set(summary.rows.map((row) => row.control));
  const others = changes.filter(({ state }) => !known.has(state.change.control));
  return part(
    'Other changes',
    others.flatMap((change): readonly Block[] => [
      { kind: 'heading', level: 3, text: change.state.change.control },
      ...changeBlocks(change),
    ]),
  );
}

function restartsPart({ input }: View): readonly Block[] {
  return listPart(
    'Restarts',
    input.session.restarts.map(
      (r) => `${timeWords(r.at)}: ${r.unit} on ${r.node}: ${restartWords(r.outcome)}`,
    ),
  );
}

function notesPart({ input }: View): readonly Block[] {
  return listPart(
    'Notes',
    input.session.notes.map((n) => `${timeWords(n.at)}: ${n.text}`),
  );
}

function logPart({ input }: View): readonly Block[] {
  const rows = input.records.map(({ at, event }) => [timeWords(at), logLine(event, input.session)]);
  return part('Log', [
    { kind: 'table', about: 'Every entry of the record', head: ['Time', 'What happened'], rows },
  ]);
}
