import { NODE_DNS } from '../../../agent/network.ts';
import { CACHE_METRICS, COREDNS_METRICS } from '../corefile.ts';
import { readMetrics, sumOf } from './prometheus-text.ts';

/** What pods ask for; CoreDNS' own plug-ins ask other things of it. */
const ADDRESSES = /type="(A|AAAA)"/;

/**
 * Keeps what an agent asks CoreDNS of its figures out of conntrack: it takes no entry from the table that is looked
 * at, and is answered though that is full.
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

/** The queries that have reached these pods of CoreDNS, A and AAAA. */
export async function queriesAt(ips: readonly string[]): Promise<number> {
  const counts = await Promise.all(
    ips.map(async (ip) => queries(await readMetrics(`http://${ip}:${String(COREDNS_METRICS)}/metrics`))),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** What the cache on this node was asked, and what it had to ask on. */
export async function cacheTotals(): Promise<Record<string, number>> {
  const text = await readMetrics(`http://${NODE_DNS}:${String(CACHE_METRICS)}/metrics`);
  return { 'cache.queries': queries(text), 'cache.misses': sumOf(text, 'coredns_cache_misses_total') };
}

function queries(text: string): number {
  return sumOf(text, 'coredns_dns_requests_total', ADDRESSES);
}
