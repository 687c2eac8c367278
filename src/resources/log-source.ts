import { type Answer, known, type Read, unread, whyNot } from '../domain/answer.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question, type Words } from '../domain/question.ts';

type CommandQuestion = Extract<Question, { kind: 'command' }>;

/** Shows that the journal can be read at all: a cursor is only there where it holds a line. */
const journalThere: CommandQuestion = {
  kind: 'command',
  words: ['journalctl', '-n', '1', '-o', 'cat', '--no-pager', '--show-cursor'],
};

/** The questions for logs: each command as it is asked, and for the journal whether there is one. */
export function logQuestions(from: readonly Words[]): readonly Question[] {
  const asked = from.map(asAsked);
  return asked.some(isJournal) ? [...asked, journalThere] : asked;
}

/** What a command for a log printed. No line is an answer only where the command itself tells that it looked for lines. */
export function logText(words: Words, answers: Answers): Read<string> {
  const question = asAsked(words);
  const answer = answerTo(answers, question);
  const named = `the log (${words.join(' ')})`;
  if (!isJournal(question) && saysNone(answer, question.words)) return known('');
  if (isJournal(question)) {
    const none = saysNone(answer, question.words) || (answer.kind === 'said' && empty(answer.text));
    if (none) return journalKept(answerTo(answers, journalThere), named);
  }
  if (answer.kind !== 'said') return unread(whyNot(answer, named));
  if (empty(answer.text)) return unread(`${named} said nothing`);
  const root = rootOf(question.words);
  if (root === undefined) return known(answer.text);
  const lines = answer.text.split('\n');
  const mark = lines.indexOf(root);
  return mark < 0
    ? unread(`${named} did not say that it looked`)
    : known(lines.toSpliced(mark, 1).join('\n'));
}

/** A silent `find` cannot be told from one that does not work. So it also prints where it began, and follows links to what was moved. */
function asAsked(words: Words): CommandQuestion {
  if (words[0] !== 'find') return { kind: 'command', words };
  const [root = '', ...rest] = words.slice(1);
  const depth = rest[0] === '-maxdepth' ? 2 : 0;
  const acts = rest.some((word) => /^-(exec|print|print0|printf|ls)$/.test(word));
  const tests = acts ? rest.slice(depth) : ['(', ...rest.slice(depth), ')', '-print'];
  const mark = ['-path', root, '-print', '-o'];
  return { kind: 'command', words: ['find', '-L', root, ...rest.slice(0, depth), ...mark, ...tests] };
}

function rootOf(words: Words): string | undefined {
  return words[0] === 'find' ? words[2] : undefined;
}

function isJournal({ words }: CommandQuestion): boolean {
  return words[0] === 'journalctl';
}

function empty(text: string): boolean {
  return /^\s*(-- No entries --\s*)?$/.test(text);
}

function journalKept(answer: Answer, named: string): Read<string> {
  if (answer.kind !== 'said')
    return unread(whyNot(answer, `whether this node keeps a journal, for ${named} is empty,`));
  return /^-- cursor: /m.test(answer.text)
    ? known('')
    : unread(
        `${named} is empty, and so is the whole journal of this node: look whether systemd-journald runs and keeps it`,
      );
}

/**
 * grep without a match, journalctl of units that never logged, and what names the very file or folder that is not there, fail: all
 * say that there is no such line. Any other failure is no answer.
 */
function saysNone(answer: Answer, words: Words): boolean {
  if (answer.kind !== 'failed' || (answer.exit !== 1 && answer.exit !== 2)) return false;
  const message = answer.message.trim();
  if (message === '') return answer.exit === 1 && words.includes('grep');
  if (/^Failed to add filter for units: No data available$/.test(message)) return true;
  const missing = /^\w+: (?:cannot \w+ )?['‘]?(.*?)['’]?(?: for reading)?: No such file or directory$/.exec(
    message,
  )?.[1];
  return missing !== undefined && words.includes(missing);
}
