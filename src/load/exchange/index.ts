import { defineLoad } from '../define-load.ts';
import { exchangeSchema, rounds } from './schema.ts';

/** Clients of an echo server. */
export const exchange = defineLoad(exchangeSchema, {
  unit: 'exchanges',
  planned: ({ clients, seconds, everyMs }) => clients * rounds(seconds, everyMs),
  seconds: ({ seconds }) => seconds,
  peakRate: ({ clients, everyMs, spread = everyMs / 1000 }) => clients / spread,
  stretched: (load, pace) => {
    const everyMs = Math.round(load.everyMs * pace);
    // Keeps the number of rounds despite the rounding.
    const exactly = everyMs / load.everyMs;
    const { after, seconds, spread } = load;
    return {
      ...load,
      everyMs,
      after: after * exactly,
      seconds: seconds * exactly,
      ...(spread !== undefined && { spread: spread * exactly }),
    };
  },
  runner: () => import('./run.ts'),
});
