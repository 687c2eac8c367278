import { isRepair } from '../../domain/session.ts';
import { answersOf } from '../answers.ts';
import { jsonText } from '../clean.ts';
import type { ReportInput } from '../input.ts';
import { logLine } from '../log-line.ts';
import { recordLines } from '../record.ts';
import { chosen, distributionWords } from '../scope.ts';
import type { PlaceSummary } from '../summary.ts';
import { heading } from '../summary-text.ts';
import { uuidOf } from '../uuid.ts';
import { findingOf, timesOf } from './findings.ts';
import { line, placeId, prop, prose, time, token, toolId } from './values.ts';

/** The session as OSCAL 1.1 assessment results, for systems of record. */
export function oscal(input: ReportInput): string {
  const { session, records, head = '' } = input;
  const plan = uuidOf(session.id, 'plan');
  const words = prose(recordLines(input).join('. '));
  const document = {
    'assessment-results': {
      // Another document each time the record has grown.
      uuid: uuidOf(session.id, 'assessment-results', String(records.length), head),
      metadata: {
        title: prose(`${isRepair(session) ? 'Repair' : 'Hardening'} of ${session.cluster || session.id}`),
        'last-modified': time(session.lastAt),
        version: String(records.length),
        'oscal-version': '1.1.3',
        remarks: words,
      },
      'import-ap': { href: `#${plan}` },
      results: [resultOf(input, words)],
      'back-matter': { resources: [planOf(input, plan)] },
    },
  };
  // Thousands of answers, which no person reads as they stand here: without indents they take half the memory.
  return jsonText(document, 0);
}

/** There is no assessment plan of OSCAL's: what stands for one is the benchmark that was chosen. */
function planOf({ session, profile }: ReportInput, uuid: string) {
  const { benchmark } = chosen(session, profile);
  const level = session.level === undefined ? '' : `, level ${session.level}`;
  return {
    uuid,
    title: prose(`${benchmark?.title ?? session.benchmark ?? 'No benchmark was chosen'}${level}`),
    description: 'No assessment plan was written; this selection of controls stands for one.',
  };
}

function resultOf(input: ReportInput, words: string) {
  const { session, records, profile } = input;
  const { summary, controls } = answersOf(input);
  const items = new Map(summary.places.map(({ place }) => [place, placeId(session.id, place)]));
  const known = { session, times: timesOf(records), items };
  const found = controls.map((control) => findingOf(known, control));
  const observations = found.flatMap((f) => f.observations);
  const [start, end] = [time(session.startedAt), time(session.lastAt)];
  return {
    uuid: uuidOf(session.id, 'result'),
    title: prose(heading(session, profile)),
    description: prose(
      session.ended === 'finished' ? 'The session was finished.' : 'The session did not come to its end.',
    ),
    start,
    ...(session.ended === undefined ? {} : { end }),
    props: [
      prop('session', session.id),
      prop('operator', session.operator),
      prop('ended', session.ended ?? 'not ended'),
      prop('distribution', distributionWords(session, profile) ?? 'not chosen'),
    ],
    'local-definitions': {
      components: [
        {
          uuid: toolId(session.id),
          type: 'software',
          title: 'k8s-harden',
          description: prose(`${line(session.program)}, which asked every control and made every change.`),
          status: { state: 'operational' },
        },
      ],
      ...(summary.places.length > 0
        ? { 'inventory-items': summary.places.map((place) => itemOf(session.id, place)) }
        : {}),
    },
    'reviewed-controls': {
      'control-selections': [
        {
          description:
            'The controls are named by their stable ids; their published numbers are properties of the findings.',
          ...(controls.length > 0
            ? { 'include-controls': controls.map(({ row }) => ({ 'control-id': token(row.control) })) }
            : {}),
        },
      ],
    },
    ...(records.length > 0 ? { 'assessment-log': { entries: records.map(entryOf(session.id)) } } : {}),
    ...(observations.length > 0 ? { observations } : {}),
    ...(found.length > 0 ? { findings: found.map((f) => f.finding) } : {}),
    remarks: words,
  };
}

function itemOf(session: string, { place, roles, version, failure }: PlaceSummary) {
  const props = [
    prop('place', place),
    ...roles.map((role) => prop('role', role)),
    ...(version === undefined ? [] : [prop('version', version)]),
    ...(failure === undefined ? [] : [prop('failure', failure)]),
  ];
  return { uuid: placeId(session, place), description: prose(line(place)), props };
}

function entryOf(session: string) {
  return ({ at, event }: ReportInput['records'][number], index: number) => ({
    uuid: uuidOf(session, 'entry', String(index)),
    title: event.kind,
    description: prose(logLine(event)),
    start: time(at),
  });
}
