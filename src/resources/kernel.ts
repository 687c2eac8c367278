import * as z from 'zod';
import { known, unread, whyNot } from '../domain/answer.ts';
import { readStat, type Stat } from '../domain/evidence.ts';
import { answerTo } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import type { Verdict } from '../domain/verdict.ts';
import { readSysctlTexts, type SysctlFile } from './sysctl-files.ts';
import { kernelValue, namesOf, parseSysctl, sysctlValue, withSysctl } from './sysctl-lines.ts';
import { isLink } from './sysctl-offender.ts';
import { afterWriting, bootWinner, maskedBy, type Setter, setters } from './sysctl-precedence.ts';
import { oneWord } from './values.ts';
import { refused, stepsOrNothing, writeFile } from './write.ts';

const schema = z.strictObject({
  key: oneWord,
  value: z.union([z.string().min(1), z.number()]).transform(String),
  file: z
    .string()
    .regex(/^\/etc\/sysctl\.d\/[^/\s]+\.conf$/, 'a file directly in /etc/sysctl.d whose name ends in .conf'),
});

type Wanted = z.infer<typeof schema>;

type Observed = {
  /** As /proc/sys prints it; undefined when this kernel has no such key. */
  readonly running: string | undefined;
  readonly files: readonly SysctlFile[];
  readonly stat: Stat | undefined;
};

function questions({ key, file }: Wanted) {
  return {
    running: { kind: 'kernel', key },
    files: { kind: 'sysctl-files' },
    stat: { kind: 'stat', path: file },
  } as const;
}

/** A kernel value: running, in our file, and what wins at the next boot. */
export const kernel: Resource<Wanted, Observed> = {
  type: 'kernel',
  schema,
  ask: (wanted) => Object.values(questions(wanted)),
  read: (wanted, answers) => {
    const asked = questions(wanted);
    const running = answerTo(answers, asked.running);
    if (running.kind !== 'said' && running.kind !== 'absent') return unread(whyNot(running, wanted.key));
    if (running.kind === 'said' && running.text.trim() === '') return unread(`${wanted.key} came back empty`);
    const files = readSysctlTexts(answerTo(answers, asked.files));
    if (!files.known) return files;
    const stat = readStat(answerTo(answers, asked.stat), wanted.file);
    if (!stat.known) return stat;
    const value = running.kind === 'said' ? running.text.replace(/\n$/, '') : undefined;
    return known({ running: value, files: files.value, stat: stat.value });
  },
  judge,
  change,
};

function judge(wanted: Wanted, observed: Observed): Verdict {
  const aim = `${wanted.key} = ${wanted.value}`;
  if (observed.running === undefined) {
    return { kind: 'fail', found: `this kernel has no ${wanted.key}`, wanted: aim };
  }
  const kept = atBootProblems(wanted, observed);
  const runs = sysctlValue(observed.running);
  if (runs === sysctlValue(wanted.value)) {
    if (kept.length > 0)
      return { kind: 'fail', found: `${wanted.key} is ${runs} now, but ${kept.join(' and ')}`, wanted: aim };
    const idle = setters(observed.files, wanted.key).find((s) => s.counts === 'not-read' && s.value !== runs);
    return {
      kind: 'pass',
      found: `${wanted.key} is ${runs}, at boot by ${where(winnerOf(wanted, observed))}`,
      wanted: aim,
      ...(idle
        ? { reason: `${where(idle)} says ${idle.value}; it is not read at boot, but sysctl -p would read it` }
        : {}),
    };
  }
  if (kept.length > 0)
    return { kind: 'fail', found: `${wanted.key} is ${runs} now, and ${kept.join(' and ')}`, wanted: aim };
  return {
    kind: 'configured-not-active',
    found: `${wanted.key} is ${runs} now, ${wanted.value} at boot by ${where(winnerOf(wanted, observed))}`,
    wanted: aim,
    reason: `${wanted.key} is ${runs} in the running kernel, though the files set it right at the next boot`,
  };
}

function change(wanted: Wanted, observed: Observed): Plan {
  if (observed.running === undefined) {
    return refused(
      `this kernel has no key ${wanted.key}`,
      'Find out which kernel module or build option brings it.',
    );
  }
  const steps: Step[] = [];
  if (atBootProblems(wanted, observed).length > 0) {
    const write = planFile(wanted, observed);
    if (write.kind === 'refused') return write;
    steps.push(write);
  }
  if (sysctlValue(observed.running) !== sysctlValue(wanted.value)) {
    steps.push({ kind: 'set-kernel', key: wanted.key, value: wanted.value, before: observed.running });
  }
  return stepsOrNothing(steps, false);
}

function planFile(wanted: Wanted, observed: Observed) {
  const before = textOf(observed, wanted.file);
  if (observed.files.some((f) => f.path === wanted.file && f.link !== undefined)) return isLink(wanted.file);
  const masks = before === undefined ? maskedBy(observed.files, wanted.file) : undefined;
  if (masks !== undefined) {
    return refused(
      `a new ${wanted.file} would put ${masks} out of force, for it has the same name`,
      'Copy that file to /etc/sysctl.d first, or let the control use another name.',
    );
  }
  const text = withSysctl(before ?? '', wanted.key, wanted.value);
  const winner = bootWinner(afterWriting(observed.files, wanted.file, text), wanted.key);
  if (!winner || winner.value !== sysctlValue(wanted.value)) {
    return refused(
      `${where(winner)} sets ${wanted.key} to ${winner?.value ?? 'nothing'} after ${wanted.file} at boot`,
      `Decide which of the two holds: correct or remove that line, or use a file that sorts after it; then ask again.`,
    );
  }
  return writeFile(wanted.file, before, text, observed.stat, { mode: '0644', owner: 'root', group: 'root' });
}

/** What is not as wanted at boot. A file of somebody else that sets the wanted value is as good as ours. */
function atBootProblems(wanted: Wanted, observed: Observed): readonly string[] {
  const value = sysctlValue(wanted.value);
  const own = ownLine(wanted, observed);
  const winner = winnerOf(wanted, observed);
  return [
    ...(own && own.value !== value
      ? [`${wanted.file}:${own.line} says ${own.value ?? 'to leave it alone'}`]
      : []),
    ...(winner ? [] : ['no file sets it at boot']),
    ...(winner && winner.value !== value && winner.path !== wanted.file
      ? [`${where(winner)} sets ${winner.value} at boot`]
      : []),
    ...(winner && winner.value !== value && !own ? [`${wanted.file} does not set it`] : []),
  ];
}

function ownLine(wanted: Wanted, observed: Observed) {
  const names = namesOf(wanted.key);
  const own = parseSysctl(textOf(observed, wanted.file) ?? '');
  const last = own.findLast((l) => !l.glob && names.includes(l.key));
  return last && { ...last, value: last.value === undefined ? undefined : kernelValue(last.value) };
}

function winnerOf(wanted: Wanted, observed: Observed): Setter | undefined {
  return bootWinner(observed.files, wanted.key);
}

function textOf(observed: Observed, path: string): string | undefined {
  return observed.files.find((f) => f.path === path)?.text;
}

function where(setter: Setter | undefined): string {
  return setter ? `${setter.path}:${setter.line}` : 'a line elsewhere';
}
