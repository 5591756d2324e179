import { defineFigures, type FigureGroup } from './figure.ts';
import { per } from './lab.ts';
import { demands, serves } from './needs.ts';

const DNS = serves('dns');
const LABELS = ['one-dot', 'two-dots'];

export const servers: FigureGroup = {
  title: 'DNS, other servers and their pods',
  intro: 'Totals are read at both ends of a phase and summed over the nodes.',
  figures: defineFigures(
    'lab',
    { unit: 'count', needs: DNS },
    {
      queries: {
        doc: 'DNS queries for addresses (A, AAAA) that reached kube-dns.',
        source: 'the server; in the kind lab CoreDNS’ metrics',
      },
      'queries.perLookup': {
        unit: 'per lookup',
        doc: '`queries` / `lookups.offered`.',
        source: '`queries`, `offered`',
        needs: demands('dns-client'),
        of: ({ figures: { queries, 'lookups.offered': lookups } }) => per(queries, lookups),
      },
      'queries.perLookup.NAME': {
        values: LABELS,
        unit: 'per lookup',
        doc: 'Queries of a single lookup of `example.com` (one dot) or `www.example.com` (two) after the phase. Only where the table has room: in the stages `baseline` and `fresh`.',
        source: 'the server',
        needs: demands('dns-client'),
      },
      'entries.perLookup.NAME': {
        values: LABELS,
        unit: 'per lookup',
        doc: 'Entries that the same lookup leaves in the table.',
        source: '`nf_conntrack_count`',
        needs: demands('dns-client'),
      },
      'outside.udp': {
        doc: 'Queries that CoreDNS forwarded to the stand-in for the outside over UDP, in the kind lab.',
        source: 'the stand-in',
      },
      'outside.tcp': { doc: 'The same over TCP.', source: 'the stand-in' },
      'cache.queries': {
        doc: 'Queries that the nodes’ DNS caches received; absent without caches.',
        source: 'the caches',
      },
      'cache.misses': {
        doc: 'Queries that the caches passed on to kube-dns.',
        source: 'the caches',
      },
      'server.resets': {
        doc: 'ECONNRESETs that a boom-server saw; each would crash its pod.',
        source: 'the server',
        needs: serves('boom-server'),
      },
      'pods.restarts': {
        doc: 'Starts of a container of a `boom-pod` after its first, in this phase.',
        source: 'the pods’ status',
        needs: serves('boom-pod'),
      },
      'pods.CrashLoopBackOff': {
        unit: 'pods',
        doc: 'Those pods that the kubelet lets wait before a restart.',
        source: 'the pods’ status',
        needs: serves('boom-pod'),
      },
    },
  ),
};
