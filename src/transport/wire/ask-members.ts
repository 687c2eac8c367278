import { isUtf8 } from 'node:buffer';
import type { Answer } from '../../domain/answer.ts';
import { kernelPath } from '../../domain/commands.ts';
import type { Question } from '../../domain/question.ts';
import { decodeAnswer } from './ask-decode.ts';
import { type Group, namesFile, pathOf } from './ask-groups.ts';
import { namedObject } from './ask-objects.ts';
import { lastLine } from './clean.ts';
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
      return kernelValue(question, frame, linesOf(group, frame));
    case 'paths':
      return pathAnswer(question, linesOf(group, frame));
    case 'names':
      return question.kind === 'account' || question.kind === 'group'
        ? nameOf(question, frame, linesOf(group, frame))
        : unanswered;
    case 'units':
      return unitOf(group, question, frame);
  }
}

const unanswered: Answer = { kind: 'lost', reason: 'its answer is missing from those that came together' };

/** What a tool said of several paths on both streams, line by line: what it found begins with one of those paths. */
type Lines = { readonly found: readonly string[]; readonly wrong: readonly string[] };

/** Every member of a group asks for the lines of its frame. */
const linesOfFrames = new WeakMap<Frame, Lines>();

function linesOf(group: Group, frame: Frame): Lines {
  const before = linesOfFrames.get(frame);
  if (before) return before;
  const leads = [...new Set(group.members.map(({ question }) => leadOf(question)))];
  const isFound = (line: string): boolean => leads.some((lead) => line.startsWith(lead));
  const lines = frameText(frame)
    .split('\n')
    .filter((line) => line !== '');
  const taken = { found: lines.filter(isFound), wrong: lines.filter((line) => !isFound(line)) };
  linesOfFrames.set(frame, taken);
  return taken;
}

/** What every line about a member begins with. */
function leadOf(question: Question): string {
  switch (question.kind) {
    case 'kernel':
      return `${kernelPath(question.key)}:`;
    case 'account':
    case 'group':
      return `${namesFile(question)}:`;
    default:
      return `${pathOf(question)}|`;
  }
}

/** The units of a group come in their order, with an empty line between them. */
function unitOf(group: Group, question: Question, frame: Frame): Answer {
  if (frame.status !== '0') return unanswered;
  const text = frameText(frame).replace(/\n+$/, '');
  const units = group.members.length === 1 ? [text] : text.split('\n\n');
  const place = group.members.findIndex((member) => member.question === question);
  return units.length === group.members.length
    ? decodeAnswer(question, alone(units[place] ?? ''), '')
    : unanswered;
}

/** The lines of a kernel value; without any, what was said about its path; without that, an empty answer if nothing went wrong. */
function kernelValue(question: Question, frame: Frame, { found, wrong }: Lines): Answer {
  const lead = leadOf(question);
  const path = lead.slice(0, -1);
  const lines = found.filter((line) => line.startsWith(lead));
  const said = complaintAbout(path, wrong);
  if (said !== undefined) return decodeAnswer(question, refused, said);
  if (lines.length > 0 || isWhole(frame) || wrong.some((line) => /: \/proc\/sys\//.test(line)))
    return decodeAnswer(question, alone(lines.map((line) => line.slice(lead.length)).join('\n')), '');
  return failedWith(frame, wrong);
}

function pathAnswer(question: Question, { found, wrong }: Lines): Answer {
  const lead = leadOf(question);
  const path = lead.slice(0, -1);
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

function nameOf(
  question: Extract<Question, { kind: 'account' | 'group' }>,
  frame: Frame,
  { found, wrong }: Lines,
): Answer {
  const lead = leadOf(question);
  const file = namesFile(question);
  const line = found.find((each) => each.startsWith(`${lead}${question.name}:`));
  if (line !== undefined) return decodeAnswer(question, alone(line.slice(lead.length)), '');
  const said = complaintAbout(file, wrong);
  if (said !== undefined) return decodeAnswer(question, refused, said);
  // Without a matching line grep ends with 1; with 2 when the other of the two files was the trouble.
  const other = ['/etc/passwd', '/etc/group'].some((each) => complaintAbout(each, wrong) !== undefined);
  const odd = wrong.some((each) => each.includes(file));
  return (isWhole(frame) || other) && !odd ? { kind: 'absent' } : failedWith(frame, wrong);
}

/** Whether grep read everything, matching or not. */
function isWhole({ status }: Frame): boolean {
  return status === '0' || status === '1';
}

function failedWith(frame: Frame, wrong: readonly string[]): Answer {
  return { kind: 'failed', exit: Number(frame.status), message: lastLine(wrong.join('\n')) };
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
