import type { Fault } from './fault.ts';

export const endpoints: Fault<{ at: number; service: string; pods: string }> = {
  name: 'endpoints',
  summary: 'in the middle of a phase a service gets other pods and the old ones go; no entry is cleaned up',
  on: ({ at, service, pods }) => ({
    kind: 'event',
    at,
    change: { kind: 'endpoints', service, pods, grace: 0.2 },
  }),
};
