import { AT_ONCE, defineLoad } from '../define-load.ts';
import { simpleAppSchema, type SimpleApp } from './schema.ts';

/** Requests in a burst; a fast machine makes them in a tenth of a second. */
const BURST = 600;

export const simpleApp = defineLoad(simpleAppSchema, {
  unit: 'requests',
  planned: ({ requests }) => requests,
  seconds: ({ stages }) => stages.reduce((sum, { seconds }) => sum + seconds, 0),
  peakRate: ({ stages, requests }) => {
    const weight = stages.reduce((sum, { pods, seconds }) => sum + pods * seconds, 0);
    return weight === 0 ? 0 : (requests * mostPods({ stages })) / weight;
  },
  stretched: (load, pace) => ({
    ...load,
    stages: load.stages.map(({ pods, seconds }) => ({ pods, seconds: seconds * pace })),
  }),
  burst: (load) => ({
    ...load,
    stages: [{ pods: Math.max(1, mostPods(load)), seconds: AT_ONCE }],
    requests: Math.min(load.requests, BURST),
    hold: false,
    leak: false,
  }),
  onThreads: ({ reuse }) => !reuse,
  answeredBy: ['http', 'nginx'],
  runner: () => import('./run.ts'),
});

function mostPods({ stages }: Pick<SimpleApp, 'stages'>): number {
  return stages.reduce((most, { pods }) => Math.max(most, pods), 0);
}
