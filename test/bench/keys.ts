import { EventEmitter } from 'node:events';
import type { AppState } from '../../src/store/state.ts';
import { createAppStore } from '../../src/store/store.ts';
import { mountApp } from '../../src/ui/mount.tsx';
import { bigState, noon } from '../ui/fixture.ts';
import { recordingActions } from '../ui/world.ts';

const pauseMs = 60;
const presses = 120;

/** A terminal's two ends without a terminal: what is written is noticed, what is pressed is sent. */
class Terminal extends EventEmitter {
  readonly isTTY = true;
  readonly columns = 100;
  readonly rows = 44;
  onFrame: (text: string) => void = () => {};
  setRawMode(): this {
    return this;
  }
  resume(): this {
    return this;
  }
  pause(): this {
    return this;
  }
  write(text: string): boolean {
    this.onFrame(text);
    return true;
  }
}

/** Presses keys in the list and takes the time from each key to the frame that shows it. */
async function press(state: AppState): Promise<readonly number[]> {
  const stdin = new Terminal();
  const stdout = new Terminal();
  const store = createAppStore(noon);
  store.setState(state, true);
  const { actions } = recordingActions();
  const app = mountApp({
    store,
    actions,
    stdin: stdin as never,
    stdout: stdout as never,
    signals: new EventEmitter() as never,
  });
  await pause(500);
  const figures: number[] = [];
  const keys = ['j', 'j', '\x1b[B', 'j', '\x1b[6~', 'k', '\x1b[A', 'j', '\x1b[6~', 'j'];
  for (let i = 0; i < presses; i++) {
    const begin = performance.now();
    let ms: number | undefined;
    stdout.onFrame = (text) => {
      if (text.length > 200) ms ??= performance.now() - begin;
    };
    stdin.emit('data', Buffer.from(keys[i % keys.length] ?? 'j'));
    await pause(pauseMs);
    if (ms === undefined) throw new Error(`key ${i} drew no frame`);
    if (i >= keys.length) figures.push(ms);
  }
  app.unmount();
  return figures;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const big = bigState();
const [node] = big.session.nodes;
if (!node) throw new Error('the fixture has no node');
const many = Array.from({ length: 2000 }, (_, i) => ({
  ...node,
  name: `worker-${i}`,
  host: `10.1.${i >> 8}.${i & 255}`,
}));
const lists = {
  '2,000 controls on 5 nodes': await press(big),
  '2,000 nodes': await press({ ...big, session: { ...big.session, nodes: many, step: 'nodes' } }),
};
process.stdout.write(JSON.stringify(lists), () => process.exit(0));
