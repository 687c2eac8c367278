import { kernelPath } from '../../domain/commands.ts';
import { type Question, questionKey } from '../../domain/question.ts';
import { commandLine, quote } from '../../domain/quote.ts';
import { changeFolder } from '../../domain/step.ts';
import { askBase, askFunctions, lockFile, statFields, unitProperties } from './ask-functions.ts';
import { processFunctions, wholeScript } from './prelude.ts';

type Of<K extends Question['kind']> = Extract<Question, { kind: K }>;
type Numbered<Q extends Question> = { readonly index: number; readonly question: Q };

/** The questions without repetition, in order: their place is their index on the wire. */
export function distinct(questions: readonly Question[]): readonly Question[] {
  return [...new Map(questions.map((q) => [questionKey(q), q])).values()];
}

/** The script that asks all questions (already distinct) in one go. */
export function askScript(marker: string, questions: readonly Question[]): string {
  const numbered = questions.map((question, index) => ({ index, question }));
  const of = <K extends Question['kind']>(kind: K): readonly Numbered<Of<K>>[] =>
    numbered.filter((n): n is Numbered<Of<K>> => n.question.kind === kind);
  const gathered = ['kernel', 'stat', 'unit'];
  return wholeScript(marker, [
    ...askBase,
    ...functionsFor(new Set(questions.map((q) => q.kind))),
    ...askKernel(of('kernel')),
    ...askStats(of('stat')),
    ...askUnits(of('unit')),
    ...numbered.filter((n) => !gathered.includes(n.question.kind)).map(askAlone),
  ]);
}

function functionsFor(kinds: ReadonlySet<string>): readonly string[] {
  const has = (...wanted: readonly string[]): boolean => wanted.some((kind) => kinds.has(kind));
  const f = askFunctions;
  return [
    ...(has('kernel') ? f.kernel : []),
    ...(has('stat') ? f.stat : []),
    ...(has('unit') ? f.unit : []),
    ...(has('file', 'lock') ? f.file : []),
    ...(has('account', 'group') ? f.account : []),
    ...(has('strays') ? f.strays : []),
    ...(has('command', 'object') ? f.command : []),
    ...(has('folder', 'sysctl-files', 'change-state') ? f.folder : []),
    ...(has('sysctl-files') ? f['sysctl-files'] : []),
    ...(has('process') ? f.process : []),
    ...(has('access') ? f.access : []),
    ...(has('machine') ? f.machine : []),
    ...(has('change-state') ? [...processFunctions, ...f['change-state']] : []),
  ];
}

/**
 * One `grep` for all kernel values, each line led by its path. The shell's own `read` must not be used here: dash and
 * busybox read a byte at a time, and /proc/sys answers only the first read, so 10 would be read as 1.
 */
function askKernel(asked: readonly Numbered<Of<'kernel'>>[]): readonly string[] {
  if (asked.length === 0) return [];
  const path = (n: Numbered<Of<'kernel'>>): string => kernelPath(n.question.key);
  return [
    ...linesOf(`$w_10 grep -sH '' ${commandLine(asked.map(path))}`),
    ...asked.flatMap((n) => [
      `case \${1-} in ${lead(path(n), ':')}*)`,
      `  w_begin ${n.index}`,
      `  while case \${1-} in ${lead(path(n), ':')}*) ;; *) false ;; esac; do w_line=\${1#${lead(path(n), ':')}}; shift; printf '%s\\n' "$w_line"; done`,
      `  w_end ${n.index} 0 ;;`,
      `*) w_kernel ${n.index} ${quote(path(n))} ;; esac`,
    ]),
  ];
}

/** One `stat` for all paths; those it has no line for are asked again alone, to learn why. */
function askStats(asked: readonly Numbered<Of<'stat'>>[]): readonly string[] {
  if (asked.length === 0) return [];
  const plain = asked.filter((n) => !n.question.path.includes('\n'));
  return [
    ...linesOf(`$w_10 stat -L -c '%n|${statFields}' ${commandLine(plain.map((n) => n.question.path))}`),
    ...asked.map(({ index, question: { path } }) =>
      path.includes('\n')
        ? `w_stat ${index} ${quote(path)}`
        : `case \${1-} in ${lead(path, '|')}*) w_line=\${1#${lead(path, '|')}}; shift; w_begin ${index}; printf '%s\\n' "$w_line"; w_end ${index} 0 ;; *) w_stat ${index} ${quote(path)} ;; esac`,
    ),
  ];
}

