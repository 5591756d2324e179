import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ownKubeProxy, programmed, synced } from '../../../../src/lab/kind/inside/programmed.ts';
import type * as prometheusText from '../../../../src/lab/kind/inside/prometheus-text.ts';

/** ms; the time that was waited. */
const clock = vi.hoisted(() => ({ now: 0 }));
/** kube-proxy's metrics by the clock. */
const kubeProxy = vi.hoisted(() => ({ metrics: (): string => '' }));
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => {
    clock.now += ms;
    return Promise.resolve();
  },
}));
vi.mock('../../../../src/lab/kind/inside/prometheus-text.ts', async (importOriginal) => ({
  ...(await importOriginal<typeof prometheusText>()),
  readMetrics: () =>
    new Promise((resolve) => {
      resolve(kubeProxy.metrics());
    }),
}));

const WEB = { address: '10.96.0.7', ips: ['10.244.2.3', '10.244.1.2'] };

beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => clock.now);
});

describe('a change of endpoints that a node’s kube-proxy has to program', () => {
  /** @param changes lists of endpoints, by when the rules lead there, ms */
  const rules = (changes: Readonly<Record<number, readonly string[]>>, ports = 1) => {
    const began = clock.now;
    const endpointsOf = () => {
      const list = Object.entries(changes).findLast(([at]) => clock.now - began >= Number(at))?.[1];
      return Promise.resolve(list === undefined ? [] : Array.from({ length: ports }, () => list));
    };
    return { endpointsOf, waited: () => clock.now - began };
  };

  it('waits for as long as the remedy min-sync-period lets kube-proxy wait', async () => {
    const { endpointsOf, waited } = rules({ 0: ['10.244.1.2'], 20_500: ['10.244.1.2', '10.244.2.3'] });
    await programmed(WEB, endpointsOf);
    expect(waited()).toBeGreaterThanOrEqual(20_500);
    expect(waited()).toBeLessThan(22_000);
  });

  it('is not over with a sync that knew of a part of it', async () => {
    const { endpointsOf, waited } = rules({
      0: ['10.244.9.9'],
      100: ['10.244.1.2', '10.244.9.9'],
      900: ['10.244.1.2', '10.244.2.3'],
    });
    await programmed(WEB, endpointsOf);
    expect(waited()).toBeGreaterThanOrEqual(900);
  });

  it('is over for a service without endpoints where no rule is left, or rules that lead nowhere', async () => {
    for (const ports of [0, 2]) {
      const { endpointsOf, waited } = rules({ 0: [] }, ports);
      await programmed({ ...WEB, ips: [] }, endpointsOf);
      expect(waited()).toBe(0);
    }
  });

  it('says where the rules lead when kube-proxy never comes to it', async () => {
    const { endpointsOf } = rules({ 0: ['10.244.1.2'] }, 2);
    await expect(programmed(WEB, endpointsOf)).rejects.toThrow(
      'kube-proxy has not programmed the change within 30 s: ' +
        '10.96.0.7 leads to 10.244.1.2, not to 10.244.1.2, 10.244.2.3',
    );
    await expect(programmed(WEB, () => Promise.resolve([]))).rejects.toThrow('leads to no endpoint, not to');
  });

  it('says why the rules can’t be read, after it has tried for as long', async () => {
    const refused = () => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:10249'));
    await expect(programmed(WEB, refused)).rejects.toThrow('within 30 s: connect ECONNREFUSED');
  });
});

describe('an update that is over once kube-proxy has cleaned up', () => {
  const SINCE = 1000;

  /** kube-proxy's metrics from a time on: syncs ended, changes pending, times of the last change and sync. */
  interface At {
    readonly from: number;
    readonly syncs: number;
    readonly pending: number;
    readonly queued: number;
    readonly done: number;
  }
  const story = (steps: readonly At[]) => {
    // Beyond what an earlier test's metrics are kept for.
    clock.now += 10_000;
    const began = clock.now;
    kubeProxy.metrics = () => {
      const at = steps.findLast(({ from }) => clock.now - began >= from);
      return [
        `kubeproxy_sync_proxy_rules_duration_seconds_count{ip_family="IPv4"} ${String(at?.syncs)}`,
        `kubeproxy_sync_proxy_rules_endpoint_changes_pending ${String(at?.pending)}`,
        `kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds{ip_family="IPv4"} ${String(at?.queued)}`,
        `kubeproxy_sync_proxy_rules_last_timestamp_seconds{ip_family="IPv4"} ${String(at?.done)}`,
      ].join('\n');
    };
    return () => clock.now - began;
  };
  const idle = { from: 0, syncs: 5, pending: 0, queued: 990, done: 991 };

  it('ends with the sync that took it up', async () => {
    const waited = story([idle, { from: 400, syncs: 6, pending: 0, queued: 1000.1, done: 1000.3 }]);
    await synced({ since: SINCE, before: 5 });
    expect(waited()).toBeGreaterThanOrEqual(400);
    expect(waited()).toBeLessThan(600);
  });

  it('does not end with a sync that began before kube-proxy knew of it', async () => {
    const waited = story([
      idle,
      // The sync that was under way ends; the update waits for the next one, which minSyncPeriod delays.
      { from: 150, syncs: 5, pending: 1, queued: 1000.1, done: 991 },
      { from: 300, syncs: 6, pending: 1, queued: 1000.1, done: 1000.3 },
      // The next one has taken it up.
      { from: 1300, syncs: 6, pending: 0, queued: 1000.1, done: 1000.3 },
      { from: 2100, syncs: 7, pending: 0, queued: 1000.1, done: 1002.1 },
    ]);
    await synced({ since: SINCE, before: 5 });
    expect(waited()).toBeGreaterThanOrEqual(2100);
  });
});

describe('a restart that the harness requests', () => {
  /** @param ends when the old process ends, ms; the next answers 1.5 s later */
  const restarting = (ends: number) => {
    clock.now += 10_000;
    const began = clock.now;
    const requested = Date.now() / 1000;
    kubeProxy.metrics = () => {
      const at = clock.now - began;
      const isNew = at >= ends + 1500;
      if (at >= ends && !isNew) throw new TypeError('terminated');
      return [
        `process_start_time_seconds ${String(requested - (isNew ? -1 : 1000))}`,
        `kubeproxy_sync_proxy_rules_duration_seconds_count{ip_family="IPv4"} ${isNew ? '1' : '7'}`,
        `kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds{ip_family="IPv4"} ${String(requested + 2)}`,
        `kubeproxy_sync_proxy_rules_last_timestamp_seconds{ip_family="IPv4"} ${String(requested + 2)}`,
      ].join('\n');
    };
    return () => clock.now - began;
  };

  it.each([
    ['before the agent has asked for anything', 0],
    ['later', 500],
  ])('is awaited where kube-proxy ends %s', async (_, ends) => {
    const waited = restarting(ends);
    const { readings } = await ownKubeProxy.restarted({});
    expect(readings).toEqual([{ node: 'kube-proxy', before: 'running', after: 'restarted' }]);
    expect(waited()).toBeGreaterThanOrEqual(Math.max(ends, 500));
  });
});
