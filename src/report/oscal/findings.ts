import type { Recorded } from '../../domain/event.ts';
import { findingKey, type Session } from '../../domain/session.ts';
import type { Answer, Answered } from '../answers.ts';
import { type Standing, standingWords } from '../counts.ts';
import { controlName } from '../open-lines.ts';
import { uuidOf } from '../uuid.ts';
import { prop, prose, time, token, toolId } from './values.ts';

/** What every finding of a session needs to know of it. */
export type Known = {
  readonly session: Session;
  /** When each answer was recorded, by control and place. */
  readonly times: ReadonlyMap<string, string>;
  /** The items of the inventory, by place. */
  readonly items: ReadonlyMap<string, string>;
};

/** What each standing says of the objective. */
const standings: Readonly<Record<Standing, 'pass' | 'fail' | 'other'>> = {
  pass: 'pass',
  fail: 'fail',
  'configured-not-active': 'fail',
  'pending-restart': 'fail',
  unknown: 'other',
  missing: 'other',
  manual: 'other',
  waived: 'fail',
  'not-applicable': 'other',
};

/** One control in OSCAL: an observation for every different answer, and what they come to. */
export function findingOf(known: Known, { row, answers }: Answered) {
  const { session } = known;
  const observations = [...alike(answers).values()].map((group) => observation(known, group));
  const open = answers.filter((answer) => answer.open);
  const applies = answers.some((answer) => answer.standing !== 'not-applicable');
  const waived = answers.filter((answer) => answer.standing === 'waived');
  // What somebody accepted is not met by that.
  const unmet = [...open, ...waived];
  const satisfied = answers.length > 0 && unmet.length === 0;
  const failed = unmet.some((answer) => standings[answer.standing] === 'fail');
  const skips = open.flatMap(({ cell }) =>
    cell.skipped === undefined ? [] : [prop('skipped', `${cell.place}: ${cell.skipped}`)],
  );
  const waivers = waived.map(({ cell }) => prop('waived', `${cell.place}: ${cell.after?.reason}`));
  const props = [...row.numbers.map((number) => prop('number', number)), ...skips, ...waivers];
  const finding = {
    uuid: uuidOf(session.id, 'finding', row.control),
    title: prose(controlName(row)),
    description: prose(`${open.length} of ${answers.length} places are open.`),
    ...(props.length > 0 ? { props } : {}),
    origins: [{ actors: [{ type: 'tool', 'actor-uuid': toolId(session.id) }] }],
    target: {
      type: 'objective-id',
      'target-id': token(row.control),
      status: {
        state: satisfied ? 'satisfied' : 'not-satisfied',
        reason: satisfied && applies ? 'pass' : failed ? 'fail' : 'other',
      },
      ...(satisfied && !applies ? { 'implementation-status': { state: 'not-applicable' } } : {}),
    },
    ...(observations.length > 0
      ? { 'related-observations': observations.map(({ uuid }) => ({ 'observation-uuid': uuid })) }
      : {}),
  };
  return { finding, observations };
}

/** When each answer was recorded, by control and place. */
export function timesOf(records: readonly Recorded[]): ReadonlyMap<string, string> {
  const times = new Map<string, string>();
  for (const { at, event } of records) {
    if (event.kind !== 'found') continue;
    for (const { control, place } of event.findings) times.set(findingKey(control, place), at);
  }
  return times;
}

function observation({ session, times, items }: Known, group: readonly Answer[]) {
  const [first] = group;
  const { row, standing = 'missing', cell, why = '' } = first ?? {};
  const control = row?.control ?? '';
  const after = standingWords[standing];
  const before = standingWords[cell?.before?.kind ?? 'missing'];
  const places = group.map((answer) => answer.cell.place);
  const collected = places.map((place) => times.get(findingKey(control, place)) ?? session.lastAt).sort();
  return {
    uuid: uuidOf(session.id, 'observation', control, ...places),
    title: prose(`${control}: ${after}`),
    description: prose(`${after}${why && `: ${why}`}`),
    props: [prop('after', after), ...(before === after ? [] : [prop('before', before)])],
    methods: [standing === 'missing' ? 'UNKNOWN' : cell?.attested ? 'INTERVIEW' : 'TEST'],
    types: ['control-objective'],
    subjects: places.map((place) => ({
      'subject-uuid': items.get(place) ?? '',
      type: 'inventory-item',
    })),
    collected: time(collected.at(-1) ?? session.lastAt),
  };
}

/** The answers of one control that say the same. */
function alike(answers: readonly Answer[]): ReadonlyMap<string, readonly Answer[]> {
  const groups = new Map<string, Answer[]>();
  for (const answer of answers) {
    const { standing, why, cell } = answer;
    const key = JSON.stringify([standing, why, cell.before?.kind, cell.attested]);
    const group = groups.get(key);
    if (group) group.push(answer);
    else groups.set(key, [answer]);
  }
  return groups;
}
