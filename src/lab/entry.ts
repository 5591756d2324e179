import type { Change } from '../change/index.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Squeeze } from '../change/squeezes.ts';
import type { KeptLabs } from './kept.ts';
import type { OpenLab } from './lab.ts';

/** One thing that a lab needs or could use, and whether this machine has it. */
export interface Check {
  readonly name: string;
  /** `missing`: the lab can't open. `limited`: the lab works with less. */
  readonly status: 'ok' | 'missing' | 'limited';
  /** What was found, or why it failed. */
  readonly found: string;
  /** How to fix it; present unless `ok`. */
  readonly fix?: string;
}

/** A failed check as one line, with its fix. */
export function sayCheck({ name, found, fix }: Check): string {
  return `${name}: ${found}${fix === undefined ? '' : `; ${fix}`}`;
}

/** What a lab may do on this machine, and its table. */
export interface Readiness {
  /** Whether it may change global settings. */
  readonly privileged: boolean;
  /** A short text for the line above a run. */
  readonly summary: string;
  /** What will make a run slow, in one line; absent if nothing will. */
  readonly warning?: string;
}

/** How long taking a lab down may take; then it is reported as not restored, and the run ends. */
export interface Teardown {
  /** More than its steps' own limits, ms. */
  readonly budgetMs: number;
  /** What is said then: the time, and who takes down what is left. */
  readonly overdue: string;
}

/** A lab that `--lab` can name. */
export interface LabEntry {
  readonly name: string;
  readonly summary: string;
  /** What its nodes share with a real cluster's, in one line. */
  readonly models: string;
  /** Whether kube-proxy itself programs its nodes. */
  readonly realKubeProxy: boolean;
  /** The default for `--squeeze`. */
  readonly squeeze: Squeeze;
  /** Why the lab can't run a protocol or make a change; undefined where it can. */
  readonly cannot: (what: Protocol | Change) => string | undefined;
  readonly open: OpenLab;
  readonly teardown: Teardown;
  /** How many such labs one run opens at once. */
  readonly atOnce: (squeeze: Squeeze) => number;
  /**
   * A quick check before every run.
   *
   * @throws Error in one line: what is missing, and the fix
   */
  readonly preflight: (squeeze: Squeeze) => Promise<Readiness>;
  /** Versions beyond this machine's that decide a run's outcome, by name. */
  readonly versions: () => Promise<Readonly<Record<string, string>>>;
  /** Thorough checks: each step is tried in a throwaway lab. */
  readonly checks: () => Promise<readonly Check[]>;
  /** The same lab in a kept cluster, for labs in clusters. */
  readonly reusing?: (name: string) => LabEntry;
  /**
   * The same lab in clusters of the user's own shape.
   *
   * @param text a configuration of kind's, from `file`
   * @throws Error in one line: file, place and fix
   */
  readonly shaped?: (text: string, file: string) => Promise<LabEntry>;
  /** Labs that outlive a run, where they are slow to make. */
  readonly kept?: KeptLabs;
  /** A lab that writes its commands, one per line, and runs none. */
  readonly rehearse: (write: (line: string) => void) => OpenLab;
}
