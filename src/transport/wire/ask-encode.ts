import type { Answer } from '../../domain/answer.ts';
import { parseNamedTexts } from '../../domain/evidence.ts';
import type { Answers } from '../../domain/ports.ts';
import { type Question, questionKey } from '../../domain/question.ts';
import { commLength } from './ask-groups.ts';
import { distinct } from './ask-script.ts';
import { checkMarker, type Spoken } from './exchange.ts';
import { answerCap, beginMark, endMark, sectionMark } from './frames.ts';

/** What a node that gives these answers says to the ask script; a lost answer is one whose frame is missing. */
export function encodeAnswers(marker: string, questions: readonly Question[], answers: Answers): Spoken {
  checkMarker(marker);
  const frames = distinct(questions).map((question, index) => {
    const answer = answers.get(questionKey(question));
    if (!answer || answer.kind === 'lost') return { out: '', err: '' };
    const { status, text, complaint } = encodeAnswer(marker, index, question, answer);
    const begin = beginMark(marker, index);
    const end = endMark(marker, index, status);
    return { out: begin + text + end, err: begin + (complaint ? `${complaint}\n` : '') + end };
  });
  return { out: frames.map((f) => f.out).join(''), err: frames.map((f) => f.err).join(''), exit: 0 };
}

type Encoded = { readonly status: string | number; readonly text: string; readonly complaint: string };

function encodeAnswer(marker: string, index: number, question: Question, answer: Answer): Encoded {
  const plain = { text: '', complaint: '' };
  switch (answer.kind) {
    case 'said':
      return { ...plain, status: 0, text: encodeText(sectionMark(marker, index), question, answer.text) };
    case 'absent':
    case 'too-large':
    case 'lost':
      return { ...plain, status: answer.kind };
    case 'denied':
      return { ...plain, status: 'denied', complaint: answer.message };
    case 'no-tool':
      return { ...plain, status: 'no-tool', complaint: answer.tool };
    case 'failed':
      return { ...plain, status: `failed-${answer.exit}`, complaint: answer.message };
  }
}

function encodeText(section: string, question: Question, text: string): string {
  // What is over the cap must arrive as over the cap, in whatever form it travels.
  if (Buffer.byteLength(text) > answerCap) return text;
  switch (question.kind) {
    case 'folder':
    case 'sysctl-files':
      return parseNamedTexts(text)
        .map((file) => `${section}${file.path}\0${file.text}`)
        .join('');
    case 'process':
      return encodeProcesses(section, question.name, text);
    case 'kernel':
    case 'stat':
    case 'file':
    case 'strays':
    case 'account':
    case 'group':
    case 'unit':
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
      return text;
  }
}

/** As processes of root, whose program is called as they are. */
function encodeProcesses(section: string, name: string, text: string): string {
  const all = text.split('\u0002').filter((line) => line !== '');
  const owners = all.map((_, pid) => `/proc/${pid}|0|root|'/proc/${pid}'\n`);
  const sections = all.map((line, pid) => {
    const args = line.replace(/\u0001$/, '').split('\u0001');
    return `${section}/proc/${pid}\0${name.slice(0, commLength)}\0${args.map((arg) => `${arg}\0`).join('')}`;
  });
  return owners.join('') + sections.join('');
}
