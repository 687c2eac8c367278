import { isUtf8 } from 'node:buffer';
import type { Answer } from '../../domain/answer.ts';
import { formatNamedTexts, type NamedText } from '../../domain/evidence.ts';
import type { Question } from '../../domain/question.ts';
import { containerAmong } from './ask-containers.ts';
import { processesOf } from './ask-process.ts';
import { cleanText, lastLine } from './clean.ts';
import { answerCap, type Frame, frameText, type Section, sectionText } from './frames.ts';

/** What one closed frame, with what the node said on the other stream meanwhile, means for its question. */
export function decodeAnswer(question: Question, frame: Frame, complaint: string): Answer {
  const status = frame.status ?? '';
  const message = lastLine(complaint);
  if (frame.overflow || status === 'too-large') return { kind: 'too-large', cap: answerCap };
  if (status === 'absent') return { kind: 'absent' };
  if (status === 'denied') return { kind: 'denied', message };
  if (status === 'no-tool') return { kind: 'no-tool', tool: message || toolOf(question) };
  const failed = /^failed-(\d+)$/.exec(status)?.[1];
  if (failed !== undefined) return { kind: 'failed', exit: Number(failed), message };
  if (!/^\d+$/.test(status)) return { kind: 'lost', reason: 'its frame was not closed properly' };
  const exit = Number(status);
  if (exit === 0) return said(question, frame);
  if (exit === 124 || exit === 143)
    return { kind: 'lost', reason: 'the node did not answer it within the time for one question' };
  if (exit === 127) return { kind: 'no-tool', tool: toolOf(question) };
  return refusal(question, frame, exit, complaint);
}

/** What a command that failed tells all the same: that there is nothing, that it may not be read, or only that it failed. */
function refusal(question: Question, frame: Frame, exit: number, complaint: string): Answer {
  const message = lastLine(complaint);
  const denied = /permission denied|operation not permitted|\(forbidden\)/i.test(complaint);
  const other: Answer = denied ? { kind: 'denied', message } : { kind: 'failed', exit, message };
  switch (question.kind) {
    case 'account':
    case 'group':
      return exit === 1 && complaint.trim() === '' ? { kind: 'absent' } : other;
    case 'strays':
      return denied ? other : (strays(question.path, frame, complaint) ?? other);
    case 'container':
      return denied ? other : (containerAmong(question.name, frameText(frame), complaint) ?? other);
    case 'object':
      // Of several objects some may be there: then the answer is not that there is none.
      return complaint.includes('(NotFound)') && frameText(frame).trim() === '' ? { kind: 'absent' } : other;
    case 'kernel':
    case 'stat':
    case 'file':
    case 'access':
    case 'lock':
    case 'change-state':
    case 'kept':
    case 'folder':
      // Once a file of the folder was named, it is that file which has gone, not the folder.
      return frame.sections.length <= 1 &&
        /: (No such file or directory|Not a directory)\s*$/.test(complaint.trimEnd())
        ? { kind: 'absent' }
        : other;
    case 'sysctl-files':
    case 'unit':
    case 'process':
    case 'machine':
    case 'lookups':
    case 'command':
    case 'rancher':
    case 'rancher-login':
      return other;
  }
}

/** `find` fails when the path is not there, when a file went away under its feet, or when twenty lines were enough. */
function strays(path: string, frame: Frame, complaint: string): Answer | undefined {
  const text = frameText(frame);
  if (text.split('\n').length > 20) return { kind: 'said', text };
  const lines = complaint.split('\n').filter((line) => line.trim() !== '');
  const gone = lines.map((line) => /^find: ['‘]?(.*?)['’]?: No such file or directory$/.exec(line)?.[1]);
  if (gone.includes(path)) return { kind: 'absent' };
  const harmless = gone.length > 0 && gone.every((p) => p?.startsWith(`${path.replace(/\/$/, '')}/`));
  return harmless ? { kind: 'said', text } : undefined;
}

function said(question: Question, frame: Frame): Answer {
  const text = frameText(frame);
  switch (question.kind) {
    case 'file':
      return isUtf8(frame.sections[0]?.bytes ?? Buffer.alloc(0))
        ? { kind: 'said', text }
        : { kind: 'failed', exit: 1, message: 'it is not UTF-8 text' };
    case 'command':
    case 'object':
      return { kind: 'said', text };
    case 'folder':
    case 'sysctl-files':
      return namedTexts(question, frame.sections.slice(1));
    case 'container':
      return (
        containerAmong(question.name, text, '') ?? {
          kind: 'failed',
          exit: 1,
          message: 'docker said nothing about it',
        }
      );
    case 'process':
      return processesOf(question, frame);
    case 'unit':
      return text.trim() === ''
        ? { kind: 'failed', exit: 1, message: 'systemctl said nothing about it' }
        : { kind: 'said', text: text.replace(/\n+$/, '') };
    case 'access': {
      const word = text.trim();
      return word === 'yes' || word === 'no'
        ? { kind: 'said', text: word }
        : { kind: 'failed', exit: 1, message: 'it was answered with neither yes nor no' };
    }
    case 'lookups':
      // They come in the order in which they were answered.
      return {
        kind: 'said',
        text: text
          .split('\n')
          .filter((line) => line !== '')
          .sort()
          .join('\n'),
      };
    case 'kernel':
    case 'stat':
    case 'strays':
    case 'account':
    case 'group':
    case 'machine':
    case 'change-state':
    case 'kept':
    case 'lock':
      return { kind: 'said', text: text.replace(/\n+$/, '') };
    case 'rancher':
    case 'rancher-login':
      return { kind: 'failed', exit: 1, message: 'a shell is not asked for that' };
  }
}

function namedTexts(question: Question, sections: readonly Section[]): Answer {
  const files = sections.map(named);
  const broken = files.find((f) => !f || /[\u0001\u0002\n]/.test(f.path) || /[\u0001\u0002]/.test(f.text));
  if (broken || files.includes(undefined))
    return {
      kind: 'failed',
      exit: 1,
      message: `${cleanText(broken?.path ?? 'a file').replaceAll('\n', ' ')} holds control characters and cannot be told apart from the others`,
    };
  const whole = files.filter((f) => f !== undefined);
  return {
    kind: 'said',
    text: formatNamedTexts(question.kind === 'folder' ? whole.toSorted(byBytes) : whole),
  };
}

/** The command a question needs, for `no-tool`. */
function toolOf(question: Question): string {
  switch (question.kind) {
    case 'command':
      return question.words[0] ?? '';
    case 'object':
      return question.kubectl[0] ?? 'kubectl';
    case 'unit':
      return 'systemctl';
    case 'container':
      return 'docker';
    case 'strays':
      return 'find';
    case 'account':
    case 'group':
    case 'process':
      return 'grep';
    case 'file':
    case 'folder':
    case 'sysctl-files':
    case 'lock':
      return 'head';
    case 'kernel':
      return 'cat';
    case 'stat':
    case 'access':
    case 'change-state':
    case 'kept':
      return 'stat';
    case 'machine':
      return 'uname';
    case 'lookups':
      return 'bash';
    case 'rancher':
    case 'rancher-login':
      return 'a Rancher server';
  }
}

function named(section: Section): NamedText | undefined {
  const all = sectionText(section);
  const at = all.indexOf('\0');
  return at > 0 ? { path: all.slice(0, at), text: all.slice(at + 1) } : undefined;
}

function byBytes(a: NamedText, b: NamedText): number {
  return Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
}
