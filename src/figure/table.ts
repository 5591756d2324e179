import { CONNTRACK_COUNTERS } from '../kernel/counter-names.ts';
import { defineFigures, type FigureGroup } from './figure.ts';

const COUNT = '`nf_conntrack_count`';
const LIMIT = '`nf_conntrack_max`';
const BUCKETS = '`nf_conntrack_buckets`';

export const table: FigureGroup = {
  title: 'The table',
  intro:
    'Sampled at least every 100 ms, in the node’s network namespace. The counters are those of `nf_conntrack_standalone.c`, and `conntrack -S` prints the same: `found` (a NAT tuple was in use), `invalid` (packets that fit no connection), `insert` (by ctnetlink only), `insert_failed` (the lost insert race), `drop` (no room in the table), `early_drop` (an unassured entry evicted for a new one), `error` (ICMP errors that could not be tracked), `search_restart` (a lookup met a resize), `clash_resolve` (the insert race resolved, nothing lost; kernels before about 5.10 do not have it), `chaintoolong` (a hash chain at its limit).',
  figures: [
    ...defineFigures(
      'node',
      { unit: 'entries', source: COUNT },
      {
        'entries.first': { doc: 'In the first sample.', of: ({ first }) => first.entries },
        'entries.max': { doc: 'The highest.', of: ({ most }) => most },
        'entries.last': { doc: 'In the last sample.', of: ({ last }) => last.entries },
        limit: { doc: 'In the last sample.', source: LIMIT, of: ({ last }) => last.limit },
        'free.min': {
          doc: 'The minimum of limit − entries over all samples. 0 or less: the table was full.',
          source: `${COUNT}, ${LIMIT}`,
          range: 'signed',
          of: ({ samples }) =>
            samples.reduce((least, { limit, entries }) => Math.min(least, limit - entries), Infinity),
        },
        buckets: {
          unit: 'buckets',
          doc: 'In the last sample.',
          source: BUCKETS,
          of: ({ last }) => last.buckets,
        },
        'COUNTER.delta': {
          values: CONNTRACK_COUNTERS,
          unit: 'count',
          doc: 'Last sample − first, summed over the CPUs.',
          source: '/proc/net/stat/nf_conntrack',
          counter: true,
          of: ({ first, last }) =>
            Object.fromEntries(
              CONNTRACK_COUNTERS.map((name) => [`${name}.delta`, last.counters[name] - first.counters[name]]),
            ),
        },
        samples: {
          unit: 'count',
          doc: 'Samples of this node in the phase.',
          source: '`sample`',
          of: ({ samples }) => samples.length,
        },
        'chain.mean': {
          doc: '2 × `entries.max` / `buckets`: this node’s share of the mean chain. An entry is in two chains, one per direction, and other nodes share the hash.',
          source: `${COUNT}, ${BUCKETS}`,
          of: ({ most, last: { buckets } }) => (buckets > 0 ? (2 * most) / buckets : undefined),
        },
        'bucket.size': {
          doc: '`limit` / `buckets`, which some take for the size of a bucket.',
          source: `${LIMIT}, ${BUCKETS}`,
          of: ({ last: { limit, buckets } }) => (buckets > 0 ? limit / buckets : undefined),
        },
      },
    ),
    ...defineFigures(
      'lab',
      { source: '/proc/slabinfo' },
      {
        'table.bytes': {
          unit: 'bytes',
          doc: 'Kernel memory of the node’s entries and the machine’s buckets after the phase: entries × the slab’s object size, and 8 bytes a bucket. Only as root. Excludes extensions (128 bytes an entry, on 6.18 with NAT).',
        },
      },
    ),
  ],
};
