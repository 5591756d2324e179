import { defineLoad } from '../define-load.ts';
import { updatesSchema } from './schema.ts';

/** No traffic. The harness offers it: an agent asks the API server nothing. */
export const updates = defineLoad(updatesSchema, {
  unit: 'updates',
  planned: ({ updates }) => updates,
  seconds: ({ seconds }) => seconds,
  lab: () => ({
    cluster: true,
    why: 'the endpoints of a service change through a cluster’s API server',
  }),
});
