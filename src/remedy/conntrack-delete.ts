import { leavesStale, type Change } from '../change/index.ts';
import type { Remedy } from './remedy.ts';

/** s after a backend went: the delay of a kube-proxy sync. */
const AFTER = 0.01;

export const conntrackDelete: Remedy = {
  name: 'conntrack-delete',
  summary: 'delete entries that lead to pods no longer behind the service',
  applies: 'every node, once after each change of a service’s endpoints',
  cost: 'a walk through the whole table; a TCP connection whose entry is deleted is reset at its next packet',
  why: { helps: 'the stale entries are gone', fails: 'no stale entry is involved' },
  breaks: { what: 'TCP connections that were deleted are reset', shownBy: 'ghost-connections protocol=tcp' },
  requires: [],
  changes: ({ fault, aftermath }) => {
    const change: Change = { kind: 'conntrack-delete' };
    const isLed = (each: Change): boolean => each.kind === 'event' && leavesStale(each.change);
    const cause = [fault, ...aftermath].find(isLed) ?? fault;
    return [
      cause.kind === 'event' ? { kind: 'event', at: (cause.until ?? cause.at) + AFTER, change } : change,
    ];
  },
};
