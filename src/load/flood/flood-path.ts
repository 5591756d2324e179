import type { NetNamespace } from '../../kernel/netns.ts';
import type { End } from './flood.ts';

/** Between which pods a flood goes, and from which addresses. */
export interface FloodPath {
  readonly client: NetNamespace;
  readonly server: NetNamespace;
  /** Routed to the client pod and assigned to nobody: its kernel answers nothing that comes back. */
  readonly sources: { readonly first: number; readonly count: number };
  /** Routed to the server pod, and not its own either. */
  readonly serverEnd: End;
  /** The number of the first of so many flows that no flood has had: one sent again would find its own entry. */
  readonly take: (count: number) => number;
}
