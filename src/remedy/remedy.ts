import type { Change } from '../scenario/change.ts';
import type { Protocol } from '../scenario/protocol.ts';

/** What must be so for a remedy to be tried; unmet, it is skipped with this as the reason. */
export type Requirement =
  | 'root'
  /** Applications behind services that call others. */
  | 'calls'
  /** Of the load that is the client; `load:a|b`: either will do, `look-ups` being those of apps behind services. */
  | `load:${string}`
  /** A sysctl that not every kernel has. */
  | `sysctl:${string}`
  /** A node that gives its pods' connections an address of its own. */
  | 'snat'
  /** A kernel that has IPVS, and has it loaded. */
  | 'ipvs'
  /** An nginx in the topology. */
  | 'nginx'
  /** A node that masquerades, or pods to spare. */
  | 'sources';
/**
 * A reversible change that is said to help. It is data: a lab applies the changes and undoes them.
 * manifests/remedies/NAME.yaml is its Kubernetes form, docs/explanation/remedies/NAME.md its page.
 */
export interface Remedy {
  readonly name: string;
  readonly summary: string;
  /** Where it is made, and for whom: a node, every pod, an application. */
  readonly applies: string;
  /** What it costs, in a sentence. */
  readonly cost: string;
  readonly requires: readonly Requirement[];
  /** Applied in this order, undone in reverse. */
  readonly changes: (protocol: Protocol) => readonly Change[];
}
