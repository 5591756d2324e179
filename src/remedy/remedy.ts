import type { Change } from '../change/index.ts';
import type { ManifestReport } from '../schema/manifest-report.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Requirement } from './requirement.ts';

/** Measurements of the symptom's phases. */
export interface Measured {
  /** nf_conntrack_max of the node under test. */
  readonly limit: number;
  /** Free entries when the fault's phase began. */
  readonly free: number;
  /** Entries a second at the scenario's own rate; absent: the samples don't tell. */
  readonly perSecond?: number;
}

/** Why a remedy helps, and why it does not: half a line each, at most `WHY_LENGTH` characters. */
export interface Why {
  readonly helps: string;
  readonly fails: string;
}

/** What a remedy breaks, in half a line, and the row of the matrix that shows it. */
export interface Breaks {
  readonly what: string;
  readonly shownBy: string;
}

/**
 * A reversible change that is said to help, as data: a lab applies and undoes it. Its Kubernetes form is
 * manifests/remedies/NAME.yaml, its page docs/explanation/remedies/NAME.md.
 */
export interface Remedy {
  readonly name: string;
  readonly summary: string;
  /** Where it applies: a node, every pod, an application. */
  readonly applies: string;
  /** Its cost, in a sentence. */
  readonly cost: string;
  /** Absent of remedies that a user gives. */
  readonly why?: Why;
  /** Absent where no scenario shows it break anything. */
  readonly breaks?: Breaks;
  readonly requires: readonly Requirement[];
  /**
   * Applied in this order, undone in reverse. A dry run plans without measurements: kinds are the same,
   * numbers may differ.
   */
  readonly changes: (protocol: Protocol, measured?: Measured) => readonly Change[];
  /** For a Kubernetes manifest: what was made of it. */
  readonly manifest?: (protocol: Protocol) => ManifestReport;
}
