import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { type Place, unitAt } from '../domain/distribution.ts';
import { readUnit } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Verdict } from '../domain/verdict.ts';

/** The question about a unit, that of the node agent unless said. */
export function unitQuestion(place: Place, name = unitAt(place)): Question {
  return { kind: 'unit', name };
}

const machineQuestion: Question = { kind: 'machine' };

/** What must be asked to tell since when a unit runs, the node agent unless said. */
export function activityQuestions(place: Place, name?: string): readonly Question[] {
  return [unitQuestion(place, name), machineQuestion];
}

/**
 * Since when the process of a unit (the node agent unless said) runs, in seconds since 1970; undefined when it is not active. The clock time is only taken when its
 * zone is plain, else it is counted from the boot of the machine.
 */
export function activeSince(answers: Answers, place: Place, name = unitAt(place)): Read<number | undefined> {
  const unit = answerTo(answers, unitQuestion(place, name));
  if (unit.kind === 'absent') return known(undefined);
  const shown = readUnit(unit, name);
  if (!shown.known) return shown;
  if (!['active', 'reloading'].includes(shown.value.get('ActiveState') ?? '')) return known(undefined);
  // The configuration is read when the process begins, which may be a minute before it calls itself active.
  const moment = shown.value.get('ExecMainStartTimestamp')
    ? 'ExecMainStartTimestamp'
    : 'ActiveEnterTimestamp';
  const stamp = shown.value.get(moment) ?? '';
  if (/^@\d+$/.test(stamp)) return known(Number(stamp.slice(1)));
  const plain = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:UTC|GMT)$/.exec(stamp);
  if (plain) return known(Date.parse(`${plain[1]}T${plain[2]}Z`) / 1000);
  const machine = answerTo(answers, machineQuestion);
  if (machine.kind !== 'said') return unread(whyNot(machine, `since when ${name} runs`));
  const since = Number(shown.value.get(`${moment}Monotonic`) ?? Number.NaN) / 1e6;
  const now = machineNumber(machine.text, 'now');
  const up = machineNumber(machine.text, 'uptime');
  return since > 0 && now !== undefined && up !== undefined
    ? known(now - up + since)
    : unread(`since when ${name} runs could not be read`);
}

/** Why something is right in its file and not in force; `otherwise` says it where no restart is due. */
export function notInForce(
  since: number | undefined,
  modified: number | undefined,
  unit: string,
  otherwise: string,
): { readonly kind: 'pending-restart' | 'configured-not-active'; readonly reason: string } {
  return since !== undefined && modified !== undefined && since < modified
    ? { kind: 'pending-restart', reason: startedBefore(unit) }
    : { kind: 'configured-not-active', reason: otherwise };
}

/**
 * The verdict on a file that is right: what the node agent reads at its start is in force only when the file is older than
 * that start.
 */
export function judgeByAge(
  right: Pick<Verdict, 'found' | 'wanted'>,
  since: Read<number | undefined>,
  file: { readonly path: string; readonly modified: number | undefined },
  unit: string,
): Verdict {
  if (!since.known) return { ...right, kind: 'unknown', reason: since.reason };
  if (since.value === undefined) {
    const found = `${right.found}, but ${unit} does not run`;
    const reason = `${unit} does not run, so nothing has read ${file.path}`;
    return { ...right, kind: 'configured-not-active', found, reason };
  }
  if (file.modified === undefined)
    return { ...right, kind: 'unknown', reason: `when ${file.path} was written could not be read` };
  if (since.value >= file.modified) return { ...right, kind: 'pass' };
  return { ...right, kind: 'pending-restart', reason: startedBefore(unit) };
}

function startedBefore(unit: string): string {
  return `${unit} started before the configuration was changed, if only in its mode or owner`;
}

function machineNumber(text: string, key: string): number | undefined {
  const value = new RegExp(`^${key}=(\\d+(?:\\.\\d+)?)`, 'm').exec(text)?.[1];
  return value === undefined ? undefined : Number(value);
}
