import type { RestoreReport } from '../guard/restore.ts';

/** Options of a kept lab, as the lab reads them. */
export interface LabUpOptions {
  readonly name?: string;
  readonly workers?: number;
  readonly image?: string;
  readonly proxyMode?: string;
  /** A version, like `1.32.2`. */
  readonly kubeProxy?: string;
  /** Fields of kube-proxy’s configuration: `maxPerCore=0`. */
  readonly conntrack?: Readonly<Record<string, string>>;
}

export interface KeptLab {
  readonly name: string;
  readonly lab: string;
  readonly health: 'answers' | 'broken' | 'in use' | 'orphan';
  /** Its size and how it was made, in one line. */
  readonly about: string;
}

/** Labs that outlive a run, for those that are slow to make. */
export interface KeptLabs {
  /** @returns its name. @throws Error with the lines that explain the failure */
  up(options: LabUpOptions, say: (line: string) => void, signal: AbortSignal): Promise<string>;
  list(): Promise<readonly KeptLab[]>;
  /**
   * Deletes a lab, and restores what it has changed of the machine.
   *
   * @returns undefined where there is no such lab
   * @throws Error with the fix where a run uses it
   */
  down(name: string): Promise<RestoreReport | undefined>;
  /** Deletes what killed runs have left, and restores what labs that are gone have left changed. */
  deleteOrphans(): Promise<RestoreReport>;
}
