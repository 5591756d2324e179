import type { Change } from '../change/index.ts';
import type { Protocol } from '../schema/protocol.ts';

/** What must be so for a remedy to be tried; unmet, it is skipped with this as the reason. */
export type Requirement =
  | 'root'
  /** Applications behind services that call others. */
  | 'calls'
  /** Of the load that is the client; `load:a|b`: either will do, `lookups` being those of apps behind services. */
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
  | 'sources'
  /** A scenario that says how long an entry of its demand stays. */
  | 'lifetime';

/** What the symptom's phases have shown by the time that a remedy is tried. */
export interface Measured {
  /** nf_conntrack_max of the node under test. */
  readonly limit: number;
  /** How many entries were free when the fault's phase began. */
  readonly free: number;
  /** How many entries come a second at the scenario's own rate; absent where the samples don't tell. */
  readonly perSecond?: number;
}

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
  /**
   * Applied in this order, undone in reverse. What is planned before a run knows nothing measured: then the changes are
   * of the same kinds, with numbers that may differ.
   */
  readonly changes: (protocol: Protocol, measured?: Measured) => readonly Change[];
}
