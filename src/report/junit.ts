import { type Answer, type Answered, answersOf } from './answers.ts';
import { type Standing, standingWords } from './counts.ts';
import { decisions } from './history.ts';
import type { ReportInput } from './input.ts';
import { logLine } from './log-line.ts';
import { markupLine, markupLines } from './markup.ts';
import { controlName } from './open-lines.ts';
import { recordLines } from './record.ts';

type Result = 'passed' | 'failure' | 'error' | 'skipped';

/** What a build server makes of each: what is wrong fails, what could not be told is an error, what nobody can ask is skipped. */
const results: Readonly<Record<Standing, Result>> = {
  pass: 'passed',
  fail: 'failure',
  'configured-not-active': 'failure',
  'pending-restart': 'failure',
  unknown: 'error',
  missing: 'error',
  manual: 'skipped',
  'not-applicable': 'skipped',
};

/** The results as test cases for build servers: a suite for each control, a case for each of its places. */
export function junit(input: ReportInput): string {
  const { session, records } = input;
  const { controls } = answersOf(input);
  const decided = decisions(records);
  const about = [
    ['session', session.id],
    ['cluster', session.cluster],
    ['distribution', session.distribution ?? ''],
    ['benchmark', session.benchmark ?? ''],
    ['level', String(session.level ?? '')],
    ['ended', session.ended ?? 'not ended'],
    ['record', recordLines(input).join('. ')],
  ];
  const properties = about.map(([name = '', value = '']) => `<property ${pairs({ name, value })}/>`);
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${pairs({ name: `k8s-harden ${session.cluster}`, ...counts(controls.flatMap((c) => c.answers)) })}>`,
    `<testsuite ${pairs({ name: 'session', ...counts([]), skipped: '0', timestamp: session.lastAt })}>`,
    '<properties>',
    ...properties,
    '</properties>',
    '</testsuite>',
    ...controls.flatMap((control) =>
      suite(
        control,
        decided.filter((d) => d.control === control.row.control).map((d) => logLine(d.event)),
      ),
    ),
    '</testsuites>',
  ].join('\n')}\n`;
}

function suite({ row, answers }: Answered, decided: readonly string[]): readonly string[] {
  const skipped = answers.filter((a) => resultOf(a) === 'skipped').length;
  return [
    `<testsuite ${pairs({ name: controlName(row), ...counts(answers), skipped: String(skipped) })}>`,
    ...answers.flatMap(testcase),
    ...(decided.length > 0 ? [`<system-out>${markupLines(decided.join('\n'))}</system-out>`] : []),
    '</testsuite>',
  ];
}

function testcase(answer: Answer): readonly string[] {
  const { row, cell, standing, why } = answer;
  const result = resultOf(answer);
  const attributes = pairs({ name: cell.place, classname: row.control });
  if (result === 'passed') return [`<testcase ${attributes}/>`];
  const word = standingWords[standing];
  const message = why === '' ? word : `${word}: ${why}`;
  return [
    `<testcase ${attributes}>`,
    // Some readers show the message, others only what stands between the tags.
    `<${result} ${pairs({ type: word, message })}>${markupLine(message)}</${result}>`,
    '</testcase>',
  ];
}

/** What the operator skipped, with a reason, is skipped whatever was found. */
function resultOf({ standing, cell }: Answer): Result {
  return cell.skipped === undefined ? results[standing] : 'skipped';
}

function counts(answers: readonly Answer[]): Readonly<Record<string, string>> {
  const number = (result: Result): string => String(answers.filter((a) => resultOf(a) === result).length);
  return { tests: String(answers.length), failures: number('failure'), errors: number('error') };
}

function pairs(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${markupLine(value)}"`)
    .join(' ');
}
