import { kindOf } from '../load/index.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Measured, Remedy } from './remedy.ts';
import { LIFETIME } from './requirement.ts';

/** Three times the room of a squeezed table: 1,200 free entries become 4,800. */
const MORE = 3_600;
/** Leaves the table half full: demand is bursty, and a measured rate is not exact. */
const SPARE = 2;

const APPLIES = 'the machine: all network namespaces share the maximum; each has its own count';
const COST =
  'some 384 bytes of kernel memory an entry, and longer chains unless nf_conntrack_buckets grows too';

export const raiseMax: Remedy = {
  name: 'raise-max',
  summary: 'raise nf_conntrack_max by 3,600 entries; `raise-max-to-N` raises it to N',
  applies: APPLIES,
  cost: COST,
  why: { helps: 'room for more entries', fails: 'too little, or not about room' },
  requires: [],
  changes: () => [{ kind: 'limit', add: MORE }],
};

export const raiseMaxForGood: Remedy = {
  name: 'raise-max-for-good',
  summary: 'raise nf_conntrack_max to what the demand needs for good: twice its rate × an entry’s lifetime',
  applies: APPLIES,
  cost: COST,
  why: { helps: 'room for rate × lifetime', fails: 'room is not what is missing' },
  requires: [LIFETIME],
  changes: (protocol, measured) => [{ kind: 'limit', add: forGood(protocol, measured) }],
};

/** Without measurements (a dry run) each request counts as an entry, and nothing is free. */
function forGood({ demand, lifetime = 0 }: Protocol, measured?: Measured): number {
  const { planned, seconds } = kindOf(demand);
  const { perSecond = planned(demand) / Math.max(1, seconds(demand)), free = 0 } = measured ?? {};
  return Math.ceil(SPARE * perSecond * lifetime) - free;
}

/**
 * `raise-max-to-524288`: raises the maximum to a given value.
 *
 * @param limit reads nf_conntrack_max before the run
 * @returns undefined for any other name
 */
export function raiseMaxTo(name: string, limit: () => number): Remedy | undefined {
  const [, digits] = /^raise-max-to-([1-9]\d{0,9})$/.exec(name) ?? [];
  if (digits === undefined) return undefined;
  return {
    name,
    summary: `raise nf_conntrack_max to ${digits}`,
    applies: APPLIES,
    cost: COST,
    why: { helps: 'room for more entries', fails: 'too little, or not about room' },
    requires: [],
    changes: raisedTo(Number(digits), limit),
  };
}

/** @param limit reads nf_conntrack_max before the run */
export function raisedTo(max: number, limit: () => number): Remedy['changes'] {
  return (_, measured) => [{ kind: 'limit', add: max - (measured?.limit ?? limit()) }];
}
