import type { Answer } from '../domain/answer.ts';
import { formatNamedTexts, parseNamedTexts } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import type { Question } from '../domain/question.ts';
import type { Step } from '../domain/step.ts';

/** The answers as they would be after a step, as far as the texts of files go; all else stays as it was answered. */
export function foreseen(answers: Answers, step: Step): Answers {
  switch (step.kind) {
    case 'write-file':
      return new Map(
        [...answers].map(([key, answer]) => [
          key,
          afterWrite(JSON.parse(key), answer, step.path, step.content),
        ]),
      );
    case 'make-folder':
    case 'move-folder':
    case 'set-mode':
    case 'set-owner':
    case 'set-kernel':
    case 'create-account':
    case 'create-group':
    case 'set-unit':
    case 'patch-object':
    case 'create-object':
    case 'rancher-object':
    case 'run':
      return answers;
  }
}

function afterWrite(question: Question, answer: Answer, path: string, text: string): Answer {
  switch (question.kind) {
    case 'file':
      return question.path === path ? { kind: 'said', text } : answer;
    case 'sysctl-files':
      return path.includes('sysctl') ? among(answer, path, text) : answer;
    case 'folder':
      return path.startsWith(`${question.path}/`) && path.endsWith(question.suffix)
        ? among(answer, path, text, true)
        : answer;
    case 'kernel':
    case 'stat':
    case 'strays':
    case 'account':
    case 'group':
    case 'unit':
    case 'process':
    case 'container':
    case 'object':
    case 'access':
    case 'machine':
    case 'change-state':
    case 'kept':
    case 'lock':
    case 'rancher':
    case 'rancher-login':
    case 'lookups':
    case 'command':
      return answer;
  }
}

/** The texts of several files with this one among them; an answer that did not arrive stays none. */
function among(answer: Answer, path: string, text: string, sorted = false): Answer {
  if (answer.kind !== 'said' && answer.kind !== 'absent') return answer;
  const others = parseNamedTexts(answer.kind === 'said' ? answer.text : '').filter(
    (file) => file.path !== path,
  );
  const files = [...others, { path, text }];
  if (sorted) files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { kind: 'said', text: formatNamedTexts(files) };
}
