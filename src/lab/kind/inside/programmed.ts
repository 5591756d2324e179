import { setTimeout as delay } from 'node:timers/promises';
import type { KubeProxySettings } from '../../../change/kube-proxy-settings.ts';
import { restorable } from '../../../change/restorable.ts';
import type { NodeKubeProxy } from '../../../agent/ground.ts';
import { ProxyMetrics, proxyMode } from './proxy-metrics.ts';

const WITHIN_MS = 5_000;
/** A restart takes two or three seconds, most of it the kubelet's and the container runtime's. */
const RESTARTED_WITHIN_MS = 30_000;
/** Whoever asks has a limit of his own. */
const SYNCED_WITHIN_MS = 60_000;
const AGAIN_MS = 75;
/** Who has waited for longer than that looks less often: each look costs kube-proxy some milliseconds of CPU time. */
const LONG_MS = 1_000;
const SELDOM_MS = 500;

/**
 * Waits until this node's kube-proxy has programmed what was changed: until a sync that was asked for since then is over.
 *
 * @param since seconds since the epoch
 * @throws Error where it has not within 5 s
 */
export async function programmed(since: number): Promise<void> {
  await untilMetrics((metrics) => metrics.hasProgrammed(since), 'programmed the change', WITHIN_MS);
}

/**
 * Waits until it has programmed what was changed since then, and cleaned up after it.
 *
 * @throws Error where it runs in another mode than it is to
 */
export async function synced({
  since,
  before,
  mode,
}: {
  readonly since: number;
  /** The syncs that were over by then. */
  readonly before: number;
  readonly mode?: KubeProxySettings['mode'];
}): Promise<void> {
  const over = (metrics: ProxyMetrics): boolean => metrics.syncs > before && metrics.hasProgrammed(since);
  await untilMetrics(over, 'cleaned up', SYNCED_WITHIN_MS);
  if (mode === undefined) return;
  const is = await proxyMode();
  if (is !== mode) throw new Error(`kube-proxy runs in ${is} mode, not in ${mode}`);
}

/** The kube-proxy of the node that this process is on. */
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
        // The harness restarts it once more, with the configuration that was.
        restore: () => undefined,
      },
    ]);
  },
  totals: async () => (await ProxyMetrics.read()).totals(),
  memory: async () => (await ProxyMetrics.read()).memory,
};

/** One that is being restarted does not answer. */
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

/** What was last seen, where that is not older: those who wait side by side share a look. */
function look(maxAgeMs: number): Promise<ProxyMetrics> {
  const now = performance.now();
  if (last === undefined || now - last.at >= maxAgeMs) last = { at: now, metrics: ProxyMetrics.read() };
  return last.metrics;
}
