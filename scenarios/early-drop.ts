import { squeeze } from '../src/fault/squeeze.ts';
import { defineScenario } from '../src/scenario/define.ts';

const NODE = 'worker-1';
const FREE = 2144;

/**
 * What a full table does to new flows depends on its entries: the kernel searches eight buckets for an
 * unassured entry to evict. Also claims 1l and 0h, by a table that fills from empty.
 */
export default defineScenario({
  name: 'early-drop',
  summary:
    'a full table of unassured entries evicts the old for the new and drops none; of assured ones, drops',
  params: {
    table: {
      values: ['unassured', 'assured', 'empty'],
      summary: 'the entries that fill the table first: ones the kernel evicts, ones it does not, or none',
    },
  },
  matrix: [{}, { table: 'assured' }, { table: 'empty' }],
  protocol: ({ table }, { squeeze: squeezed }) => {
    // Enough to exhaust a table of assured entries; raise-max meets those of the unassured table for a
    // while.
    const flows = { unassured: 5_600, assured: 20_480, empty: 20_000 }[table];
    const evicts = table !== 'assured';
    return {
      topology: {
        nodes: [NODE],
        pods: { client: { replicas: 1, nodes: [NODE] }, server: { replicas: 1, nodes: [NODE] } },
        services: {},
      },
      node: NODE,
      demand: {
        kind: 'flood',
        pods: 'client',
        to: 'server',
        flow: 'datagram',
        flows,
        seconds: table === 'empty' ? 6 : 1,
      },
      fault:
        table === 'empty'
          ? { kind: 'load', set: { flows: 300_000 } }
          : squeeze.on({ node: NODE, free: FREE, assured: table === 'assured' }),
      symptom: {
        expected: 'reproduced',
        when: evicts
          ? ['free.min <= 2', 'evicted.excess > 1000', 'drop.delta < 10', 'flows.failed.rate < 0.01']
          : ['free.min <= 0', 'evicted.excess < -1000', 'flows.failed.rate > 0.5'],
        loss: evicts ? 'evicted.rate' : 'flows.failed.rate',
      },
      inspect: ['states'],
      show: [
        'flows.offered',
        'flows.answered',
        'flows.not delivered',
        'entries.max',
        'limit',
        'buckets',
        'early_drop.delta',
        'drop.delta',
        'evicted.share',
        'evicted.rate',
        ...(table === 'empty' ? ['warning.75', 'warning.90', 'warning.95', 'full.after'] : []),
        'relief',
        'state.UDP',
        'timeout.UDP',
        'conservation',
      ],
      ...(table === 'unassured' &&
        squeezed !== 'ballast' && {
          skip: 'only --squeeze ballast makes unassured entries: use it, or --param table=assured',
        }),
      lifetime: '30s',
      lifetimeSysctl: 'net.netfilter.nf_conntrack_udp_timeout',
      remedies: {
        ...(table !== 'empty' && { 'raise-max': table === 'unassured' ? 'postponed' : 'no-effect' }),
        ...(table === 'unassured' && { 'raise-max-for-good': 'cured' as const }),
        'shorter-timeouts': 'no-effect',
        'timeout-udp': 'no-effect',
        'timeout-udp-stream': 'no-effect',
        'timeout-syn-sent': 'no-effect',
        placebo: 'no-effect',
      },
    };
  },
});
