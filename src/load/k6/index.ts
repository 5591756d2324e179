import { defineLoad } from '../define-load.ts';
import { k6Schema } from './schema.ts';

export const k6 = defineLoad(k6Schema, {
  unit: 'requests',
  planned: ({ requests }) => requests,
  seconds: ({ seconds }) => seconds,
  runner: () => import('./run.ts'),
});
