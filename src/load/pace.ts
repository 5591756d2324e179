import type { Load } from '../schema/load.ts';

/** So many operations tell what a machine can do, in a tenth of a second where it is quick. */
const BURST = { requests: 600, lookups: 120, flows: 2_000 } as const;
/** As good as at once, s. */
const AT_ONCE = 0.001;

/**
 * The same demand, spread over `pace` times as long; what clients wait for and how many there are stays. Loads that
 * have no rate of their own (a script, settings, updates of a cluster) stay as they are.
 */
export function stretched(load: Load, pace: number): Load {
  switch (load.kind) {
    case 'simple-app':
      return {
        ...load,
        stages: load.stages.map(({ pods, seconds }) => ({ pods, seconds: seconds * pace })),
      };
    case 'boom-server':
    case 'dns-client':
    case 'node-agent':
    case 'flood':
    case 'dns-race':
      return { ...load, seconds: load.seconds * pace };
    case 'exchange': {
      const everyMs = Math.round(load.everyMs * pace);
      // As many rounds as before, whatever was rounded.
      const exactly = everyMs / load.everyMs;
      return { ...load, everyMs, after: load.after * exactly, seconds: load.seconds * exactly };
    }
    case 'reconnect':
      return { ...load, within: load.within * pace, reaction: load.reaction * pace };
    case 'keepalive':
    case 'settings':
    case 'updates':
    case 'k6':
      return load;
  }
}

/** Operations a second at its busiest; 0 where it asks for no more than the machine gives. */
export function peakRate(load: Load): number {
  switch (load.kind) {
    case 'simple-app': {
      const weight = load.stages.reduce((sum, { pods, seconds }) => sum + pods * seconds, 0);
      const most = load.stages.reduce((most, { pods }) => Math.max(most, pods), 0);
      return weight === 0 ? 0 : (load.requests * most) / weight;
    }
    case 'boom-server':
      return load.connections / load.seconds;
    case 'dns-client':
      return load.lookups / load.seconds;
    case 'node-agent':
      return load.heartbeats / load.seconds;
    case 'flood':
      return load.flows / load.seconds;
    case 'dns-race':
      return (2 * load.pairs) / load.seconds;
    case 'exchange':
      return (load.clients * 1000) / load.everyMs;
    case 'keepalive':
    case 'reconnect':
    case 'settings':
    case 'updates':
    case 'k6':
      return 0;
  }
}

/**
 * A short burst of the same operations, all due at once, to measure how many a second the machine can do; undefined
 * where a load is too light, or not ours, to be worth it.
 */
export function burst(load: Load): Load | undefined {
  switch (load.kind) {
    case 'simple-app': {
      const pods = load.stages.reduce((most, stage) => Math.max(most, stage.pods), 1);
      const { requests } = BURST;
      return {
        ...load,
        stages: [{ pods, seconds: AT_ONCE }],
        requests: Math.min(load.requests, requests),
        hold: false,
        leak: false,
      };
    }
    case 'dns-client':
      return { ...load, lookups: Math.min(load.lookups, BURST.lookups), seconds: AT_ONCE };
    case 'flood':
      return { ...load, flows: Math.min(load.flows, BURST.flows), seconds: AT_ONCE };
    case 'boom-server':
    case 'node-agent':
    case 'dns-race':
    case 'exchange':
    case 'keepalive':
    case 'reconnect':
    case 'settings':
    case 'updates':
    case 'k6':
      return undefined;
  }
}
