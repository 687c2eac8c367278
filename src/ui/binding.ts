import type { Actions } from '../store/actions.ts';
import type { AppState } from '../store/state.ts';
import type { ViewIntent } from '../store/view.ts';
import type { Location } from './location.ts';
import type { SecretField } from './secret-field.ts';

/** How long the text of the current screen is, and how much of it is seen. */
export type Extent = { readonly lines: number; readonly height: number };

/** Everything an act may look at and do, as it stands at the moment of the key. */
export type Press = {
  readonly state: AppState;
  readonly actions: Actions;
  readonly view: (intent: ViewIntent) => void;
  readonly now: number;
  readonly secret: SecretField;
  /** The key came by itself, to a screen that has stood and can be read whole: it may set a change in motion. */
  readonly sure: boolean;
  readonly extent: () => Extent;
  readonly suspend: () => void;
  readonly redraw: () => void;
};

/** Whether a key works now; if not, why not. */
export type When = (state: AppState) => true | string;

/** What a key does somewhere. */
export type Binding = {
  readonly keys: readonly string[];
  readonly where: readonly Location[] | 'anywhere';
  /** Not in the footer; the help screen has it. */
  readonly quiet?: true;
  /** Neither footer nor help has it; it only says which key does what it seems to. */
  readonly unlisted?: true;
  /** In a narrow footer it stays when others give way. */
  readonly vital?: true;
  readonly word: string;
  /** For the help screen. */
  readonly about: string;
  readonly act: (press: Press) => void;
  readonly when?: When;
  /** It sets a change in motion, and so works only when the press is `sure`. */
  readonly confirms?: true;
  /** It asks for another screen: a second one before that has come is dropped. */
  readonly leaves?: true;
};

/** One row of the key table; its keys are separated by blanks. Earlier rows stay longer in a narrow footer. */
export function on(
  where: readonly Location[] | 'anywhere' | Location,
  keys: string,
  word: string,
  act: (press: Press) => void,
  about: string,
  when?: When,
): Binding {
  const places = typeof where === 'string' && where !== 'anywhere' ? [where] : where;
  return { keys: keys.split(' '), where: places, word, about, act, ...(when ? { when } : {}) };
}

/** The same row, for a key that sets a change in motion. */
export function confirming(binding: Binding): Binding {
  return { ...binding, confirms: true };
}

/** The same row, kept out of the footer. */
export function quiet(binding: Binding): Binding {
  return { ...binding, quiet: true };
}

/** The same row, kept out of footer and help. */
export function unlisted(binding: Binding): Binding {
  return { ...binding, quiet: true, unlisted: true };
}

/** The same row, for a key that a narrow footer keeps. */
export function vital(binding: Binding): Binding {
  return { ...binding, vital: true };
}

/** The same row, for a key that asks for another screen. */
export function leaving(binding: Binding): Binding {
  return { ...binding, leaves: true };
}

/** A sentence above the footer. */
export function say(press: Press, text: string, tone: 'good' | 'bad' | 'plain' = 'plain'): void {
  press.view({ kind: 'notice', text, tone });
}
