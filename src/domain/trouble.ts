import type { Benchmark, BenchmarkItem, Control, Impact, Profile } from './control.ts';

/** Why a session was begun: to harden a cluster, or to find out why one is broken and to mend it. */
export type Purpose = 'harden' | 'repair';

/** What a check of a trouble teaches whoever reads it: what is asked and why, and what its answers mean. */
export type Lesson = {
  /** The fault by its name, as the list of possible causes has it; the title of the check is the healthy state. */
  readonly fault: string;
  readonly asks: string;
  readonly why: string;
  /** What a healthy answer looks like. */
  readonly healthy: string;
  /** What a bad answer means in this trouble. */
  readonly means: string;
  /** The same one level deeper. */
  readonly deeper?: string;
  /** Lines of logs, as regular expressions, that point here. */
  readonly signs?: readonly string[];
};

/** One check of a trouble: a possible cause, which is a control whose wants are the healthy state. */
export type TroubleItem = BenchmarkItem & { readonly lesson: Lesson };

/** What one sees of a broken cluster, and what may be the cause of it: a benchmark, for everything that takes one. */
export type Trouble = Omit<Benchmark, 'items'> & {
  /** What one sees, in two or three sentences. */
  readonly symptom: string;
  readonly items: readonly TroubleItem[];
};

/** The trouble that has every check of all others, for whoever recognises none of them. */
export const lookForYourself = 'trouble-all';

/** How much a cure disturbs, the gentlest first. */
export const gentlestFirst: readonly Impact[] = [
  'none',
  'traffic',
  'pod-start',
  'service-restart',
  'pod-eviction',
  'reboot',
  'irreversible',
];

/** Whether a check only shows that something is wrong, by a log or by trying, and is never itself the cause: no cure is its own. */
export function isSign({ wants }: Pick<Control, 'wants'>): boolean {
  return wants.length > 0 && wants.every(({ type }) => type === 'log' || type === 'lookup');
}

/** The id under which a trouble stands beside the benchmarks, from the name of its file. */
export function troubleId(name: string): string {
  return `trouble-${name}`;
}

/** A trouble of a profile by its id; undefined where there is none, and for the id of a published benchmark. */
export function troubleOf(
  profile: Pick<Profile, 'troubles'> | undefined,
  id: string | undefined,
): Trouble | undefined {
  return profile?.troubles?.find((trouble) => trouble.id === id);
}

/** What a trouble teaches of a control; undefined where it is only there because another needs it. */
export function lessonOf(trouble: Trouble | undefined, control: string): Lesson | undefined {
  return trouble?.items.find((item) => item.control === control)?.lesson;
}

/**
 * What a check is called where causes are looked for: the fault that it finds. The chosen trouble names it, else any trouble that
 * has it; undefined where none does.
 */
export function faultOf(
  troubles: readonly Trouble[] | undefined,
  chosen: string | undefined,
  control: string,
): string | undefined {
  const first = troubles?.find(({ id }) => id === chosen);
  const named = (trouble: Trouble): string | undefined => lessonOf(trouble, control)?.fault;
  return (first && named(first)) ?? troubles?.map(named).find((fault) => fault !== undefined);
}

/** A check that a line of a log points at, in the trouble that has it. */
export type Pointed = { readonly trouble: string; readonly control: string };

/**
 * Where a line of a log points: the check whose sign matches the longest part of it, in the first trouble that has it. Undefined
 * where no sign matches.
 */
export function pointedAt(troubles: readonly Trouble[], line: string): Pointed | undefined {
  let best: (Pointed & { readonly length: number }) | undefined;
  for (const { id, items } of troubles) {
    if (id === lookForYourself) continue;
    for (const { control, lesson } of items)
      for (const sign of lesson.signs ?? []) {
        const length = new RegExp(sign, 'i').exec(line)?.[0].length ?? 0;
        if (length > (best?.length ?? 0)) best = { trouble: id, control, length };
      }
  }
  return best && { trouble: best.trouble, control: best.control };
}
