import { isUtf8 } from 'node:buffer';
import type { Answer } from '../../domain/answer.ts';
import { kernelPath } from '../../domain/commands.ts';
import type { Question } from '../../domain/question.ts';
import { decodeAnswer } from './ask-decode.ts';
import { type Group, namesFile, pathOf } from './ask-groups.ts';
import { namedObject } from './ask-objects.ts';
import { answerCap, type Frame, frameText } from './frames.ts';

/** What the frame of a group, with what was said on the other stream meanwhile, means for one of its members. */
export function decodeMember(group: Group, question: Question, frame: Frame, complaint: string): Answer {
  if (frame.overflow) return { kind: 'too-large', cap: answerCap };
  const status = Number(frame.status);
  if (status === 124 || status === 143 || status === 127 || !Number.isInteger(status))
    return decodeAnswer(question, frame, complaint);
  switch (group.kind) {
    case 'processes':
    case 'containers':
      return decodeAnswer(question, frame, complaint);
    case 'objects':
      return question.kind === 'object' ? objectOf(question, frame, complaint) : unanswered;
    case 'kernel':
      return question.kind === 'kernel'
        ? lineOf(question, kernelPath(question.key), ':', linesOf(frame))
        : unanswered;
    case 'paths':
      return pathAnswer(question, pathOf(question) ?? '', linesOf(frame));
    case 'names':
      return question.kind === 'account' || question.kind === 'group'
        ? nameOf(question, linesOf(frame))
        : unanswered;
    case 'units':
      return unitOf(group, question, frame);
  }
}

const unanswered: Answer = { kind: 'lost', reason: 'its answer is missing from those that came together' };

/** What a tool said of several paths on both streams: only what it found begins with the path. */
type Lines = { readonly found: readonly string[]; readonly wrong: readonly string[] };

/** Every member of a group asks for the lines of its frame. */
const linesOfFrames = new WeakMap<Frame, Lines>();

function linesOf(frame: Frame): Lines {
  const before = linesOfFrames.get(frame);
  if (before) return before;
  const lines = frameText(frame).split('\n');
  const isFound = (line: string): boolean => line.startsWith('/');
  const taken = { found: lines.filter(isFound), wrong: lines.filter((line) => !isFound(line)) };
  linesOfFrames.set(frame, taken);
  return taken;
}

/** The units of a group come in their order, with an empty line between them. */
function unitOf(group: Group, question: Question, frame: Frame): Answer {
  if (frame.status !== '0') return unanswered;
  const units = frameText(frame).replace(/\n+$/, '').split('\n\n');
  const place = group.members.findIndex((member) => member.question === question);
  return units.length === group.members.length
    ? decodeAnswer(question, alone(units[place] ?? ''), '')
    : unanswered;
}

/** The lines led by a path; without any, what was said about that path; without that, an empty answer. */
function lineOf(question: Question, path: string, separator: string, { found, wrong }: Lines): Answer {
  const lead = `${path}${separator}`;
  const lines = found.filter((line) => line.startsWith(lead));
  const said = complaintAbout(path, wrong);
  if (said !== undefined) return decodeAnswer(question, refused, said);
  return decodeAnswer(question, alone(lines.map((line) => line.slice(lead.length)).join('\n')), '');
}

function pathAnswer(question: Question, path: string, { found, wrong }: Lines): Answer {
  const lead = `${path}|`;
  const line = found.find((each) => each.startsWith(lead));
  if (line === undefined) {
    const said = complaintAbout(path, wrong);
    return said === undefined ? unanswered : decodeAnswer(question, refused, said);
  }
  if (question.kind === 'stat') return decodeAnswer(question, alone(line.slice(lead.length)), '');
  // The script reads what is there in a frame of its own; that frame is missing, so it was not there a moment later.
  if (question.kind === 'folder' && !line.endsWith('|directory'))
    return decodeAnswer(question, refused, `${path} is not a folder`);
  return { kind: 'lost', reason: 'it came or went while it was looked at' };
}

function nameOf(question: Extract<Question, { kind: 'account' | 'group' }>, { found, wrong }: Lines): Answer {
  const lead = `${namesFile(question)}:`;
  const line = found.find((each) => each.startsWith(`${lead}${question.name}:`));
  if (line !== undefined) return decodeAnswer(question, alone(line.slice(lead.length)), '');
  const said = complaintAbout(namesFile(question), wrong);
  // Without a matching line grep ends with 1 and without a word.
  return decodeAnswer(question, refused, said ?? '');
}

function objectOf(question: Extract<Question, { kind: 'object' }>, frame: Frame, complaint: string): Answer {
  const wanted = namedObject(question);
  const bytes = frame.sections[0]?.bytes ?? Buffer.alloc(0);
  if (frame.status !== '0' || !wanted || !isUtf8(bytes)) return decodeAnswer(question, frame, complaint);
  const items = itemsOf(bytes.toString('utf8'));
  if (!items) return { kind: 'failed', exit: 1, message: 'kubectl did not answer with a list of objects' };
  const found = items.find(
    (item) =>
      item.metadata?.name === wanted.name &&
      (wanted.namespace === undefined || item.metadata.namespace === wanted.namespace),
  );
  return found ? { kind: 'said', text: JSON.stringify(found) } : { kind: 'absent' };
}

type Item = { readonly metadata?: { readonly name?: unknown; readonly namespace?: unknown } };

/** Nothing at all is what `--ignore-not-found` says when none is there. */
function itemsOf(text: string): readonly Item[] | undefined {
  if (text.trim() === '') return [];
  try {
    const list = JSON.parse(text) as { readonly items?: unknown };
    return Array.isArray(list.items) ? list.items : undefined;
  } catch {
    return undefined;
  }
}

/** The line in which a tool says what is wrong with a path: the path, quoted or not, then the reason. */
function complaintAbout(path: string, complaints: readonly string[]): string | undefined {
  return complaints.find((line) => {
    const at = line.indexOf(path);
    const before = line.charAt(at - 1);
    const after = line.slice(at + path.length);
    return at > 0 && (before === ' ' || before === "'" || before === '`') && /^'?: /.test(after);
  });
}

const refused: Frame = { index: 0, status: '1', sections: [], overflow: false };

function alone(text: string): Frame {
  return { index: 0, status: '0', sections: [{ name: '', bytes: Buffer.from(text) }], overflow: false };
}
