import type { Control } from '../domain/control.ts';
import { type Answer, answersOf } from './answers.ts';
import { jsonText, oneLine } from './clean.ts';
import { type Standing, standingWords } from './counts.ts';
import { exitCode } from './exit-code.ts';
import type { ReportInput } from './input.ts';
import { controlName } from './open-lines.ts';
import { recordLines, recordState } from './record.ts';
import { chosen, type Row } from './scope.ts';

/** What SARIF calls each standing; a level stands only with what fails, by its rules. */
const kinds: Readonly<Record<Standing, { readonly kind: string; readonly level: string }>> = {
  fail: { kind: 'fail', level: 'error' },
  'configured-not-active': { kind: 'fail', level: 'error' },
  'pending-restart': { kind: 'fail', level: 'warning' },
  unknown: { kind: 'open', level: 'none' },
  missing: { kind: 'open', level: 'none' },
  manual: { kind: 'review', level: 'none' },
  waived: { kind: 'fail', level: 'error' },
  pass: { kind: 'pass', level: 'none' },
  'not-applicable': { kind: 'notApplicable', level: 'none' },
};

const doubt = { whole: 'note', open: 'warning', broken: 'error' } as const;

/** What is open, in SARIF 2.1.0, for code scanning: a rule for each control, a result for each place where it does not pass. */
export function sarif(input: ReportInput): string {
  const { session, profile, records, chain, head } = input;
  const { summary, controls } = answersOf(input);
  const whole = new Map(chosen(session, profile).controls.map((control) => [control.id, control]));
  const state = recordState(chain);
  const [start, end] = [session.startedAt, session.lastAt].map(timeOf);
  return jsonText({
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'k8s-harden',
            version: /^k8s-harden (\S+)$/.exec(session.program)?.[1] ?? 'unknown',
            rules: controls.map(({ row }) => ruleOf(row, whole.get(row.control))),
          },
        },
        automationDetails: { id: `k8s-harden/${pathPart(session.cluster)}/${pathPart(session.id)}` },
        invocations: [
          {
            // An answer that did not come is told as a run that did not succeed: readers may leave out what is not an error.
            executionSuccessful:
              summary.coverage.unknown + summary.coverage.missing === 0 && state !== 'broken',
            exitCode: exitCode(session, profile),
            ...(start === undefined ? {} : { startTimeUtc: start }),
            ...(end === undefined ? {} : { endTimeUtc: end }),
            toolExecutionNotifications: [
              ...recordLines(input).map((text) => ({ level: doubt[state], message: message(text) })),
              ...summary.places.flatMap(({ place, failure }) =>
                failure === undefined ? [] : [{ level: 'error', message: message(`${place}: ${failure}`) }],
              ),
            ],
          },
        ],
        results: controls.flatMap(({ answers }, rule) =>
          answers.flatMap((answer) =>
            answer.open || answer.standing === 'waived' ? [resultOf(answer, rule)] : [],
          ),
        ),
        properties: {
          record: { chain, entries: records.length, head: head ?? null },
          session: {
            id: session.id,
            cluster: session.cluster,
            distribution: session.distribution ?? null,
            benchmark: session.benchmark ?? null,
            level: session.level ?? null,
            ended: session.ended ?? null,
          },
          answers: summary.answers,
        },
      },
    ],
  });
}

function ruleOf(row: Row, control: Control | undefined) {
  return {
    id: row.control,
    shortDescription: { text: plain(controlName(row)) },
    ...(control
      ? { fullDescription: { text: plain(control.why) }, help: { text: plain(control.breaks) } }
      : {}),
    properties: { tags: ['security', 'kubernetes'], numbers: row.numbers },
  };
}

function resultOf({ row, cell, standing, why }: Answer, rule: number) {
  const { place, skipped = standing === 'waived' ? cell.after?.reason : undefined } = cell;
  return {
    ruleId: row.control,
    ruleIndex: rule,
    ...kinds[standing],
    message: message(`${controlName(row)}: ${standingWords[standing]} on ${place}${why && `; ${why}`}`),
    locations: [
      {
        // A place is no file; but code scanning shows nothing that has no address.
        physicalLocation: { artifactLocation: { uri: `places/${pathPart(place)}` } },
        logicalLocations: [{ name: place, kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'controlAndPlace/v1': `${row.control}@${place}` },
    ...(skipped === undefined
      ? {}
      : { suppressions: [{ kind: 'external', status: 'accepted', justification: skipped }] }),
  };
}

function message(text: string) {
  return { text: plain(text) };
}

/** In a message of SARIF a number in braces is a place to fill in, and words in brackets before an address are a link. */
function plain(text: string): string {
  const line = oneLine(text);
  const unlinked = line.includes('](') ? line.replaceAll(/[\\[\]]/g, '\\$&') : line;
  return unlinked.replaceAll(/\{(\d+)\}/g, '{{$1}}') || '-';
}

function pathPart(text: string): string {
  return encodeURIComponent(oneLine(text));
}

function timeOf(at: string): string | undefined {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(at) ? at : undefined;
}
