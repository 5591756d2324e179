import type { Fault } from './fault.ts';

export const endpoints: Fault<{ at: number; service: string; pods?: string; grace?: number }> = {
  name: 'endpoints',
  summary:
    'a service gets other pods, or none, in the middle of a phase, and the old ones go; no entry is cleaned up',
  on: ({ at, service, pods, grace = 0.2 }) => ({
    kind: 'event',
    at,
    change: { kind: 'endpoints', service, ...(pods !== undefined && { pods }), grace },
  }),
};