/** One `systemctl show` for all units that have plain names; it answers in the order of its arguments. */
function askUnits(asked: readonly Numbered<Of<'unit'>>[]): readonly string[] {
  const plain = asked.filter((n) => /^[A-Za-z0-9_.@:-]+$/.test(n.question.name));
  const others = asked.filter((n) => !plain.includes(n));
  const alone = (n: Numbered<Of<'unit'>>): string => `w_unit ${n.index} ${quote(n.question.name)}`;
  if (plain.length < 2) return asked.map(alone);
  const names = commandLine(plain.map((n) => n.question.name));
  return [
    `w_all=$($w_10 systemctl show --no-pager --property=${unitProperties} -- ${names} 2>/dev/null)`,
    'w_status=$?',
    'case $w_status in',
    `0) printf '%s\\n\\n' "$w_all" | { ${plain.map((n) => `w_next_unit ${n.index};`).join(' ')} } ;;`,
    `124 | 127 | 143) ${plain.map((n) => `w_begin ${n.index}; w_end ${n.index} $w_status;`).join(' ')} ;;`,
    `*) ${plain.map(alone).join('; ')} ;;`,
    'esac',
    ...others.map(alone),
  ];
}

function askAlone({ index, question: q }: Numbered<Question>): string {
  switch (q.kind) {
    case 'kernel':
    case 'stat':
    case 'unit':
      throw new Error(`${q.kind} questions are asked together`);
    case 'sysctl-files':
      return `w_sysctl_files ${index}`;
    case 'file':
      return `w_file ${index} ${quote(q.path)}`;
    case 'folder':
      return `w_folder ${index} ${quote(q.path.replace(/(.)\/+$/, '$1'))} ${quote(q.suffix)}`;
    case 'strays':
      return `w_strays ${index} ${commandLine([q.path, q.owner, q.group])}`;
    case 'account':
    case 'group': {
      const name = q.name.replaceAll(/[\\.[\]*^$]/g, '\\$&');
      return `w_account ${index} ${commandLine([`^${name}:`, q.kind === 'account' ? '/etc/passwd' : '/etc/group'])}`;
    }
    case 'process':
      return `w_process ${index} ${quote(q.name.slice(0, commLength))}`;
    case 'object':
      return `w_capped ${index} $w_20 ${commandLine([...q.kubectl, 'get', ...q.get, ...(asksForm(q.get) ? [] : ['-o', 'json'])])}; w_end ${index} "$w_status"`;
    case 'access':
      return `w_access ${index} ${commandLine([q.path, q.user, q.want])}`;
    case 'machine':
      return `w_machine ${index}`;
    case 'change-state':
      return `w_change_state ${index} ${quote(changeFolder({ session: q.session, id: q.change }))}`;
    case 'lock':
      return `w_file ${index} ${quote(lockFile)}`;
    case 'command':
      return `w_capped ${index} $w_10 ${commandLine(q.words)}; w_end ${index} "$w_status"`;
  }
}

/** The kernel keeps this many characters of a process's name. */
export const commLength = 15;

/** Puts the lines of a command's output into the positional parameters. Only when it hung must those asked again be timed. */
function linesOf(command: string): readonly string[] {
  return [
    `w_all=$(${command} 2>/dev/null)`,
    'case $? in 124 | 143) w_again=$w_10 ;; *) w_again= ;; esac',
    'IFS=$w_newline; set -f',
    'set -- $w_all',
    'set +f; unset IFS',
  ];
}

function lead(path: string, separator: string): string {
  return quote(`${path}${separator}`);
}

function asksForm(get: readonly string[]): boolean {
  return get.some((word) => word.startsWith('-o') || word.startsWith('--output'));
}
