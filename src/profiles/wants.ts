import { ZodError } from 'zod';
import type { Control, Want } from '../domain/control.ts';
import { type Distribution, fillWords } from '../domain/distribution.ts';
import { ok, type Result } from '../domain/failure.ts';
import type { Path, ProfileDocument } from './document.ts';
import { unreadCommand } from './reads.ts';
import type { ControlData } from './schema.ts';
import { firstFlaw } from './validate.ts';
import { undefinedWord } from './words.ts';

/**
 * Asks the resource type of this name whether it understands a spec: the spec as it takes it, undefined when there is no such
 * type. A spec that it does not understand throws a `ZodError`.
 */
export type ValidateWant = (type: string, spec: unknown) => unknown;

/** What a distribution must describe for a type to be of use. */
const rests: Readonly<Record<string, 'config' | 'argumentFiles'>> = {
  setting: 'config',
  'argument-file': 'argumentFiles',
  'admission-plugin': 'argumentFiles',
};

/** What is configured stands in files of a component each, or in the configuration of all. */
function restOf(spec: unknown): 'config' | 'argumentFiles' {
  return typeof spec === 'object' && spec !== null && 'service' in spec ? 'argumentFiles' : 'config';
}

/** Words that an `object` want fills itself, once for every namespace or object. */
const ownWords: Readonly<Record<string, readonly string[]>> = { object: ['namespace'] };

/** What is wrong with a want at a target that cannot answer it: a Rancher server is no machine, and no machine is one. */
function strayWant(type: string, target: Control['target']): string | undefined {
  if (type === 'rancher' && target !== 'rancher') return 'is only for a control whose target is rancher';
  return target === 'rancher' && type !== 'rancher' && type !== 'attested'
    ? 'cannot be asked of a Rancher server; there it is rancher or attested'
    : undefined;
}

/** A control with its wants checked, both as written and with the words filled in for every version. */
export function checkControl(
  document: ProfileDocument,
  place: number | Path,
  data: ControlData,
  distribution: Distribution,
  fillings: readonly Readonly<Record<string, string>>[],
  validateWant: ValidateWant,
  key: 'wants' | 'only' | 'next' | 'onlyNext' | 'onlyIf' = 'wants',
): Result<Control> {
  const at = [place].flat();
  for (const key of ['title', 'why', 'breaks'] as const) {
    if (/\{\{/.test(data[key])) {
      return document.invalid(
        [...at, key],
        'is read as it stands; words in double braces are not filled here',
      );
    }
  }
  const first = undefinedWord(data.first ?? [], distribution, []);
  if (first) return document.invalid([...at, 'first', ...first.path], first.message);
  const wants: Want[] = [];
  for (const [index, entry] of data.wants.entries()) {
    const [[type, spec] = ['', undefined]] = Object.entries(entry);
    const here = [...at, key, index, type];
    const missing = type === 'configured-argument' ? restOf(spec) : rests[type];
    if (missing !== undefined && !distribution[missing])
      return document.invalid(here, `needs ${missing} in distribution.yaml, which does not say any`);
    const astray = key === 'wants' ? strayWant(type, data.target) : undefined;
    if (astray !== undefined) return document.invalid(here, astray);
    const check = checkWant(validateWant, type, spec);
    if (!check.ok) return document.invalid([...here, ...check.path], check.message);
    const word = undefinedWord(spec, distribution, ownWords[type] ?? []);
    if (word) return document.invalid([...here, ...word.path], word.message);
    for (const filling of fillings) {
      const filled = checkWant(validateWant, type, fillWords(spec, filling));
      if (!filled.ok)
        return document.invalid([...here, ...filled.path], `${filled.message}, once its words are filled in`);
      const unread = unreadCommand(spec, distribution, filling);
      if (unread) return document.invalid([...here, ...unread.path], unread.message);
    }
    wants.push({ type, spec: check.spec });
  }
  return ok({ ...data, wants });
}

type WantCheck =
  | { readonly ok: true; readonly spec: unknown }
  | { readonly ok: false; readonly path: Path; readonly message: string };

function checkWant(validateWant: ValidateWant, type: string, spec: unknown): WantCheck {
  try {
    const taken = validateWant(type, spec);
    return taken === undefined
      ? {
          ok: false,
          path: [],
          message:
            'is not a resource type that is known; correct its spelling, docs/controls.md has a chapter on each',
        }
      : { ok: true, spec: taken };
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    return { ok: false, ...firstFlaw(error.issues, spec) };
  }
}
