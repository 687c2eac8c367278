import { edited, type Field, type FieldEdit } from './view-field.ts';

/** What lies over the screen of the current step. One is shown at a time; escape returns to the one beneath. */
export type Overlay =
  | { readonly kind: 'help' }
  | { readonly kind: 'quit' }
  | { readonly kind: 'explain' }
  | { readonly kind: 'commands' }
  | { readonly kind: 'preview' }
  | { readonly kind: 'confirm-apply'; readonly places: readonly string[] }
  /** A skip is asked for line by line; what was said so far stays, so that going back loses nothing. */
  | {
      readonly kind: 'skip';
      readonly places: readonly string[];
      readonly asks: 'reason' | 'owner' | 'expires';
      readonly reason: string;
      readonly owner: string;
    }
  | { readonly kind: 'attest'; readonly places: readonly string[] }
  | { readonly kind: 'undo' }
  | { readonly kind: 'confirm-undo'; readonly changes: readonly string[]; readonly force: boolean }
  | { readonly kind: 'confirm-restart'; readonly nodes: readonly string[] }
  | { readonly kind: 'confirm-repair'; readonly node: string }
  | { readonly kind: 'confirm-take-over'; readonly node: string }
  | { readonly kind: 'confirm-plan' }
  /** A practice session is open, and this line of the first screen, or this distribution, would end its cluster. */
  | { readonly kind: 'confirm-end-lab'; readonly choice: string }
  | { readonly kind: 'confirm-end-lab'; readonly distribution: string }
  | { readonly kind: 'running' }
  | { readonly kind: 'asked' }
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'sessions' }
  | { readonly kind: 'edit-nodes' }
  | { readonly kind: 'edit-cluster' }
  | { readonly kind: 'import-ssh' }
  | { readonly kind: 'import-inventory' }
  | { readonly kind: 'upgrade-to' }
  | { readonly kind: 'upgrade' }
  | { readonly kind: 'name-rancher' }
  | { readonly kind: 'log-line' };

/** The kinds of overlay, for tables that must be complete. */
export type OverlayKind = Overlay['kind'];

/** A sentence above the footer. */
export type Notice = { readonly text: string; readonly tone: 'good' | 'bad' | 'plain' };

/** What the operator looks at; no fact about the cluster lives here. Lists are keyed by id so that a place is kept on return. */
export type View = {
  readonly columns: number;
  readonly rows: number;
  readonly overlay?: Overlay;
  /** Overlays that come back when the one on top is closed, the nearest last. */
  readonly beneath: readonly Overlay[];
  /** The highlighted item's id by list id. */
  readonly highlighted: Readonly<Record<string, string>>;
  /** Ticked items by list id. */
  readonly picked: Readonly<Record<string, readonly string[]>>;
  readonly filter: Readonly<Record<string, string>>;
  /** A filter being typed into this list. */
  readonly filtering?: string;
  readonly scroll: Readonly<Record<string, number>>;
  /** The line being typed; it belongs to the screen that `shown` names and to no other. */
  readonly field?: Field;
  /** Long texts that were left without saving, by the screen they belong to. */
  readonly drafts: Readonly<Record<string, Field>>;
  /** The control that is open on the controls screen; none shows the overview. */
  readonly control?: string;
  readonly notice?: Notice;
  /** The screen or overlay that stands now, as the root key handler names it. */
  readonly shown: string;
  /** When the current screen was drawn first; keys typed before it stood 300 ms are dropped where they could change a node. */
  readonly shownAt: number;
  /** The screen has stood long enough, and quietly enough, to take a key that could change a node. */
  readonly armed: boolean;
  /** Unfinished changes that the operator put off, so that they are not asked about again at every turn. */
  readonly putOff: readonly string[];
  /** When ctrl-c was pressed last. */
  readonly interruptedAt?: number;
  /** When a key asked for another screen that has not come yet; a second such key is dropped meanwhile. */
  readonly leavingAt?: number;
};

/** A view before anything was pressed. */
export const firstView: View = {
  columns: 80,
  rows: 24,
  beneath: [],
  highlighted: {},
  picked: {},
  filter: {},
  scroll: {},
  drafts: {},
  shown: '',
  shownAt: 0,
  armed: false,
  putOff: [],
};

