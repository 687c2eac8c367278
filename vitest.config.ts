import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    env: { FORCE_COLOR: '0', NODE_ENV: 'test' },
    testTimeout: 20_000,
    hookTimeout: 120_000,
    // Booted nodes and real terminals share two cores; more workers only make them wait for one another.
    maxWorkers: 2,
  },
});
