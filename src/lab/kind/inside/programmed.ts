import { setTimeout as delay } from 'node:timers/promises';
import type { KubeProxySettings } from '../../../change/kube-proxy-settings.ts';
import { restorable } from '../../../change/restorable.ts';
import type { NodeKubeProxy } from '../../../agent/agent-environment.ts';
import { ProxyMetrics, proxyMode } from './proxy-metrics.ts';

/** Longer than the longest minSyncPeriod of a remedy, 20 s: a sync waits for as long after the one before. */
const WITHIN_MS = 30_000;
/**
 * Maximum duration of a restart, ms. It takes two or three seconds, mostly in the kubelet and container
 * runtime.
 */
const RESTARTED_WITHIN_MS = 30_000;
/** Upper bound, ms; callers pass a tighter deadline. */
const SYNCED_WITHIN_MS = 60_000;
const AGAIN_MS = 75;
/** After LONG_MS the polling slows down: each poll costs kube-proxy some milliseconds of CPU time. */
const LONG_MS = 1_000;
const SELDOM_MS = 500;

/**
 * Waits until this node's kube-proxy has completed a sync requested after `since`.
 *
 * @param since seconds since the epoch
 * @throws Error where it takes longer than 30 s
 */
export async function programmed(since: number): Promise<void> {
  await untilMetrics((metrics) => metrics.hasProgrammed(since), 'programmed the change', WITHIN_MS);
}

/**
 * Waits until it has programmed changes made after `since`, and cleaned up.
 *
 * @throws Error where it runs in another mode than expected
 */
export async function synced({
  since,
  before,
  mode,
}: {
  readonly since: number;
  /** Syncs complete by `since`. */
  readonly before: number;
  readonly mode?: KubeProxySettings['mode'];
}): Promise<void> {
  const over = (metrics: ProxyMetrics): boolean => metrics.syncs > before && metrics.hasProgrammed(since);
  await untilMetrics(over, 'cleaned up', SYNCED_WITHIN_MS);
  if (mode === undefined) return;
  const is = await proxyMode();
  if (is !== mode) throw new Error(`kube-proxy runs in ${is} mode, not in ${mode}`);
}

/** The kube-proxy of this process's node. */
export const ownKubeProxy: NodeKubeProxy = {
  restarted() {
    const since = Date.now() / 1000;
    return restorable([
      {
        name: 'kube-proxy',
        read: async () => ({ mode: await proxyMode() }),
        make: async () => {
          const { started } = await ProxyMetrics.read();
          await untilMetrics(
            (metrics) => metrics.started !== started && metrics.syncs > 0 && metrics.hasProgrammed(since),
            'been restarted',
            RESTARTED_WITHIN_MS,
          );
        },
        // The harness restores the configuration and restarts kube-proxy.
        restore: () => undefined,
      },
    ]);
  },
  totals: async () => (await ProxyMetrics.read()).totals(),
  memory: async () => (await ProxyMetrics.read()).memory,
};

/** A restarting kube-proxy does not answer. */
async function untilMetrics(
  met: (metrics: ProxyMetrics) => boolean,
  what: string,
  withinMs: number,
): Promise<void> {
  const began = performance.now();
  for (;;) {
    const waited = performance.now() - began;
    const every = waited < LONG_MS ? AGAIN_MS : SELDOM_MS;
    const metrics = await look(every).catch(() => undefined);
    if (metrics !== undefined && met(metrics)) return;
    if (waited > withinMs) throw new Error(`kube-proxy has not ${what} within ${String(withinMs / 1000)} s`);
    await delay(every);
  }
}

let last: { readonly at: number; readonly metrics: Promise<ProxyMetrics> } | undefined;

/** The last metrics unless older, so that concurrent waiters share a request. */
function look(maxAgeMs: number): Promise<ProxyMetrics> {
  const now = performance.now();
  if (last === undefined || now - last.at >= maxAgeMs) last = { at: now, metrics: ProxyMetrics.read() };
  return last.metrics;
}
