import { setTimeout as delay } from 'node:timers/promises';
import { largest, readMetrics } from './metrics.ts';

/** Where kube-proxy has its metrics unless its configuration says otherwise (metricsBindAddress). */
const METRICS = 'http://127.0.0.1:10249/metrics';
const WITHIN_MS = 5_000;
const AGAIN_MS = 50;

/**
 * Waits until this node's kube-proxy has programmed what was changed: until a sync that was asked for since then is over.
 *
 * @param since seconds since the epoch
 * @throws Error where it has not within 5 s
 */
export async function programmed(since: number): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    const text = await readMetrics(METRICS);
    const queued = largest(text, 'kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds');
    const done = largest(text, 'kubeproxy_sync_proxy_rules_last_timestamp_seconds');
    if (queued >= since && done >= queued) return;
    if (performance.now() > deadline) throw new Error('kube-proxy has not programmed the change within 5 s');
    await delay(AGAIN_MS);
  }
}
