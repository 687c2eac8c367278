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
  if (question.kind === 'file' && question.path === path) return { kind: 'said', text };
  const holds =
    question.kind === 'sysctl-files'
      ? path.includes('sysctl')
      : question.kind === 'folder' && path.startsWith(`${question.path}/`) && path.endsWith(question.suffix);
  if (!holds || (answer.kind !== 'said' && answer.kind !== 'absent')) return answer;
  const others = parseNamedTexts(answer.kind === 'said' ? answer.text : '').filter(
    (file) => file.path !== path,
  );
  const files = [...others, { path, text }];
  if (question.kind === 'folder') files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { kind: 'said', text: formatNamedTexts(files) };
}
