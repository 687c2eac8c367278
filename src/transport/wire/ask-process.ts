import type { Answer } from '../../domain/answer.ts';
import type { Question } from '../../domain/question.ts';
import { commLength } from './ask-groups.ts';
import type { Frame, Section } from './frames.ts';

type Process = {
  readonly folder: string;
  /** The name that the kernel keeps, which a process may change. */
  readonly comm: string;
  readonly args: readonly string[];
};

/**
 * The processes that are what they are called: their own name or the file name they were started under is the wanted one, they
 * belong to root or to the account of that name (etcd may run as etcd), and the program they run is called so too, where that
 * can be read. Anybody may start a process under any name.
 */
export function processesOf({ name, anyones }: Extract<Question, { kind: 'process' }>, frame: Frame): Answer {
  const owners = new Map(
    textOf(frame.sections[0])
      .split('\n')
      .map((line) => [line.split('|')[0] ?? '', line.split('|')]),
  );
  const called = frame.sections
    .slice(1)
    .flatMap(processOf)
    .filter((found) => isCalled(found, name));
  const unclear = called.some(({ folder }) => !owners.has(folder));
  if (unclear && !anyones)
    return { kind: 'failed', exit: 1, message: 'whose process it is could not be told' };
  const wanted = called.filter(({ folder }) => {
    if (anyones) return true;
    const [, uid, owner] = owners.get(folder) ?? [];
    const program = programOf(owners.get(`${folder}/exe`)?.slice(3).join('|') ?? '');
    return (uid === '0' || owner === name) && (program === undefined || program === name);
  });
  if (wanted.length === 0) return { kind: 'absent' };
  if (wanted.some(({ args }) => args.some((arg) => /[\u0001\u0002]/.test(arg))))
    return { kind: 'failed', exit: 1, message: 'its arguments hold control characters' };
  return {
    kind: 'said',
    text: wanted.map(({ args }) => `${args.map((arg) => `${arg}\u0001`).join('')}\u0002`).join(''),
  };
}

function processOf(section: Section): readonly Process[] {
  const [folder = '', comm = '', ...args] = textOf(section).replace(/\0$/, '').split('\0');
  return args.length === 0 || (args.length === 1 && args[0] === '') ? [] : [{ folder, comm, args }];
}

function isCalled({ comm, args }: Process, name: string): boolean {
  const base = args[0]?.split('/').at(-1) ?? '';
  if (base === name) return true;
  // Of a long name the kernel keeps only the start; another program with the same start is not meant.
  return comm === name.slice(0, commLength) && (name.length <= commLength || !base.startsWith(comm));
}

/** The file name of the program in `'/proc/7/exe' -> '/usr/bin/x'`; undefined where the link could not be followed. */
function programOf(link: string): string | undefined {
  const path = / -> ['"‘`]?(.*?)['"’]?$/.exec(link)?.[1];
  // An update may have replaced the file since.
  return path
    ?.replace(/ \(deleted\)$/, '')
    .split('/')
    .at(-1);
}

function textOf(section: Section | undefined): string {
  return section?.bytes.toString('utf8') ?? '';
}
