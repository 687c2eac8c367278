import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/order.ts';

/** Files that mostly wait: for the program's own pace at a terminal, for a node to boot, a unit to settle, an answer not to come. */
const waiting = [
  'test/{terminal,nodes}/**/*.test.ts',
  'test/transport/wire/{ask-run,lookup}.test.ts',
  'test/store/{one-server,restarting}.test.ts',
  'test/lab/session.test.ts',
];

export default defineConfig({
  test: {
    // With CI set, Ink holds back every frame until it ends; the program's front door takes it away, and so do the tests.
    env: { FORCE_COLOR: '0', NODE_ENV: 'test', CI: 'false', CONTINUOUS_INTEGRATION: 'false' },
    hookTimeout: 180_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'waiting',
          include: waiting,
          globalSetup: ['test/terminal/setup.ts'],
          // What waits is cheap: more at once than there are processors.
          maxWorkers: 5,
          testTimeout: 180_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'working',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: waiting,
          maxWorkers: 2,
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
