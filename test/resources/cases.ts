import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Answer } from '../../src/domain/answer.ts';
import { formatNamedTexts } from '../../src/domain/evidence.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import type { AnyResource } from '../../src/domain/resource.ts';
import { type PlaceWords, placeFor } from './place.ts';

/** An answer as a case file writes it. */
type Written =
  | string
  | { readonly said: string }
  | { readonly absent: true }
  | { readonly files: Readonly<Record<string, string>> }
  | { readonly stat: string; readonly modified?: number; readonly changed?: number; readonly type?: string }
  | { readonly processes: readonly (readonly string[])[] }
  | { readonly json: unknown }
  | { readonly unread: Answer };

/** A case file: what is wanted, what the place answers, and what must come of it. */
export type Case = {
  readonly type: string;
  readonly name: string;
  readonly wanted: unknown;
  readonly place?: PlaceWords;
  readonly answers: Readonly<Record<string, Written>>;
  readonly unknown?: string;
  readonly verdict?: string;
  readonly found?: string;
  readonly reason?: string;
  readonly plan?: 'nothing' | { readonly refused: string } | readonly Record<string, unknown>[];
  readonly restarts?: boolean;
  /** The verdict after the plan was carried out. */
  readonly after?: string;
};

/** Every case of a type, by the name of its file. */
export function casesOf(type: string): readonly Case[] {
  const folder = join(import.meta.dirname, type);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ ...parse(readFileSync(join(folder, name), 'utf8')), type, name: name.slice(0, -5) }));
}

/** The questions of a case and the answers to them, by `questionKey`. Files nobody wrote down are not there. */
export function answersOf(one: Case, resource: AnyResource): Map<string, Answer> {
  const wanted = resource.schema.parse(one.wanted);
  const place = placeFor(one.place);
  const answers = answered(one, resource.ask(wanted, place));
  for (let before = -1; resource.askToPlan && before < answers.size; ) {
    before = answers.size;
    for (const [key, answer] of answered(one, resource.askToPlan(wanted, answers, place)))
      if (!answers.has(key)) answers.set(key, answer);
  }
  const names = [...answers.keys()].flatMap((key) => [label(JSON.parse(key)), whole(JSON.parse(key))]);
  const stray = Object.keys(one.answers).find((name) => !names.includes(name));
  if (stray !== undefined) throw new Error(`nobody asks “${stray}”; asked are ${names.join('; ')}`);
  return answers;
}

function answered(one: Case, questions: readonly Question[]): Map<string, Answer> {
  return new Map(
    questions.map((question) => {
      const written = one.answers[whole(question)] ?? one.answers[label(question)] ?? running(question);
      if (written === undefined && !['file', 'folder', 'stat', 'command'].includes(question.kind)) {
        throw new Error(`no answer for “${label(question)}”`);
      }
      return [questionKey(question), written === undefined ? { kind: 'absent' } : answerFrom(written)];
    }),
  );
}

/** A node agent that nobody wrote down runs, since long after its files were written. */
function running(question: Question): string | undefined {
  if (question.kind === 'unit') return 'ActiveState=active\nActiveEnterTimestamp=@1900000000';
  return question.kind === 'machine' ? 'now=1900000100\nuptime=1000' : undefined;
}

/** A command with all its words, where a case tells it from another of the same program. */
function whole(question: Question): string {
  return question.kind === 'command' ? `command ${question.words.join(' ')}` : label(question);
}

/** A question in a few words, as the case files name it. */
export function label(question: Question): string {
  switch (question.kind) {
    case 'object':
      return `get ${question.get.join(' ')}`;
    case 'command':
      return `command ${question.words[0]}`;
    case 'access':
      return `access ${question.user} ${question.path}`;
    case 'folder':
      return `folder ${question.path}/*${question.suffix}`;
    case 'kernel':
      return `kernel ${question.key}`;
    case 'account':
    case 'group':
    case 'unit':
    case 'process':
    case 'container':
      return `${question.kind} ${question.name}`;
    default:
      return 'path' in question ? `${question.kind} ${question.path}` : question.kind;
  }
}

function answerFrom(written: Written): Answer {
  if (typeof written === 'string') return { kind: 'said', text: written };
  if ('absent' in written) return { kind: 'absent' };
  if ('unread' in written) return written.unread;
  if ('said' in written) return { kind: 'said', text: written.said };
  if ('json' in written) return { kind: 'said', text: JSON.stringify(written.json) };
  if ('files' in written) {
    const files = Object.entries(written.files).map(([path, text]) => ({ path, text }));
    return { kind: 'said', text: formatNamedTexts(files) };
  }
  if ('processes' in written) {
    const lines = written.processes.map((args) => `${args.join('\u0001')}\u0001\u0002`);
    return { kind: 'said', text: lines.join('') };
  }
  const [mode, owner, group] = written.stat.split(/[ :]/);
  const text = [
    mode,
    owner,
    group,
    0,
    0,
    1,
    written.modified ?? 1_700_000_000,
    written.changed ?? written.modified ?? 1_700_000_000,
    written.type ?? 'regular file',
  ];
  return { kind: 'said', text: text.join('|') };
}
