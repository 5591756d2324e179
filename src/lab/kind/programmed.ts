import { setTimeout as delay } from 'node:timers/promises';
import type { KubeProxySettings } from '../../scenario/kube-proxy.ts';
import { undone } from '../agent/done.ts';
import type { NodeKubeProxy } from '../agent/ground.ts';
import { ProxyMetrics, proxyMode } from './proxy-metrics.ts';

const WITHIN_MS = 5_000;
/** A restart takes two or three seconds, most of it the kubelet's and the container runtime's. */
const RESTARTED_WITHIN_MS = 30_000;
/** Whoever asks has a limit of his own. */
const SYNCED_WITHIN_MS = 60_000;
/** Each look costs kube-proxy some milliseconds. */
const AGAIN_MS = 75;

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
  async restarted() {
    const since = Date.now() / 1000;
    const say = async (): Promise<string> => `mode ${await proxyMode()}`;
    const found = await say();
    const { started } = await ProxyMetrics.read();
    await untilMetrics(
      (metrics) => metrics.started !== started && metrics.syncs > 0 && metrics.hasProgrammed(since),
      'been restarted',
      RESTARTED_WITHIN_MS,
    );
    const readBack = `${await say()}, restarted`;
    return { found, readBack, emulated: false, undo: () => undone(found, say) };
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
  const deadline = performance.now() + withinMs;
  for (;;) {
    const metrics = await ProxyMetrics.read().catch(() => undefined);
    if (metrics !== undefined && met(metrics)) return;
    if (performance.now() > deadline)
      throw new Error(`kube-proxy has not ${what} within ${String(withinMs / 1000)} s`);
    await delay(AGAIN_MS);
  }
}
