import type { NamedText } from '../domain/evidence.ts';

/** A variable set by an environment file of a systemd unit, or by the unit itself. */
export type Assignment = {
  readonly name: string;
  readonly value: string;
  /** The file that sets it; undefined where the unit does. */
  readonly path: string | undefined;
  /** Where it is set, for people. */
  readonly where: string;
};

/** The assignments of an environment file; comments and lines that are none are left out, quotes are taken off. */
export function readEnvironment({ path, text }: NamedText): readonly Assignment[] {
  return text.split('\n').flatMap((raw, index): Assignment[] => {
    const found = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*?)\s*$/.exec(raw);
    const [, name, value = ''] = found ?? [];
    if (name === undefined) return [];
    const bare = /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
    return [{ name, value: bare, path, where: `${path}:${index + 1}` }];
  });
}
