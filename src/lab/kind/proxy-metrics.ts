/** Where kube-proxy has its metrics unless its configuration says otherwise (metricsBindAddress). */
const KUBE_PROXY = 'http://127.0.0.1:10249';
const PATIENCE_MS = 5_000;

const SYNC = 'kubeproxy_sync_proxy_rules';
const SCAN = 'kubeproxy_conntrack_reconciler';

/** Totals by figure name; not every version has each. */
const TOTALS = {
  'kubeproxy.cpu': 'process_cpu_seconds_total',
  'kubeproxy.syncs': `${SYNC}_duration_seconds_count`,
  'kubeproxy.syncing': `${SYNC}_duration_seconds_sum`,
  'kubeproxy.scans': `${SCAN}_sync_duration_seconds_count`,
  'kubeproxy.scanning': `${SCAN}_sync_duration_seconds_sum`,
  'kubeproxy.deleted': `${SCAN}_deleted_entries_total`,
} as const;

/** What the node's own kube-proxy says of itself, by Prometheus' text format. */
export class ProxyMetrics {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** @throws Error where no kube-proxy answers on this node */
  static async read(): Promise<ProxyMetrics> {
    return new ProxyMetrics(await ask('metrics'));
  }

  /** When its process started, in seconds since the epoch. */
  get started(): number {
    return this.#sum('process_start_time_seconds') ?? 0;
  }

  /** How often it has programmed what it knew, and cleaned up after that. */
  get syncs(): number {
    return this.#sum(TOTALS['kubeproxy.syncs']) ?? 0;
  }

  /** The memory that its process holds, in bytes. */
  get memory(): number {
    return this.#sum('process_resident_memory_bytes') ?? 0;
  }

  /** Has it programmed what it has learnt of since then, in seconds since the epoch? Cleaning up comes after. */
  hasProgrammed(since: number): boolean {
    const queued = Math.max(0, ...this.#values(`${SYNC}_last_queued_timestamp_seconds`));
    const done = Math.max(0, ...this.#values(`${SYNC}_last_timestamp_seconds`));
    return queued >= since && done >= queued;
  }

  totals(): Record<string, number> {
    return Object.fromEntries(
      Object.entries(TOTALS).flatMap(([figure, metric]) => {
        const sum = this.#sum(metric);
        return sum === undefined ? [] : [[figure, sum]];
      }),
    );
  }

  /** Over the labels of a metric; undefined where it is absent. */
  #sum(name: string): number | undefined {
    const values = this.#values(name);
    return values.length === 0 ? undefined : values.reduce((a, b) => a + b);
  }

  /** One for each label; where it has one for each family of addresses, that of IPv4, as a lab's are. */
  #values(name: string): readonly number[] {
    const lines = this.#text.matchAll(new RegExp(`^${name}(\\{[^}]*\\})? (\\S+)$`, 'gm'));
    return [...lines].flatMap(([, labels, value]) =>
      labels?.includes('ip_family="IPv6"') === true ? [] : [Number(value)],
    );
  }
}

/** The mode that it runs in, whatever its configuration says. */
export function proxyMode(): Promise<string> {
  return ask('proxyMode');
}

async function ask(path: string): Promise<string> {
  const answer = await fetch(`${KUBE_PROXY}/${path}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
  return answer.text();
}
