import type { Figures } from '../schema/verdict.ts';
import { defineFigures, type FigureGroup } from './figure.ts';
import { per, type Lab } from './lab.ts';

export const derived: FigureGroup = {
  title: 'Derived',
  intro: 'For the node under test and the demand, without canaries and background loads.',
  figures: defineFigures(
    'lab',
    { unit: 'per offered' },
    {
      conservation: {
        unit: 'packets',
        doc: '`packets.before` − `packets.after` − dropped for want of room; 0: every packet is accounted for. Dropped for want of room is `packets.dropped` (absent: `drop.delta`) less the lost insert races (`insert_failed.delta` − `chaintoolong.delta`), whose packets had passed and are dropped on their way out. A packet for which another entry was evicted has passed. More than 2 packets and more than 0.1 % of those before conntrack either way make the phase invalid.',
        source: 'nft counters, /proc/net/stat/nf_conntrack',
        range: 'signed',
        of: ({ figures }) => {
          const { 'packets.before': before, 'packets.after': after } = figures;
          const drop = droppedOf(figures);
          if (before === undefined || after === undefined || drop === undefined) return undefined;
          return before - after - (drop - Math.min(drop, lostRaces(figures)));
        },
      },
      relief: {
        unit: 'entries',
        doc: '`packets.entered` − `early_drop.delta` − `flushed` − (`entries.last` − `entries.first`): entries that ended otherwise, in a full table those that gc freed. At 95 % and above it takes unassured and closing ones, in steps of some hundred (gc_worker in nf_conntrack_core.c). Where so many may tip a comparison, the phase is retried, unless the scenario looks for it.',
        source: 'nft counter, `nf_conntrack_count`',
        range: 'signed',
        of: ({ figures }) => {
          const { 'packets.entered': entered, 'early_drop.delta': evicted, flushed = 0 } = figures;
          const stay = grown(figures, 'entries.last');
          if (entered === undefined || evicted === undefined || stay === undefined) return undefined;
          return entered - evicted - flushed - stay;
        },
      },
      'entries.perOffered': {
        doc: '(`entries.max` − `entries.first`) / offered: what one request leaves in the table. Too small if the table was full, or entries ended within the phase.',
        source: '`nf_conntrack_count`, `offered`',
        of: ({ figures, offered }) => per(grown(figures, 'entries.max'), offered),
      },
      'entries.perAnswered': {
        unit: 'per answered',
        doc: '(`entries.max` − `entries.first`) / answered: what one answered request takes, also in a full table. Excludes canaries opened before.',
        source: '`nf_conntrack_count`, `outcomes`',
        of: ({ figures, answered }) => per(grown(figures, 'entries.max'), answered),
      },
      'untranslated.perOffered': {
        doc: '`packets.untranslated` / offered.',
        source: 'nft counter, `offered`',
        loss: true,
        of: ({ figures, offered }) => per(figures['packets.untranslated'], offered),
      },
      'astray.perOffered': {
        doc: 'The sum of `NODE.packets.noRoute` over the nodes that are not under test / offered: packets that the node under test translated to a pod that is gone.',
        source: 'InNoRoutes of IpExt in /proc/net/netstat, `offered`',
        loss: true,
        of: ({ figures, offered }) => {
          const elsewhere = Object.entries(figures).filter(([name]) => name.endsWith('.packets.noRoute'));
          const sum = elsewhere.reduce((all, [, packets]) => all + packets, 0);
          return per(elsewhere.length === 0 ? undefined : sum, offered);
        },
      },
      'clashes.perOffered': {
        doc: 'Insert races: (`clash_resolve.delta` + lost races) / offered. A lost race is an `insert_failed` that is not a `chaintoolong`.',
        source: '/proc/net/stat/nf_conntrack, `offered`',
        loss: true,
        of: ({ figures, offered }) => {
          const { 'clash_resolve.delta': resolved } = figures;
          return per(resolved === undefined ? undefined : resolved + lostRaces(figures), offered);
        },
      },
      'evicted.share': {
        unit: '0 to 1',
        doc: '`early_drop.delta` / (`early_drop.delta` + `drop.delta`): the share of packets without room for which an older entry was evicted. Absent where nothing was evicted or dropped.',
        source: '/proc/net/stat/nf_conntrack',
        loss: true,
        of: evictions(({ evicted, dropped }) =>
          evicted + dropped > 0 ? evicted / (evicted + dropped) : undefined,
        ),
      },
      'evicted.excess': {
        unit: 'count',
        doc: '`early_drop.delta` − `drop.delta`.',
        source: '/proc/net/stat/nf_conntrack',
        range: 'signed',
        of: evictions(({ evicted, dropped }) => evicted - dropped),
      },
      'evicted.rate': {
        doc: '`early_drop.delta` / offered.',
        source: '/proc/net/stat/nf_conntrack, `offered`',
        loss: true,
        of: evictions(({ evicted }, { offered }) => per(evicted, offered)),
      },
    },
  ),
};

/**
 * Packets lost to an insert race: two packets create the same entry, and the second finds the first's. The
 * kernel counts the loss as `insert_failed` and `drop`, but a chain at its limit as `insert_failed` alone
 * (__nf_conntrack_confirm and nf_ct_resolve_clash in nf_conntrack_core.c).
 */
function lostRaces({ 'insert_failed.delta': lost = 0, 'chaintoolong.delta': chains = 0 }: Figures): number {
  return Math.max(0, lost - chains);
}

/** Packets that conntrack dropped, preferably counted with the other packets; samples are taken at another time. */
export function droppedOf({ 'packets.dropped': atOnce, 'drop.delta': sampled }: Figures): number | undefined {
  return atOnce ?? sampled;
}

/** Growth in entries since the first sample. */
function grown(figures: Figures, then: 'entries.max' | 'entries.last'): number | undefined {
  const { 'entries.first': first, [then]: entries } = figures;
  return first === undefined || entries === undefined ? undefined : entries - first;
}

/** Needs samples of the node under test. */
function evictions(
  of: (counted: { readonly evicted: number; readonly dropped: number }, lab: Lab) => number | undefined,
) {
  return (lab: Lab): number | undefined => {
    const { 'early_drop.delta': evicted, 'drop.delta': dropped } = lab.figures;
    return evicted === undefined || dropped === undefined ? undefined : of({ evicted, dropped }, lab);
  };
}
