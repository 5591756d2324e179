import { defineLoad } from '../define-load.ts';
import { exchangeSchema } from './schema.ts';

/** Clients of an echo server. */
export const exchange = defineLoad(exchangeSchema, {
  unit: 'exchanges',
  planned: ({ clients, seconds, everyMs }) => clients * Math.floor((seconds * 1000) / everyMs),
  seconds: ({ seconds }) => seconds,
  peakRate: ({ clients, everyMs }) => (clients * 1000) / everyMs,
  stretched: (load, pace) => {
    const everyMs = Math.round(load.everyMs * pace);
    // Keeps the number of rounds despite the rounding.
    const exactly = everyMs / load.everyMs;
    return { ...load, everyMs, after: load.after * exactly, seconds: load.seconds * exactly };
  },
  runner: () => import('./run.ts'),
});
