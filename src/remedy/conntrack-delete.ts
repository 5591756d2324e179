import type { Change } from '../change/index.ts';
import type { Remedy } from './remedy.ts';

/** s after a backend went: the delay of a kube-proxy sync. */
const AFTER = 0.01;

export const conntrackDelete: Remedy = {
  name: 'conntrack-delete',
  summary: 'delete the entries of services that lead to a pod which is no endpoint any more',
  applies: 'every node, once after each change of a service’s endpoints',
  cost: 'a walk through the whole table; a TCP connection whose entry is deleted is reset at its next packet',
  why: { helps: 'the stale entries are gone', fails: 'no stale entry is involved' },
  requires: [],
  changes: ({ fault }) => {
    const change: Change = { kind: 'conntrack-delete' };
    return [fault.kind === 'event' ? { kind: 'event', at: fault.at + AFTER, change } : change];
  },
};
