import { type Answer, known, type Read, unread, whyNot } from './answer.ts';

/** A container as the runtime describes it; of its environment no value is ever asked for, for it may be a secret. */
export type Container = {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  /** What is mounted into it from its machine, as `from:to`, with further words after another colon. */
  readonly binds: readonly string[];
  /** `running` while it runs. */
  readonly state: string;
  /** When it was last started, ISO 8601. */
  readonly started: string;
  /** The names of its variables that begin with `ETCD_`, by which etcd is told what its arguments do not say. */
  readonly variables: readonly string[];
};

/** Reads a `container` answer; undefined when there is none of the name. */
export function readContainer(answer: Answer, name: string): Read<Container | undefined> {
  if (answer.kind === 'absent') return known(undefined);
  const what = `container ${name}`;
  if (answer.kind !== 'said') return unread(whyNot(answer, what));
  const found = parseContainer(answer.text);
  return found?.name === name
    ? known(found)
    : unread(`${what} was described in a form that could not be read`);
}

/** One line of the runtime's description; undefined when it is none, or not whole. */
export function parseContainer(line: string): Container | undefined {
  let read: Partial<Record<string, unknown>>;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return undefined;
    read = value as typeof read;
  } catch {
    return undefined;
  }
  const { name, image, args, state, started } = read;
  // Without any, the runtime says null.
  const binds = read.binds ?? [];
  if (![name, image, state, started].every((text) => typeof text === 'string')) return undefined;
  // The list always ends with a null, for the runtime's language has no way to write one without.
  const variables = Array.isArray(read.variables) ? read.variables.filter((each) => each !== null) : [];
  if (![args ?? [], binds, variables].every(isTexts)) return undefined;
  return {
    name: String(name).replace(/^\//, ''),
    image: String(image),
    args: (args ?? []) as readonly string[],
    binds: binds as readonly string[],
    state: String(state),
    started: String(started),
    variables,
  };
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
