import * as z from 'zod';
import { known, type Read } from '../domain/answer.ts';
import type { NamedText } from '../domain/evidence.ts';
import type { Plan } from '../domain/resource.ts';
import { configuredAt, type PluginEntry } from './admission-document.ts';
import { shortValue } from './tree.ts';
import { oneWord, treePath } from './values.ts';
import { refused } from './write.ts';

/** Where the configuration of a plugin says how much it lets in, and what will do there. */
export const levelSchema = z.strictObject({ at: treePath, oneOf: z.array(oneWord).min(1).readonly() });

type Wanted = {
  readonly plugin: string;
  readonly level?: z.infer<typeof levelSchema> | undefined;
};

/** What the configuration says in place of a level that was asked for, in words; undefined where it is one of them. */
export function otherLevel(
  { plugin, level }: Wanted,
  documents: readonly NamedText[],
  plugins: readonly PluginEntry[],
  document: string,
): Read<string | undefined> {
  if (level === undefined) return known(undefined);
  const textOf = (path: string): string | undefined => documents.find((each) => each.path === path)?.text;
  const said = configuredAt(plugins, plugin, document, level.at, textOf);
  if (!said.known) return said;
  if (typeof said.value === 'string' && level.oneOf.includes(said.value)) return known(undefined);
  return known(`${level.at} is ${(said.value ?? '') === '' ? 'not set' : shortValue(said.value)}`);
}

/** A level that somebody wrote is not raised over their head: pods would be refused. */
export function planLevel(
  { plugin, level }: Wanted,
  other: Read<string | undefined>,
  document: string,
): Plan {
  if (!other.known) return refused(other.reason, 'Look at it by hand.');
  if (!level || other.value === undefined) return { kind: 'nothing' };
  return refused(
    `${document} has ${plugin}, but ${other.value}, and another level would refuse pods`,
    `Label the namespaces whose pods need more, set ${level.at} of ${plugin} to ${level.oneOf.join(' or ')}, and restart kube-apiserver.`,
  );
}
