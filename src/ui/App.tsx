import { useStdout } from 'ink';
import { type ReactNode, useEffect } from 'react';
import { Frame } from './components/Frame.tsx';
import { type LookOptions, lookOf } from './look.ts';
import { markOf, type Taken, useTaken } from './taken.ts';
import { type ScreenStore, useApp } from './use-app.ts';

/** Draws the store. Keys do not pass through here: the driver takes them before Ink could. */
export function App({
  store,
  options,
  taken,
  showMark,
  onWriter,
}: {
  readonly store: ScreenStore;
  readonly options: LookOptions;
  readonly taken: Taken;
  /** Tests want to know when nothing will change by itself any more, and whether that is so after all they have typed. */
  readonly showMark: boolean;
  readonly onWriter: (write: (text: string) => void) => void;
}): ReactNode {
  const state = useApp(store);
  const { write } = useStdout();
  useEffect(() => onWriter(write), [write, onWriter]);
  const busy = (state.work.length + state.recording > 0 && !state.asked) || !state.view.armed;
  const bytes = useTaken(taken);
  const mark = showMark ? markOf(busy, bytes) : '';
  return <Frame state={state} look={lookOf(state.view, options)} mark={mark} />;
}
