import { largest, readMetrics, valuesOf } from './prometheus-text.ts';

/** Where kube-proxy has its metrics unless its configuration says otherwise (metricsBindAddress). */
const KUBE_PROXY = 'http://127.0.0.1:10249';
/** Where a metric has a label for each family of addresses, that of IPv4, as a lab's are. */
const IPV4 = /^(?!.*ip_family="IPv6")/;

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
    const queued = largest(this.#text, `${SYNC}_last_queued_timestamp_seconds`, IPV4);
    const done = largest(this.#text, `${SYNC}_last_timestamp_seconds`, IPV4);
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
    const values = valuesOf(this.#text, name, IPV4);
    return values.length === 0 ? undefined : values.reduce((a, b) => a + b);
  }
}

/** The mode that it runs in, whatever its configuration says. */
export function proxyMode(): Promise<string> {
  return ask('proxyMode');
}

function ask(path: string): Promise<string> {
  return readMetrics(`${KUBE_PROXY}/${path}`);
}
