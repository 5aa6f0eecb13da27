import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests that start processes or install packages need more than the default; none is timed for its own sake.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
