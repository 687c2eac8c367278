import { type Answer, answersOf } from './answers.ts';
import { type Standing, standingWords } from './counts.ts';
import { decisions } from './history.ts';
import type { ReportInput } from './input.ts';
import { logLine } from './log-line.ts';
import { markupLine, markupLines } from './markup.ts';
import { controlName } from './open-lines.ts';
import { recordLines, recordState } from './record.ts';
import type { Summary } from './summary.ts';

type Result = 'passed' | 'failure' | 'error' | 'skipped';

/** One test case: where, what came of it, and in which words. */
type Case = {
  readonly name: string;
  readonly of: string;
  readonly result: Result;
  readonly type: string;
  readonly message: string;
};

/** What a build server makes of each: what is wrong fails, what could not be told is an error, what nobody can ask is skipped. */
const results: Readonly<Record<Standing, Result>> = {
  pass: 'passed',
  fail: 'failure',
  'configured-not-active': 'failure',
  'pending-restart': 'failure',
  unknown: 'error',
  missing: 'error',
  manual: 'skipped',
  waived: 'skipped',
  'not-applicable': 'skipped',
};

/** The results as test cases for build servers: a suite for each control, a case for each of its places, and the record first. */
export function junit(input: ReportInput): string {
  const { session, records } = input;
  const { summary, controls } = answersOf(input);
  const decided = decisions(records);
  const itself = sessionCases(input, summary);
  const suites = controls.map(({ row, answers }) => ({ row, cases: answers.map(answerCase) }));
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${pairs({ name: `k8s-harden ${session.cluster}`, ...counts([...itself, ...suites.flatMap((s) => s.cases)]) })}>`,
    ...suite('The session', itself, properties(input), []),
    ...suites.flatMap(({ row, cases }) => {
      const own = decided.filter((d) => d.control === row.control).map((d) => logLine(d.event));
      return suite(controlName(row), cases, [], own);
    }),
    '</testsuites>',
  ].join('\n')}\n`;
}

/** What has to hold of the session itself before its answers are believed. */
function sessionCases(input: ReportInput, { unfinished, restartsDue }: Summary): readonly Case[] {
  const record = { whole: 'passed', open: 'skipped', broken: 'error' } as const;
  const left = unfinished.map((u) => `the ${u.deed} of change ${u.change} on ${u.node} has no known end`);
  return [
    sessionCase('The record is whole', record[recordState(input.chain)], recordLines(input).join('. ')),
    sessionCase('Every change came to its end', left.length > 0 ? 'error' : 'passed', left.join('; ')),
    sessionCase(
      'No restart is due',
      restartsDue.length > 0 ? 'failure' : 'passed',
      `what was changed on ${restartsDue.join(', ')} is not active yet`,
    ),
  ];
}

function sessionCase(name: string, result: Result, message: string): Case {
  return { name, of: 'session', result, type: 'session', message };
}

function answerCase({ row, cell, standing, why }: Answer): Case {
  const type = standingWords[standing];
  // What the operator skipped, with a reason, is skipped whatever was found.
  const result = cell.skipped === undefined ? results[standing] : 'skipped';
  return { name: cell.place, of: row.control, result, type, message: why === '' ? type : `${type}: ${why}` };
}

function properties(input: ReportInput): readonly string[] {
  const { session } = input;
  const values = [
    ['session', session.id],
    ['cluster', session.cluster],
    ['distribution', session.distribution ?? ''],
    ['benchmark', session.benchmark ?? ''],
    ['level', String(session.level ?? '')],
    ['ended', session.ended ?? 'not ended'],
    ['last entry', session.lastAt],
    ['record', recordLines(input).join('. ')],
  ];
  const lines = values.map(([name = '', value = '']) => `<property ${pairs({ name, value })}/>`);
  return ['<properties>', ...lines, '</properties>'];
}

function suite(
  name: string,
  cases: readonly Case[],
  about: readonly string[],
  said: readonly string[],
): readonly string[] {
  const skipped = String(cases.filter((c) => c.result === 'skipped').length);
  return [
    `<testsuite ${pairs({ name, ...counts(cases), skipped })}>`,
    ...about,
    ...cases.flatMap(testcase),
    ...(said.length > 0 ? [`<system-out>${markupLines(said.join('\n'))}</system-out>`] : []),
    '</testsuite>',
  ];
}

function testcase({ name, of, result, type, message }: Case): readonly string[] {
  const attributes = pairs({ name, classname: of });
  if (result === 'passed') return [`<testcase ${attributes}/>`];
  return [
    `<testcase ${attributes}>`,
    // Some readers show the message, others only what stands between the tags.
    `<${result} ${pairs({ type, message })}>${markupLine(message)}</${result}>`,
    '</testcase>',
  ];
}

function counts(cases: readonly Case[]): Readonly<Record<string, string>> {
  const number = (result: Result): string => String(cases.filter((c) => c.result === result).length);
  return { tests: String(cases.length), failures: number('failure'), errors: number('error') };
}

function pairs(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${markupLine(value)}"`)
    .join(' ');
}
