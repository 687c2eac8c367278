import type { Counts, Standing } from './counts.ts';
import type { Row } from './scope.ts';

/** What every standing is called in a document: in a repair a control is a possible cause, and has other words. */
export type Words = Readonly<Record<Standing, string>>;

/** What stands in a cell of a table: text as it was given, or a verdict. */
export type CellContent = string | { readonly standing: Standing };

/**
 * What a document for people is made of, before it is Markdown or HTML. Every text in it is as nodes and people gave it: the
 * form that writes it down makes it harmless.
 */
export type Block =
  | {
      readonly kind: 'heading';
      readonly level: 1 | 2 | 3 | 4;
      readonly text: string;
      readonly anchor?: string;
    }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      /** What it is, for who hears it rather than sees it. */
      readonly about: string;
      readonly head: readonly string[];
      readonly rows: readonly (readonly CellContent[])[];
      /** Counts to be drawn beside the words of a column, one for each row; a form that draws nothing leaves them out. */
      readonly bars?: readonly { readonly column: number; readonly counts: readonly Counts[] }[];
    }
  | { readonly kind: 'lines'; readonly language: 'text' | 'sh' | 'diff'; readonly text: string }
  /** Every control on every place as a picture; the tables say the same in words. */
  | { readonly kind: 'picture'; readonly rows: readonly Row[]; readonly words: Words };

/** A heading of a part and what stands below it; nothing where nothing does. */
export function part(title: string, blocks: readonly Block[]): readonly Block[] {
  return blocks.length === 0 ? [] : [{ kind: 'heading', level: 2, text: title }, ...blocks];
}

/** A part that is a list. */
export function listPart(title: string, items: readonly string[]): readonly Block[] {
  return part(title, items.length === 0 ? [] : [{ kind: 'list', items }]);
}

/** The name under which the heading of a control is found in a document, by its place among the controls. */
export function controlAnchor(index: number): string {
  return `control-${index + 1}`;
}
