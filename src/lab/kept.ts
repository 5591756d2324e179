/** What a kept lab is made like; each as the lab reads it. */
export interface LabUpOptions {
  readonly name?: string;
  readonly workers?: number;
  readonly image?: string;
  readonly proxyMode?: string;
  /** A version, like `1.32.2`. */
  readonly kubeProxy?: string;
  /** Of kube-proxy’s configuration: `maxPerCore=0`. */
  readonly conntrack?: Readonly<Record<string, string>>;
}

export interface KeptLab {
  readonly name: string;
  readonly lab: string;
  readonly health: 'answers' | 'broken' | 'in use' | 'orphan';
  /** In a line: its size, how it was made. */
  readonly about: string;
}

/** Labs that outlive a run, for those that are slow to make. */
export interface KeptLabs {
  /** @returns its name. @throws Error with the lines that explain what failed */
  up(options: LabUpOptions, say: (line: string) => void, signal: AbortSignal): Promise<string>;
  list(): Promise<readonly KeptLab[]>;
  /** @returns whether there was such a lab */
  down(name: string): Promise<boolean>;
  /** Deletes what runs that were killed have left. @returns a line each */
  deleteOrphans(): Promise<readonly string[]>;
}
