import type { ConntrackEntry } from '../../kernel/conntrack-dump.ts';
import { staleEntries } from '../../change/kinds/conntrack-delete.ts';
import type { ServiceEntry } from '../../change/target.ts';
import type { Probe } from './probe.ts';

/**
 * The demand's entries when the phase is over: `state.TIME_WAIT` (count), `timeout.TIME_WAIT` (longest time
 * left, s), `pod.NAME.entries` by opener, and `entries.stale`. UDP, which has no states, counts as `UDP`.
 */
export const entries: Probe = {
  inspect: async ({ node, nodes, entries, podAt, services, inspected }) => {
    if (inspected.length === 0 || !nodes.includes(node)) return {};
    const all = await entries(node);
    return {
      ...(inspected.includes('states') ? byState(all) : {}),
      ...(inspected.includes('pods') ? byPod(all, podAt) : {}),
      ...(inspected.includes('stale') ? stale(all, services()) : {}),
    };
  },
};

const UDP = 17;

function byState(all: readonly ConntrackEntry[]): Record<string, number> {
  const groups = Map.groupBy(all, ({ state, protocol }) => state ?? (protocol === UDP ? 'UDP' : 'OTHER'));
  return Object.fromEntries(
    [...groups].flatMap(([state, of]) => [
      [`state.${state}`, of.length],
      [`timeout.${state}`, of.reduce((most, { timeout }) => Math.max(most, timeout), 0)],
    ]),
  );
}

function stale(all: readonly ConntrackEntry[], services: readonly ServiceEntry[]): Record<string, number> {
  const count = staleEntries(all, services).length;
  return { 'entries.stale': count, 'entries.stale.share': count / Math.max(1, all.length) };
}

function byPod(
  all: readonly ConntrackEntry[],
  podAt: (ip: string) => string | undefined,
): Record<string, number> {
  const groups = Map.groupBy(all, ({ source }) => podAt(source) ?? source);
  return Object.fromEntries([...groups].map(([pod, of]) => [`pod.${pod}.entries`, of.length]));
}
