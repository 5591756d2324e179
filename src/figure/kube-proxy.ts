import { defineFigures, type FigureGroup } from './figure.ts';
import { inspects } from './needs.ts';

const SYNC = '`kubeproxy_sync_proxy_rules_duration_seconds`';
const SCAN = '`kubeproxy_conntrack_reconciler_sync_duration_seconds`';

export const kubeProxy: FigureGroup = {
  title: 'kube-proxy',
  intro:
    'From the metrics of the cluster’s kube-proxy on the node under test. Not every version has every metric.',
  figures: defineFigures(
    'lab',
    { needs: inspects('kube-proxy') },
    {
      'kubeproxy.cpu': {
        unit: 's',
        doc: 'CPU time of its process.',
        source: '`process_cpu_seconds_total`',
      },
      'kubeproxy.cpu.share': {
        unit: 'ratio',
        doc: '`kubeproxy.cpu` / the phase’s length: the share of one CPU. Above 1 with several CPUs.',
        source: '`kubeproxy.cpu`, `phase`',
        loss: true,
        of: ({ phase: { length }, figures: { 'kubeproxy.cpu': cpu } }) =>
          cpu === undefined || length === undefined || length <= 0 ? undefined : (cpu * 1000) / length,
      },
      'kubeproxy.rss': {
        unit: 'bytes',
        doc: 'Memory of its process after the phase.',
        source: '`process_resident_memory_bytes`',
      },
      'kubeproxy.syncs': { unit: 'count', doc: 'How often it programmed its rules.', source: SYNC },
      'kubeproxy.syncing': { unit: 's', doc: 'The total time, cleanup included.', source: SYNC },
      'kubeproxy.scans': {
        unit: 'count',
        doc: 'How often it scanned the conntrack table for stale entries.',
        source: SCAN,
      },
      'kubeproxy.scanning': { unit: 's', doc: 'The total time.', source: SCAN },
      'kubeproxy.deleted': {
        unit: 'entries',
        doc: 'Stale entries that it deleted.',
        source: '`kubeproxy_conntrack_reconciler_deleted_entries_total`',
      },
    },
  ),
};
