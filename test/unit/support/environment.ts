import type { Environment } from '../../../src/scenario/environment.ts';

/** Where a scenario runs that needs nothing special. */
export const ENVIRONMENT = {
  kernel: [6, 18],
  squeeze: 'ballast',
  privileged: true,
} as const satisfies Environment;
