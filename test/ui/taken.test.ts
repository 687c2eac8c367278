import { Console } from 'node:console';
import { EventEmitter } from 'node:events';
import { afterEach, expect, it, vi } from 'vitest';
import { createAppStore } from '../../src/store/store.ts';
import { type Mounted, mountApp } from '../../src/ui/mount.tsx';
import { noon, stateOf } from './fixture.ts';
import { recordingActions } from './world.ts';

// The test runner's console lacks the constructor that Ink wants.
Object.assign(console, { Console });

let app: Mounted | undefined;
afterEach(() => {
  app?.unmount();
  vi.unstubAllEnvs();
});

it('the mark never calls a screen still that what was pressed is about to change', async () => {
  vi.stubEnv('K8S_HARDEN_IDLE_MARK', '1');
  const store = createAppStore(noon);
  store.setState(stateOf({ step: 'probe' }), true);
  const { actions } = recordingActions();
  // As lazy-actions.ts does it: not before whoever pressed the key is done.
  const go = (): void => {
    void Promise.resolve().then(() => store.setState({ recording: 1 }));
  };
  const stdin = Object.assign(new EventEmitter(), { resume: () => {}, pause: () => {} });
  let bytes = '';
  const write = (text: string): boolean => {
    bytes += text;
    return true;
  };
  const stdout = Object.assign(new EventEmitter(), { isTTY: true, columns: 80, rows: 24, write });
  app = mountApp({
    store,
    actions: { ...actions, go },
    stdin,
    stdout: stdout as unknown as NodeJS.WriteStream,
    signals: Object.assign(new EventEmitter(), {
      exitCode: 0,
      kill: () => true as const,
      exit: () => {},
    }) as never,
  });
  await vi.waitFor(() => expect(bytes).toContain('i000'), 30_000);
  stdin.emit('data', Buffer.from('\u001b'));
  await vi.waitFor(() => expect(bytes).toContain('b001'), 30_000);
  expect(bytes).not.toContain('i001');
});
