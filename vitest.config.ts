import { defineConfig } from 'vitest/config';
import { useCompileCache } from './src/cli/compile-cache.ts';
import { failures } from './test/failures.ts';

// As the command does: what tests start is compiled once, not by each of the many processes.
useCompileCache(process.env);

/** One file at a time, for what shares the machine's conntrack limit. */
const serial = { fileParallelism: false, pool: 'forks' as const };
const MOCKED = 'test/unit/**/*.mocked.test.ts';
/** Node itself loads TypeScript, as it does for users: Vite's transforms took longer than most tests. */
const asNodeLoads = { experimental: { viteModuleRunner: false, nodeLoader: false } };
/** Labs wait more than they work. Of three at once on two cores one run in thirty was too busy to tell. */
const LABS_AT_ONCE = 2;

export default defineConfig({
  test: {
    globalSetup: ['test/lab/reruns.ts'],
    reporters: ['default', ...(process.env.GITHUB_ACTIONS === 'true' ? ['github-actions'] : []), failures],
    // Of the unit tests alone: what runs in a lab's own processes is not seen. A floor, not a goal.
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 65, statements: 65, functions: 64, branches: 64 },
    },
    projects: [
      // A busy machine is slow to start programs and threads: a time limit is for what hangs. Files share a
      // process, and so their imports: most of the time was spent on importing.
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          exclude: [MOCKED],
          testTimeout: 60_000,
          isolate: false,
          ...asNodeLoads,
          restoreMocks: true,
          unstubEnvs: true,
        },
      },
      // What replaces a module for itself: each file in a process of its own, its modules loaded by Vite.
      { test: { name: 'unit-mocked', include: [MOCKED], testTimeout: 60_000 } },
      // What changes the machine's limit or namespaces, or compares all of the machine: by itself, before the others.
      {
        test: {
          name: 'lab-exclusive',
          include: ['test/lab/exclusive/*.test.ts'],
          sequence: { groupOrder: 1 },
          testTimeout: 300_000,
          hookTimeout: 60_000,
          ...serial,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/lab/*.test.ts'],
          exclude: ['test/lab/atlas-*.test.ts'],
          sequence: { groupOrder: 2 },
          testTimeout: 300_000,
          hookTimeout: 60_000,
          maxWorkers: LABS_AT_ONCE,
          maxConcurrency: 2,
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
      // Pages in a real browser; skipped, with the reason, where there is none.
      {
        test: {
          name: 'browser',
          include: ['test/browser/*.test.ts'],
          isolate: false,
          ...asNodeLoads,
          testTimeout: 60_000,
          hookTimeout: 60_000,
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
