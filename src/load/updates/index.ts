import { defineLoad } from '../define-load.ts';
import { updatesSchema } from './schema.ts';

/** No traffic. The harness offers it, since agents do not talk to the API server. */
export const updates = defineLoad(updatesSchema, {
  unit: 'updates',
  planned: ({ updates }) => updates,
  seconds: ({ seconds }) => seconds,
  lab: () => ({
    cluster: true,
    why: 'the endpoints of a service change through a cluster’s API server',
  }),
});
