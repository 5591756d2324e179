import type { Remedy } from './remedy.ts';
import { instead, snatOf } from './sources.ts';
import { SNAT } from './requirement.ts';

export const randomFully: Remedy = {
  name: 'random-fully',
  summary: 'masquerade with --random-fully: the search for a free port begins at random',
  applies: 'each node that masquerades, in its NAT rules',
  cost: 'source ports are no longer kept where they could be, and say nothing of who sent',
  why: { helps: 'finds a free port sooner', fails: 'adds no ports' },
  requires: [SNAT],
  changes: (protocol) => {
    const snat = snatOf(protocol);
    return snat === undefined ? [] : [instead(snat, (rule) => `${rule} fully-random`)];
  },
};
