import * as z from 'zod';
import type { Lesson } from '../domain/trouble.ts';
import { namesRoles, roleless, wantless, wantsSomething } from './control-rules.ts';
import { type ControlData, controlKeys, name, pattern, text } from './schema.ts';

/** The longest name of a fault that a list of causes shows whole on a wide terminal. */
const longestFault = 50;
/** The name of a fault: it stands in a list, so it is short and no sentence with its full stop. */
const fault = text
  .max(
    longestFault,
    `must name the fault in at most ${longestFault} characters; asks and means have room for more`,
  )
  .refine((said) => !/[.!?]$/.test(said), 'is a name and ends without a full stop');
const lessonKeys = { fault, asks: text, healthy: text, means: text, deeper: text.exactOptional() };
const signs = z.array(pattern).min(1).exactOptional();
const distributions = z.array(name).min(1).exactOptional();

/** A possible cause of its own: a control whose wants are the healthy state, and what it teaches. */
export const ownCheckSchema = z
  .strictObject({
    ...controlKeys,
    ...lessonKeys,
    signs,
    distributions,
    onlyIf: controlKeys.wants.unwrap().min(1).exactOptional(),
  })
  .refine(namesRoles, roleless)
  .refine(wantsSomething, wantless)
  .refine(({ fault, title }) => fault !== title, {
    path: ['fault'],
    message: 'must name what is wrong; the title is the healthy state',
  });

/** A possible cause that is a control of the distribution, or a check of another trouble, whose lesson then is the default. */
export const namedCheckSchema = z.strictObject({
  control: name,
  fault: fault.exactOptional(),
  asks: text.exactOptional(),
  why: text.exactOptional(),
  healthy: text.exactOptional(),
  means: text.exactOptional(),
  deeper: text.exactOptional(),
  signs,
  distributions,
});

/** A check of a trouble: one of the two forms, told apart by the key `control`. */
const checkSchema = z.unknown().transform((value, context): CheckData => {
  const named = typeof value === 'object' && value !== null && 'control' in value;
  const read = (named ? namedCheckSchema : ownCheckSchema).safeParse(value);
  if (read.success) return read.data as CheckData;
  for (const issue of read.error.issues) context.issues.push({ ...issue, input: value } as never);
  return z.NEVER;
});

/** What `troubles/every.yaml` may say: checks that end every trouble. */
export const checksSchema = z.array(checkSchema).min(1);

/** What a file below `troubles/` may say. */
export const troubleSchema = z.strictObject({
  id: name.refine((id) => id !== 'all' && id !== 'every', 'is a name of this program; take another'),
  title: text,
  symptom: text,
  distributions,
  checks: checksSchema,
});

/** A possible cause as its file states it. */
export type OwnCheckData = ControlData &
  Omit<Lesson, 'why'> & {
    readonly distributions?: readonly string[];
    readonly onlyIf?: ControlData['wants'];
  };
/** A possible cause that is named, with what is said of it here. */
export type NamedCheckData = Partial<Lesson> & {
  readonly control: string;
  readonly distributions?: readonly string[];
};
/** A check of a trouble as its file states it. */
export type CheckData = OwnCheckData | NamedCheckData;
/** A trouble as its file states it. */
export type TroubleData = {
  readonly id: string;
  readonly title: string;
  readonly symptom: string;
  readonly distributions?: readonly string[];
  readonly checks: readonly CheckData[];
};
