import type { NetNamespace } from '../kernel/netns.ts';

/** The network namespace of a node or a pod, and its name for what is said of it. */
export interface Place {
  readonly name: string;
  readonly space: NetNamespace;
}
