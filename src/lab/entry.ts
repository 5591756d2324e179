import type { Change } from '../change/index.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Squeeze } from '../change/squeezes.ts';
import type { KeptLabs } from './kept.ts';
import type { OpenLab } from './lab.ts';

/** One thing that a lab needs, or could use, and whether this machine has it. */
export interface Check {
  readonly name: string;
  /** `missing` keeps the lab from being opened; `limited` costs something that the lab can do without. */
  readonly status: 'ok' | 'missing' | 'limited';
  /** What was found, or why it failed. */
  readonly found: string;
  /** How to go on; always there unless ok. */
  readonly mend?: string;
}

/** What a lab may do on this machine, and what the machine's table is like. */
export interface Readiness {
  /** May it change what is global? */
  readonly privileged: boolean;
  /** In a few words, for the line above a run. */
  readonly summary: string;
  /** What will make a run slow, in one line; absent where nothing will. */
  readonly warning?: string;
}

/** A lab that can be named with `--lab`. */
export interface LabEntry {
  readonly name: string;
  readonly summary: string;
  /** What of a real cluster its nodes have, in a line. */
  readonly models: string;
  /** Does kube-proxy itself program its nodes? */
  readonly realKubeProxy: boolean;
  /** How its tables are made small unless said otherwise. */
  readonly squeeze: Squeeze;
  /** Why it can't show what a protocol is about, or make a change; undefined where it can. */
  readonly cannot: (what: Protocol | Change) => string | undefined;
  readonly open: OpenLab;
  /** How many of it are opened side by side. */
  readonly atOnce: (squeeze: Squeeze) => number;
  /**
   * A quick look, before every run.
   *
   * @throws Error in one line: what is missing, and the mend
   */
  readonly preflight: (squeeze: Squeeze) => Promise<Readiness>;
  /** What of its own decides the outcome of a run, by name: none where all is this machine's. */
  readonly versions: () => Promise<Readonly<Record<string, string>>>;
  /** A thorough look, by trying each thing in a place that is thrown away. */
  readonly checks: () => Promise<readonly Check[]>;
  /** The same lab in a cluster that was kept, where it is one of clusters. */
  readonly reusing?: (name: string) => LabEntry;
  /** Those of its labs that outlive a run, where it is slow to make. */
  readonly kept?: KeptLabs;
  /** A lab that writes down what it would do, a line each, and does nothing. */
  readonly rehearse: (write: (line: string) => void) => OpenLab;
}
