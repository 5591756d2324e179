import { defineLoad } from '../define-load.ts';
import { k6Schema } from './schema.ts';

export const k6 = defineLoad(k6Schema, {
  unit: 'requests',
  planned: ({ requests }) => requests,
  seconds: ({ seconds }) => seconds,
  runs: ({ script, program = 'k6' }) => `the script ${script}, by ${program}`,
  runner: () => import('./run.ts'),
});
