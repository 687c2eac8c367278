/** A line of text being typed. A secret's characters are kept outside the store; only their number is here. */
export type Field = {
  readonly text: string;
  readonly caret: number;
  readonly secret: boolean;
  readonly multiline: boolean;
};

/** What can be done to a field. */
export type FieldEdit =
  | { readonly kind: 'insert'; readonly text: string }
  | { readonly kind: 'backspace' }
  | { readonly kind: 'delete' }
  | { readonly kind: 'clear' }
  | { readonly kind: 'move'; readonly to: 'left' | 'right' | 'home' | 'end' | 'up' | 'down' };

// What a cleared field goes back to.
const emptyField = { text: '', caret: 0 } as const;

/** The most characters a field takes; a paste beyond that is cut. */
export const longestField = 100_000;

/** A field with a first text, the caret at its end. */
export function field(
  text = '',
  kind: { readonly secret?: boolean; readonly multiline?: boolean } = {},
): Field {
  return { text, caret: text.length, secret: kind.secret ?? false, multiline: kind.multiline ?? false };
}

/** The field after an edit. The caret never stands inside a character. */
export function edited(field: Field, edit: FieldEdit): Field {
  const before = field.text.slice(0, field.caret);
  const after = field.text.slice(field.caret);
  switch (edit.kind) {
    case 'insert': {
      const clean = field.multiline ? edit.text : edit.text.replaceAll(/\n+/g, ' ');
      const room = clean.slice(0, Math.max(0, longestField - field.text.length));
      return { ...field, text: before + room + after, caret: field.caret + room.length };
    }
    case 'backspace': {
      const kept = before.slice(0, before.length - lastCharacter(before).length);
      return { ...field, text: kept + after, caret: kept.length };
    }
    case 'delete':
      return { ...field, text: before + after.slice(firstCharacter(after).length) };
    case 'clear':
      return { ...field, ...emptyField };
    case 'move':
      return { ...field, caret: moved(field, edit.to, before, after) };
  }
}

function moved(field: Field, to: string, before: string, after: string): number {
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = after.indexOf('\n') < 0 ? field.text.length : field.caret + after.indexOf('\n');
  switch (to) {
    case 'left':
      return field.caret - lastCharacter(before).length;
    case 'right':
      return field.caret + firstCharacter(after).length;
    case 'home':
      return lineStart;
    case 'end':
      return lineEnd;
    case 'up': {
      if (lineStart === 0) return 0;
      const above = field.text.lastIndexOf('\n', lineStart - 2) + 1;
      return settle(field.text, Math.min(above + (field.caret - lineStart), lineStart - 1));
    }
    default: {
      if (lineEnd === field.text.length) return lineEnd;
      const next = field.text.indexOf('\n', lineEnd + 1);
      const end = next < 0 ? field.text.length : next;
      return settle(field.text, Math.min(lineEnd + 1 + (field.caret - lineStart), end));
    }
  }
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The nearest character border at or before an offset. */
function settle(text: string, offset: number): number {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const segment = segmenter.segment(text.slice(lineStart)).containing(offset - lineStart);
  return segment === undefined ? offset : lineStart + segment.index;
}

function firstCharacter(text: string): string {
  const [first] = segmenter.segment(text.slice(0, 64));
  return first?.segment ?? '';
}

function lastCharacter(text: string): string {
  let last = '';
  for (const { segment } of segmenter.segment(text.slice(-64))) last = segment;
  return last;
}
