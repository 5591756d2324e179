import { existsSync, readFileSync } from 'node:fs';
import type { Probe } from './probe.ts';

/** Of this process’ main thread: time on a CPU, time it waited for one, turns; ns (kernel/sched/stats, sched-stats.rst). */
const SCHEDSTAT = '/proc/self/schedstat';

/** How long the lab itself was kept from a CPU, ms: what it offers and answers is late by that much. */
export const harness: Probe = {
  name: 'harness',
  totals: (probed, node) => Promise.resolve(node === probed.node && existsSync(SCHEDSTAT) ? waited() : {}),
};

function waited(): Readonly<Record<string, number>> {
  const [, ns] = readFileSync(SCHEDSTAT, 'utf8').split(' ');
  return { 'harness.waited': Math.round(Number(ns) / 1e4) / 100 };
}
