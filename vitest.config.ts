import { defineConfig } from 'vitest/config';

/** Lab tests share the machine's conntrack limit and two cores: one file at a time. */
const serial = { fileParallelism: false, pool: 'forks' as const };

export default defineConfig({
  test: {
    projects: [
      // A busy machine is slow to start programs and threads: a time limit is for what hangs.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000 } },
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          exclude: ['test/lab/atlas-*.test.ts'],
          globalSetup: ['test/lab/reruns.ts'],
          testTimeout: 300_000,
          hookTimeout: 60_000,
          ...serial,
        },
      },
      {
        test: {
          name: 'atlas',
          include: ['test/lab/atlas-*.test.ts'],
          testTimeout: 480_000,
          hookTimeout: 60_000,
          ...serial,
        },
      },
      {
        test: {
          name: 'kind',
          include: ['test/kind/**/*.test.ts'],
          globalSetup: ['test/kind/setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 300_000,
          ...serial,
        },
      },
      {
        test: {
          name: 'soak',
          include: ['test/soak/**/*.test.ts'],
          testTimeout: 3_600_000,
          hookTimeout: 60_000,
          ...serial,
        },
      },
    ],
  },
});