/** Everything that can happen to the view. */
export type ViewIntent =
  | { readonly kind: 'resized'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'shown'; readonly id: string; readonly at: number; readonly field?: Field }
  | { readonly kind: 'armed'; readonly id: string }
  /** Another step of the way stands: whatever lay over the last one is gone. */
  | { readonly kind: 'screen'; readonly now: number }
  | { readonly kind: 'open'; readonly overlay: Overlay; readonly now: number }
  | { readonly kind: 'close'; readonly now: number }
  | { readonly kind: 'control-opened'; readonly control: string }
  | { readonly kind: 'control-closed' }
  | { readonly kind: 'highlighted'; readonly list: string; readonly id: string }
  | { readonly kind: 'picked'; readonly list: string; readonly ids: readonly string[] }
  | { readonly kind: 'filter-started'; readonly list: string }
  | { readonly kind: 'filter-set'; readonly list: string; readonly text: string }
  | { readonly kind: 'filter-kept' }
  | { readonly kind: 'filter-cleared'; readonly list: string }
  | { readonly kind: 'scrolled'; readonly id: string; readonly to: number }
  | { readonly kind: 'edited'; readonly edit: FieldEdit }
  | { readonly kind: 'draft-dropped' }
  | ({ readonly kind: 'notice' } & Notice)
  | { readonly kind: 'notice-cleared' }
  | { readonly kind: 'put-off'; readonly changes: readonly string[] }
  | { readonly kind: 'interrupted'; readonly at: number }
  | { readonly kind: 'leaving'; readonly at: number };

/** The view after one more intent. */
export function reduceView(view: View, intent: ViewIntent): View {
  switch (intent.kind) {
    case 'resized':
      return { ...view, columns: intent.columns, rows: intent.rows };
    case 'shown':
      return shown(view, intent.id, intent.at, intent.field);
    case 'armed':
      return view.armed || view.shown !== intent.id ? view : { ...view, armed: true };
    case 'screen':
      return { ...drop(drop(view, 'overlay'), 'filtering'), beneath: [], armed: false, shownAt: intent.now };
    case 'open':
      return {
        ...view,
        beneath: view.overlay ? [...view.beneath, view.overlay] : view.beneath,
        overlay: intent.overlay,
        scroll: { ...view.scroll, [intent.overlay.kind]: firstScroll(intent.overlay.kind) },
        armed: false,
        shownAt: intent.now,
      };
    case 'close':
      return closed(view, intent.now);
    case 'control-opened':
      return { ...drop(view, 'filtering'), control: intent.control, armed: false };
    case 'control-closed':
      return { ...drop(view, 'control'), armed: false };
    case 'highlighted':
      return { ...view, highlighted: { ...view.highlighted, [intent.list]: intent.id } };
    case 'picked':
      return { ...view, picked: { ...view.picked, [intent.list]: intent.ids } };
    case 'filter-started':
      return { ...view, filtering: intent.list };
    case 'filter-set':
      return { ...view, filter: { ...view.filter, [intent.list]: intent.text } };
    case 'filter-kept':
      return drop(view, 'filtering');
    case 'filter-cleared': {
      const { [intent.list]: _, ...filter } = view.filter;
      return { ...drop(view, 'filtering'), filter };
    }
    case 'scrolled':
      return { ...view, scroll: { ...view.scroll, [intent.id]: Math.max(0, intent.to) } };
    case 'edited':
      return view.field ? { ...view, field: edited(view.field, intent.edit) } : view;
    case 'draft-dropped': {
      const { [view.shown]: _, ...drafts } = view.drafts;
      return { ...drop(view, 'field'), drafts };
    }
    case 'notice':
      return { ...drop(view, 'leavingAt'), notice: { text: intent.text, tone: intent.tone } };
    case 'notice-cleared':
      return view.notice ? drop(view, 'notice') : view;
    case 'put-off':
      return { ...view, putOff: [...new Set([...view.putOff, ...intent.changes])] };
    case 'interrupted':
      return { ...view, interruptedAt: intent.at };
    case 'leaving':
      return { ...view, leavingAt: intent.at };
  }
}

/** A new screen stands: long texts of the last one are kept, everything else that was typed is forgotten. */
function shown(view: View, id: string, at: number, given: Field | undefined): View {
  const old = view.field;
  const drafts =
    old?.multiline && !old.secret && old.text !== '' ? { ...view.drafts, [view.shown]: old } : view.drafts;
  const field = given && ((given.multiline ? drafts[id] : undefined) ?? given);
  const rest = drop(drop(view, 'field'), 'leavingAt');
  return { ...rest, drafts, shown: id, shownAt: at, armed: false, ...(field ? { field } : {}) };
}

/** Live output is read from its end, everything else from its beginning; who draws it keeps it within bounds. */
function firstScroll(kind: OverlayKind): number {
  return kind === 'running' ? Number.MAX_SAFE_INTEGER : 0;
}

function closed(view: View, at: number): View {
  const overlay = view.beneath.at(-1);
  const rest = { ...drop(view, 'overlay'), beneath: view.beneath.slice(0, -1), armed: false, shownAt: at };
  return overlay ? { ...rest, overlay } : rest;
}

/** A view without one of its optional parts. */
function drop(view: View, key: 'overlay' | 'filtering' | 'field' | 'control' | 'notice' | 'leavingAt'): View {
  const { [key]: _, ...rest } = view;
  return rest as View;
}
