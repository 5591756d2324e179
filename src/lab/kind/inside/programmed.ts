import { setTimeout as delay } from 'node:timers/promises';
import type { KubeProxySettings } from '../../../change/kube-proxy-settings.ts';
import { doneOnce } from '../../../change/done-once.ts';
import type { NodeKubeProxy } from '../../../agent/agent-environment.ts';
import { oneLine } from '../../../util/error-text.ts';
import { ProxyMetrics, proxyMode } from './proxy-metrics.ts';
import type { ServiceWay } from '../agent-rpc.ts';
import type { ProgrammedEndpoints } from './service-rules.ts';

/** Longer than the longest minSyncPeriod of a remedy, 20 s: a sync waits for as long after the one before. */
const WITHIN_MS = 30_000;
/**
 * Maximum duration of a restart, ms. It takes two or three seconds, mostly in the kubelet and container
 * runtime.
 */
const RESTARTED_WITHIN_MS = 30_000;
/**
 * s. A process no older is the new one: its start is stated up to a second early, and the agent may ask late. The old one
 * synced before the phase began.
 */
const JUST_STARTED = 3;
/** Upper bound, ms; callers pass a tighter deadline. */
const SYNCED_WITHIN_MS = 60_000;
const AGAIN_MS = 75;
/** After LONG_MS the polling slows down: each poll costs kube-proxy some milliseconds of CPU time. */
const LONG_MS = 1_000;
const SELDOM_MS = 500;

/**
 * Waits until the rules of this node's kube-proxy lead from a service's address to exactly these endpoints.
 * The rules are read, since the metrics do not tell which changes a sync knew of.
 *
 * @throws Error with where they lead, if that takes longer than 30 s
 */
export async function programmed(
  { address, ips }: ServiceWay,
  endpointsOf: (address: string) => Promise<ProgrammedEndpoints>,
): Promise<void> {
  const expected = listOf([...new Set(ips)].sort());
  let seen = '';
  const leadsThere = async (): Promise<boolean> => {
    const ports = (await endpointsOf(address)).map(listOf);
    // A service without endpoints may have no rule.
    const lists = ports.length > 0 ? ports : [listOf([])];
    seen = `${address} leads to ${[...new Set(lists)].join(' and ')}, not to ${expected}`;
    return lists.every((list) => list === expected);
  };
  const look = (): Promise<boolean> =>
    leadsThere().catch((error: unknown) => {
      seen = oneLine(error);
      return false;
    });
  await untilTrue(
    look,
    () => `programmed the change within ${String(WITHIN_MS / 1000)} s: ${seen}`,
    WITHIN_MS,
  );
}

function listOf(ips: readonly string[]): string {
  return ips.join(', ') || 'no endpoint';
}

/**
 * Waits until it has programmed changes made after `since`, and cleaned up. A sync that ends while a change is
 * pending began before the change, so it does not count.
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
  let earlier = before;
  const over = (metrics: ProxyMetrics): boolean => {
    if (metrics.pending > 0) earlier = Math.max(earlier, metrics.syncs);
    return metrics.pending === 0 && metrics.syncs > earlier && metrics.hasSyncedSince(since);
  };
  await untilMetrics(over, 'cleaned up', SYNCED_WITHIN_MS);
  if (mode === undefined) return;
  const is = await proxyMode();
  if (is !== mode) throw new Error(`kube-proxy runs in ${is} mode, not in ${mode}`);
}

/** The kube-proxy of this process's node. */
export const ownKubeProxy: NodeKubeProxy = {
  async restarted() {
    // The harness requests it at the same moment: the old process may have ended already.
    const since = Date.now() / 1000;
    await untilMetrics(
      (metrics) =>
        metrics.started > since - JUST_STARTED && metrics.syncs > 0 && metrics.hasSyncedSince(since),
      'been restarted',
      RESTARTED_WITHIN_MS,
    );
    // The harness restores the configuration and restarts kube-proxy.
    return doneOnce([{ node: 'kube-proxy', before: 'running', after: 'restarted' }]);
  },
  totals: async () => (await ProxyMetrics.read()).totals(),
  memory: async () => (await ProxyMetrics.read()).memory,
};

/** A restarting kube-proxy does not answer. */
function untilMetrics(
  met: (metrics: ProxyMetrics) => boolean,
  what: string,
  withinMs: number,
): Promise<void> {
  const isMet = async (everyMs: number): Promise<boolean> => {
    const metrics = await look(everyMs).catch(() => undefined);
    return metrics !== undefined && met(metrics);
  };
  return untilTrue(isMet, () => `${what} within ${String(withinMs / 1000)} s`, withinMs);
}

/** @param missing what kube-proxy has not done by then */
async function untilTrue(
  isMet: (everyMs: number) => Promise<boolean>,
  missing: () => string,
  withinMs: number,
): Promise<void> {
  const began = performance.now();
  for (;;) {
    const waited = performance.now() - began;
    const every = waited < LONG_MS ? AGAIN_MS : SELDOM_MS;
    if (await isMet(every)) return;
    if (waited > withinMs) throw new Error(`kube-proxy has not ${missing()}`);
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
