import type { NetNamespace } from '../../kernel/netns.ts';
import type { End } from './bare-packets.ts';
import type { Flows } from './flows.ts';

/** The pods and addresses of a flood. */
export interface FloodPath {
  readonly client: NetNamespace;
  readonly server: NetNamespace;
  /** From addresses that are routed to the client pod. */
  readonly flows: Flows;
  /** Routed to the server pod, and assigned to none. */
  readonly serverEnd: End;
}
