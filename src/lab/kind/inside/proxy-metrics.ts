import { largest, readMetrics, valuesOf } from './prometheus-text.ts';

/** kube-proxy's default metricsBindAddress. */
const KUBE_PROXY = 'http://127.0.0.1:10249';
/** Metrics labelled by address family: IPv4 only, like a lab. */
const IPV4 = /^(?!.*ip_family="IPv6")/;

const SYNC = 'kubeproxy_sync_proxy_rules';
const SCAN = 'kubeproxy_conntrack_reconciler';

/** Totals by figure name; each exists in some versions only. */
const TOTALS = {
  'kubeproxy.cpu': 'process_cpu_seconds_total',
  'kubeproxy.syncs': `${SYNC}_duration_seconds_count`,
  'kubeproxy.syncing': `${SYNC}_duration_seconds_sum`,
  'kubeproxy.scans': `${SCAN}_sync_duration_seconds_count`,
  'kubeproxy.scanning': `${SCAN}_sync_duration_seconds_sum`,
  'kubeproxy.deleted': `${SCAN}_deleted_entries_total`,
} as const;

/** Metrics of the node's own kube-proxy, in Prometheus's text format. */
export class ProxyMetrics {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** @throws Error where no kube-proxy answers on this node */
  static async read(): Promise<ProxyMetrics> {
    return new ProxyMetrics(await ask('metrics'));
  }

  /** Start of its process, seconds since the epoch. */
  get started(): number {
    return this.#sum('process_start_time_seconds') ?? 0;
  }

  /** Syncs completed, with their cleanup. */
  get syncs(): number {
    return this.#sum(TOTALS['kubeproxy.syncs']) ?? 0;
  }

  /** Changes of endpoints that it knows of, and that no sync has taken up. */
  get pending(): number {
    return this.#sum(`${SYNC}_endpoint_changes_pending`) ?? 0;
  }

  /** Resident memory of its process, bytes. */
  get memory(): number {
    return this.#sum('process_resident_memory_bytes') ?? 0;
  }

  /**
   * Whether a sync has ended after the last change that it learnt of, and that was after `since`, s since the
   * epoch. The sync may have begun before the change. Cleanup follows later.
   */
  hasSyncedSince(since: number): boolean {
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

  /** Sum over a metric's labels; undefined where absent. */
  #sum(name: string): number | undefined {
    const values = valuesOf(this.#text, name, IPV4);
    return values.length === 0 ? undefined : values.reduce((a, b) => a + b);
  }
}

/** Its actual mode, whatever the configuration says. */
export function proxyMode(): Promise<string> {
  return ask('proxyMode');
}

function ask(path: string): Promise<string> {
  return readMetrics(`${KUBE_PROXY}/${path}`);
}
