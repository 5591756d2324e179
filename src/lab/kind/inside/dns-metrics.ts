import { NODE_DNS } from '../../../agent/network.ts';
import { CACHE_METRICS, COREDNS_METRICS } from '../corefile.ts';
import { readMetrics, sumOf } from './prometheus-text.ts';

/** Query types of pods; CoreDNS's own plugins send others. */
const ADDRESSES = /type="(A|AAAA)"/;

/**
 * Keeps the agent's requests for CoreDNS's metrics out of conntrack: they take no entry of the table under
 * test, and work while it is full.
 */
export function metricsRules(podNetwork: string): string {
  const hosts = `{ ${podNetwork}, ${NODE_DNS} }`;
  const ports = `{ ${String(COREDNS_METRICS)}, ${String(CACHE_METRICS)} }`;
  const rules = `ip daddr ${hosts} tcp dport ${ports} notrack
    ip saddr ${hosts} tcp sport ${ports} notrack`;
  return `
table ip tablefull-metrics {
  chain before-conntrack {
    type filter hook prerouting priority raw;
    ${rules}
  }
  chain from-node-before-conntrack {
    type filter hook output priority raw;
    ${rules}
  }
}`;
}

/** A and AAAA queries that have reached these CoreDNS pods. */
export async function queriesAt(ips: readonly string[]): Promise<number> {
  const counts = await Promise.all(
    ips.map(async (ip) => queries(await readMetrics(`http://${ip}:${String(COREDNS_METRICS)}/metrics`))),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Queries and misses of this node's cache. */
export async function cacheTotals(): Promise<Record<string, number>> {
  const text = await readMetrics(`http://${NODE_DNS}:${String(CACHE_METRICS)}/metrics`);
  return { 'cache.queries': queries(text), 'cache.misses': sumOf(text, 'coredns_cache_misses_total') };
}

function queries(text: string): number {
  return sumOf(text, 'coredns_dns_requests_total', ADDRESSES);
}
