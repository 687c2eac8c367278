import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // With CI set, Ink holds back every frame until it ends; the program's front door takes it away, and so do the tests.
    env: { FORCE_COLOR: '0', NODE_ENV: 'test', CI: 'false', CONTINUOUS_INTEGRATION: 'false' },
    // On a machine shared with other work a deadline may pass for no fault of the program; a second failure counts.
    retry: process.env.CI === 'true' ? 1 : 0,
    testTimeout: 20_000,
    hookTimeout: 120_000,
    // Booted nodes and real terminals share two cores; more workers only make them wait for one another.
    maxWorkers: 2,
  },
});
