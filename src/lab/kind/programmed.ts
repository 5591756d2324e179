import { setTimeout as delay } from 'node:timers/promises';

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
    const text = await (await fetch(METRICS, { signal: AbortSignal.timeout(WITHIN_MS) })).text();
    const queued = metric(text, 'kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds');
    const done = metric(text, 'kubeproxy_sync_proxy_rules_last_timestamp_seconds');
    if (queued >= since && done >= queued) return;
    if (performance.now() > deadline) throw new Error('kube-proxy has not programmed the change within 5 s');
    await delay(AGAIN_MS);
  }
}

/** The largest value of a metric, over its labels; 0 where it is absent. */
function metric(text: string, name: string): number {
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].map(([, value]) =>
    Number(value),
  );
  return Math.max(0, ...values);
}
