import type { AppState } from '../store/state.ts';
import type { FieldEdit } from '../store/view-field.ts';
import type { Press } from './binding.ts';
import type { Key } from './keys.ts';
import { locate } from './location.ts';

/** Whether letters are text now: a field stands, or a filter is being typed. */
export function isTyping(state: AppState): boolean {
  return state.view.field !== undefined || isFiltering(state);
}

/** Whether a filter is being typed into the list that stands now. */
export function isFiltering(state: AppState): boolean {
  return locate(state) === 'filter';
}

/** Takes a key as text or as a move of the caret. False: it is for the key table. */
export function typeKey(press: Press, key: Key): boolean {
  if (press.state.view.field) return typeInField(press, key);
  if (isFiltering(press.state)) return typeInFilter(press, key);
  return false;
}

function typeInField(press: Press, key: Key): boolean {
  const field = press.state.view.field;
  const edit = editOf(key, field?.multiline ?? false);
  // Above a name to be typed stands a text to be read: these keys move that.
  const reads = locate(press.state).startsWith('confirm-');
  if (reads && key.kind === 'named' && ['home', 'end'].includes(key.name)) return false;
  if (!field || !edit) return false;
  if (!field.secret) {
    press.view({ kind: 'edited', edit });
    return true;
  }
  switch (edit.kind) {
    case 'insert': {
      const text = edit.text.replaceAll('\n', '');
      press.secret.type(text);
      press.view({ kind: 'edited', edit: { kind: 'insert', text: '*'.repeat([...text].length) } });
      return true;
    }
    case 'backspace':
      press.secret.backspace();
      press.view({ kind: 'edited', edit });
      return true;
    case 'clear':
      press.secret.clear();
      press.view({ kind: 'edited', edit });
      return true;
    default:
      return true;
  }
}

function typeInFilter(press: Press, key: Key): boolean {
  const list = press.state.view.filtering ?? '';
  const text = press.state.view.filter[list] ?? '';
  const set = (to: string): boolean => {
    press.view({ kind: 'filter-set', list, text: to.slice(0, 200) });
    return true;
  };
  if (key.kind === 'char') return set(text + key.text);
  if (key.kind === 'paste') return set(text + key.text.replaceAll('\n', ' '));
  if (key.name === 'backspace') return set([...text].slice(0, -1).join(''));
  return key.name === 'ctrl-u' ? set('') : false;
}

function editOf(key: Key, multiline: boolean): FieldEdit | undefined {
  if (key.kind !== 'named') return { kind: 'insert', text: key.text };
  switch (key.name) {
    case 'backspace':
    case 'delete':
      return { kind: key.name };
    case 'left':
    case 'right':
    case 'home':
    case 'end':
      return { kind: 'move', to: key.name };
    case 'up':
    case 'down':
      return multiline ? { kind: 'move', to: key.name } : undefined;
    case 'ctrl-a':
      return { kind: 'move', to: 'home' };
    case 'ctrl-e':
      return { kind: 'move', to: 'end' };
    case 'ctrl-u':
      return multiline ? undefined : { kind: 'clear' };
    default:
      return undefined;
  }
}
