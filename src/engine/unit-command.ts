import { known, type Read } from '../domain/answer.ts';
import type { Distribution } from '../domain/distribution.ts';
import { readUnit } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo } from '../domain/question.ts';
import { variableOf } from '../resources/settings.ts';

/** What a unit itself says to the service it starts: by the flags of its command, and by the variables of its own. */
export type UnitCommand = {
  readonly flag: (...names: readonly string[]) => string | undefined;
  readonly variable: (key: string) => string | undefined;
};

/** How a unit starts its service, from its answer; what an older systemd leaves out is not set. */
export function unitCommand(distribution: Distribution, answers: Answers, name: string): Read<UnitCommand> {
  const unit = readUnit(answerTo(answers, { kind: 'unit', name }), name);
  if (!unit.known) return unit;
  const words = argumentsOf(unit.value.get('ExecStart') ?? '');
  const environment = variablesOf(unit.value.get('Environment') ?? '');
  return known({
    flag: (...names) => names.map((flag) => flagValue(words, flag)).find((value) => value !== undefined),
    variable: (key) => environment.get(variableOf(key, distribution.config?.environment.prefix ?? '')),
  });
}

/** The words after the verb: those before it belong to whatever wraps the command. */
function argumentsOf(shown: string): string {
  const command = /argv\[\]=(.*?) ; ignore_errors=/.exec(shown)?.[1] ?? '';
  return / (?:server|agent)( .*)$/.exec(command)?.[1] ?? '';
}

/** systemctl joins the words with blanks, so a value reaches to the next flag; a flag without a value is true. */
function flagValue(words: string, flag: string): string | undefined {
  const found = [...words.matchAll(new RegExp(` ${flag}(?:[= ](?!-)(.*?))?(?= -|$)`, 'g'))].at(-1);
  return found && (found[1] ?? 'true').trim().replace(/^(["'])(.*)\1$/, '$2');
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
