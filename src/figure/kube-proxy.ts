import { defineFigures, type FigureGroup } from './figure.ts';
import { inspects } from './needs.ts';

const SYNC = '`kubeproxy_sync_proxy_rules_duration_seconds`';
const SCAN = '`kubeproxy_conntrack_reconciler_sync_duration_seconds`';

export const kubeProxy: FigureGroup = {
  title: 'kube-proxy',
  intro:
    'Of the node under test, where kube-proxy is a cluster’s own: what its metrics say. Not every version has each.',
  figures: defineFigures(
    'lab',
    { needs: inspects('kube-proxy') },
    {
      'kubeproxy.cpu': {
        unit: 's',
        doc: 'CPU time that its process took.',
        source: '`process_cpu_seconds_total`',
      },
      'kubeproxy.cpu.share': {
        unit: 'ratio',
        doc: '`kubeproxy.cpu` / the phase’s length: so much of one CPU. Above 1 where it was on several.',
        source: '`kubeproxy.cpu`, `phase`',
        loss: true,
        of: ({ phase: { length }, figures: { 'kubeproxy.cpu': cpu } }) =>
          cpu === undefined || length === undefined || length <= 0 ? undefined : (cpu * 1000) / length,
      },
      'kubeproxy.rss': {
        unit: 'bytes',
        doc: 'Memory that its process holds when the phase is over.',
        source: '`process_resident_memory_bytes`',
      },
      'kubeproxy.syncs': { unit: 'count', doc: 'How often it programmed what it knew.', source: SYNC },
      'kubeproxy.syncing': { unit: 's', doc: 'For how long in all, cleaning up included.', source: SYNC },
      'kubeproxy.scans': {
        unit: 'count',
        doc: 'How often it looked through the conntrack table for stale entries.',
        source: SCAN,
      },
      'kubeproxy.scanning': { unit: 's', doc: 'For how long in all.', source: SCAN },
      'kubeproxy.deleted': {
        unit: 'entries',
        doc: 'Stale entries that it deleted.',
        source: '`kubeproxy_conntrack_reconciler_deleted_entries_total`',
      },
    },
  ),
};
