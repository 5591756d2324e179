import type { NetNamespace } from '../../kernel/netns.ts';
import type { End } from './bare-packets.ts';

/** The pods and addresses of a flood. */
export interface FloodPath {
  readonly client: NetNamespace;
  readonly server: NetNamespace;
  /** Routed to the client pod and assigned to none, so no kernel answers what comes back. */
  readonly sources: { readonly first: number; readonly count: number };
  /** Routed to the server pod, and assigned to none either. */
  readonly serverEnd: End;
  /** Reserves `count` unused flow numbers; a reused flow would hit its old entry. @returns the first */
  readonly take: (count: number) => number;
}
