/** What lies over the screen of the current step. One at a time; escape closes it. */
export type Overlay =
  | { readonly kind: 'help' }
  | { readonly kind: 'quit' }
  | { readonly kind: 'explain' }
  | { readonly kind: 'commands' }
  | { readonly kind: 'preview' }
  | { readonly kind: 'confirm-apply'; readonly places: readonly string[] }
  | { readonly kind: 'skip'; readonly places: readonly string[] }
  | { readonly kind: 'attest'; readonly places: readonly string[] }
  | { readonly kind: 'undo' }
  | { readonly kind: 'confirm-undo'; readonly changes: readonly string[]; readonly force: boolean }
  | { readonly kind: 'confirm-restart'; readonly nodes: readonly string[] }
  | { readonly kind: 'running' }
  | { readonly kind: 'asked' }
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'edit-nodes' }
  | { readonly kind: 'import-inventory' };

/** A line of text being typed. A secret's characters are kept outside the store; only their number is here. */
export type Field = {
  readonly text: string;
  readonly caret: number;
  readonly secret: boolean;
  readonly multiline: boolean;
};

/** What the operator looks at; no fact about the cluster lives here. Lists are keyed by id so that a place is kept on return. */
export type View = {
  readonly columns: number;
  readonly rows: number;
  readonly overlay?: Overlay;
  /** The highlighted item's id by list id. */
  readonly highlighted: Readonly<Record<string, string>>;
  readonly filter: Readonly<Record<string, string>>;
  /** A filter being typed into this list. */
  readonly filtering?: string;
  readonly scroll: Readonly<Record<string, number>>;
  readonly field?: Field;
  /** The control that is open on the controls screen; none shows the overview. */
  readonly control?: string;
  readonly notice?: { readonly text: string; readonly tone: 'good' | 'bad' | 'plain' };
  /** When the current screen was drawn first; keys typed before it stood 300 ms are dropped where they could change a node. */
  readonly shownAt: number;
};

/** A view before anything was pressed. */
export const firstView: View = { columns: 80, rows: 24, highlighted: {}, filter: {}, scroll: {}, shownAt: 0 };
