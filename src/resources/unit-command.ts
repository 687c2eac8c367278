import { known, type Read } from '../domain/answer.ts';
import { readUnit } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo } from '../domain/question.ts';

/** What a unit itself says to the service it starts: by the flags of its command, and by the variables of its own. */
export type UnitCommand = {
  readonly name: string;
  /** The values of the flag that is given last of those of these names; none when none is given. */
  readonly flag: (...names: readonly string[]) => string | undefined;
  /** All values of a flag, in their order. */
  readonly flags: (name: string) => readonly string[];
  readonly variables: ReadonlyMap<string, string>;
  /** The environment files that it reads. */
  readonly environmentFiles: readonly string[];
  /** Why its flags cannot be told, in one sentence. */
  readonly unsure: string | undefined;
};

/** How a unit starts its service, from its answer; what an older systemd leaves out is not set. */
export function unitCommand(answers: Answers, name: string): Read<UnitCommand> {
  const unit = readUnit(answerTo(answers, { kind: 'unit', name }), name);
  if (!unit.known) return unit;
  const command = /argv\[\]=(.*?) ; ignore_errors=/.exec(unit.value.get('ExecStart') ?? '')?.[1];
  const words = argumentsOf(command ?? '') ?? '';
  return known({
    name,
    flag: (...names) => names.map((flag) => valuesOf(words, flag).at(-1)).find((v) => v !== undefined),
    flags: (flag) => valuesOf(words, `--?${flag}`),
    variables: variablesOf(unit.value.get('Environment') ?? ''),
    environmentFiles: environmentFilesOf(unit.value.get('EnvironmentFiles') ?? ''),
    unsure: command === undefined ? undefined : whyUnsure(name, command),
  });
}

/** The words after the verb: those before it belong to whatever wraps the command. */
function argumentsOf(command: string): string | undefined {
  return / (?:server|agent)( .*|)$/.exec(command)?.[1];
}

function whyUnsure(name: string, command: string): string | undefined {
  const words = argumentsOf(command);
  if (words === undefined)
    return `the unit ${name} starts the service through another program, which may add flags`;
  const variable = /\$\{?\w+\}?/.exec(words)?.[0];
  return variable && `the unit ${name} starts the service with ${variable}, which was not read`;
}

/** systemctl joins the words with blanks, so a value reaches to the next flag; a flag without a value is true. */
function valuesOf(words: string, flag: string): readonly string[] {
  return [...words.matchAll(new RegExp(` ${flag}(?:[= ](?!-)(.*?))?(?= -|$)`, 'g'))].map((found) =>
    (found[1] ?? 'true').trim().replace(/^(["'])(.*)\1$/, '$2'),
  );
}

/** The assignments as systemctl shows them: separated by blanks, in quotes where one holds a blank. */
function variablesOf(shown: string): ReadonlyMap<string, string> {
  const pairs = [...shown.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].flatMap((found): [string, string][] => {
    const text = found[1]?.replace(/\\(.)/g, '$1') ?? found[2] ?? '';
    const at = text.indexOf('=');
    return at > 0 ? [[text.slice(0, at), text.slice(at + 1).replace(/^(["'])(.*)\1$/, '$2')]] : [];
  });
  return new Map(pairs);
}

/** The paths as systemctl shows them, each with whether it may be missing. */
function environmentFilesOf(shown: string): readonly string[] {
  return [...shown.matchAll(/(\/.*?) \(ignore_errors=(?:yes|no)\)/g)].map(([, path = '']) => path);
}
