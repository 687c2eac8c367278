import { describe, expect, it } from 'vitest';
import { firstView, reduceView, type View, type ViewIntent } from '../../src/store/view.ts';
import { edited, field } from '../../src/store/view-field.ts';

const through = (view: View, ...intents: readonly ViewIntent[]): View => intents.reduce(reduceView, view);

describe('view', () => {
  it('returns to the overlay beneath', () => {
    const undo = { kind: 'undo' } as const;
    const ask = { kind: 'confirm-undo', changes: ['1'], force: false } as const;
    const view = through(
      firstView,
      { kind: 'open', overlay: undo, now: 1 },
      { kind: 'open', overlay: ask, now: 2 },
      { kind: 'open', overlay: { kind: 'help' }, now: 3 },
      { kind: 'close', now: 4 },
    );
    expect(view.overlay).toEqual(ask);
    expect(view.beneath).toEqual([undo]);
    expect(view.shownAt).toBe(4);
    expect(
      through(view, { kind: 'close', now: 5 }, { kind: 'close', now: 6 }, { kind: 'close', now: 7 }).overlay,
    ).toBeUndefined();
  });

  it('clears everything over the last step when another step stands', () => {
    const view = through(
      firstView,
      { kind: 'open', overlay: { kind: 'undo' }, now: 1 },
      { kind: 'filter-started', list: 'controls' },
      { kind: 'screen', now: 2 },
    );
    expect(view).toMatchObject({ beneath: [], shownAt: 2 });
    expect(view.overlay).toBeUndefined();
    expect(view.filtering).toBeUndefined();
  });

  it('disarms on every change of what stands, and arms only the screen that was meant', () => {
    const armed = through(firstView, { kind: 'shown', id: 'a', at: 1 }, { kind: 'armed', id: 'a' });
    expect(armed.armed).toBe(true);
    expect(through(armed, { kind: 'armed', id: 'b' }).armed).toBe(true);
    const next = through(armed, { kind: 'shown', id: 'b', at: 2 });
    expect(next.armed).toBe(false);
    expect(through(next, { kind: 'armed', id: 'a' }).armed).toBe(false);
    for (const intent of [
      { kind: 'open', overlay: { kind: 'undo' }, now: 3 },
      { kind: 'close', now: 3 },
      { kind: 'screen', now: 3 },
      { kind: 'control-opened', control: 'x' },
      { kind: 'control-closed' },
    ] as const) {
      expect(through(armed, intent).armed, intent.kind).toBe(false);
    }
  });

  it('keeps a long text as a draft, and never a word typed to confirm or a secret', () => {
    const typed = (multiline: boolean, secret: boolean): View =>
      through(
        firstView,
        { kind: 'shown', id: 'a', at: 1, field: field('', { multiline, secret }) },
        { kind: 'edited', edit: { kind: 'insert', text: 'prod' } },
        { kind: 'shown', id: 'b', at: 2 },
        { kind: 'shown', id: 'a', at: 3, field: field('', { multiline, secret }) },
      );
    expect(typed(true, false).field?.text).toBe('prod');
    expect(typed(false, false).field?.text).toBe('');
    expect(typed(true, true).field?.text).toBe('');
    expect(JSON.stringify(typed(true, true).drafts)).not.toContain('prod');
  });

  it('drops a draft that was saved', () => {
    const view = through(
      firstView,
      { kind: 'shown', id: 'a', at: 1, field: field('one', { multiline: true }) },
      { kind: 'draft-dropped' },
      { kind: 'shown', id: 'b', at: 2 },
    );
    expect(view.drafts).toEqual({});
  });

  it('keeps highlight, ticks, filter and scroll by list', () => {
    const view = through(
      firstView,
      { kind: 'highlighted', list: 'controls', id: 'x' },
      { kind: 'picked', list: 'restarts', ids: ['cp-1'] },
      { kind: 'filter-set', list: 'controls', text: 'fail' },
      { kind: 'scrolled', id: 'help', to: -3 },
      { kind: 'highlighted', list: 'places', id: 'cp-2' },
    );
    expect(view).toMatchObject({
      highlighted: { controls: 'x', places: 'cp-2' },
      picked: { restarts: ['cp-1'] },
      filter: { controls: 'fail' },
      scroll: { help: 0 },
    });
    expect(through(view, { kind: 'filter-cleared', list: 'controls' }).filter).toEqual({});
  });

  it('lets a notice end the wait for another screen', () => {
    const view = through(
      firstView,
      { kind: 'leaving', at: 5 },
      { kind: 'notice', text: 'Not yet.', tone: 'plain' },
    );
    expect(view.leavingAt).toBeUndefined();
    expect(through(view, { kind: 'notice-cleared' }).notice).toBeUndefined();
  });
});

describe('field', () => {
  const type = (text: string, ...edits: Parameters<typeof edited>[1][]) =>
    edits.reduce(edited, field(text, { multiline: true }));

  it('takes and deletes whole characters', () => {
    expect(type('aé', { kind: 'backspace' })).toMatchObject({ text: 'a', caret: 1 });
    expect(type('a👩‍🚀', { kind: 'backspace' })).toMatchObject({ text: 'a', caret: 1 });
    expect(type('👩‍🚀b', { kind: 'move', to: 'home' }, { kind: 'delete' })).toMatchObject({
      text: 'b',
      caret: 0,
    });
  });

  it('inserts at the caret and makes one line of many where there is one', () => {
    expect(type('ac', { kind: 'move', to: 'left' }, { kind: 'insert', text: 'b' }).text).toBe('abc');
    expect(edited(field('a'), { kind: 'insert', text: 'b\nc' }).text).toBe('ab c');
  });

  it('moves between lines and stops at the ends', () => {
    const lines = 'one\nthree\nx';
    expect(type(lines, { kind: 'move', to: 'up' }).caret).toBe(5);
    expect(
      type(lines, { kind: 'move', to: 'up' }, { kind: 'move', to: 'end' }, { kind: 'move', to: 'up' }).caret,
    ).toBe(3);
    expect(type(lines, { kind: 'move', to: 'down' }).caret).toBe(lines.length);
    expect(type('', { kind: 'move', to: 'left' }, { kind: 'backspace' }, { kind: 'delete' }).caret).toBe(0);
  });

  it('takes no more than it can hold', () => {
    expect(type('', { kind: 'insert', text: 'x'.repeat(200_000) }).text.length).toBe(100_000);
  });
});
