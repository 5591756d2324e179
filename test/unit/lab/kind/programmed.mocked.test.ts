import { beforeEach, expect, it, vi } from 'vitest';
import { programmed } from '../../../../src/lab/kind/inside/programmed.ts';

/** ms. A clock that moves by what is waited, and when kube-proxy has programmed the change. */
const clock = vi.hoisted(() => ({ now: 0, doneAt: 0 }));
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => {
    clock.now += ms;
    return Promise.resolve();
  },
}));
vi.mock('../../../../src/lab/kind/inside/proxy-metrics.ts', () => ({
  ProxyMetrics: { read: () => Promise.resolve({ hasProgrammed: () => clock.now >= clock.doneAt }) },
}));

beforeEach(() => {
  clock.now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock.now);
});

it('a change of endpoints waits for as long as the remedy min-sync-period lets kube-proxy wait', async () => {
  clock.doneAt = 20_500;
  await programmed(0);
  expect(clock.now).toBeLessThan(22_000);
});

it('it does not wait for a kube-proxy that never comes to it', async () => {
  clock.doneAt = Infinity;
  await expect(programmed(0)).rejects.toThrow('kube-proxy has not programmed the change within 30 s');
});
