import { protocolOf } from '../http-lab.ts';
import { BenchLab } from '../lab.ts';
import { OwnLoad } from '../own-load.ts';
import type { Opened, Work } from '../work.ts';

const NODES = ['worker-1', 'worker-2'];
const TOPOLOGY = {
  nodes: NODES,
  pods: { app: { replicas: 3, nodes: ['worker-1'] }, coredns: { replicas: 1, nodes: ['worker-2'] } },
  services: { 'kube-dns': { pods: 'coredns', port: 53, app: 'dns' } },
  resolver: {
    search: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
    options: ['ndots:5'],
  },
};
const DEMAND = {
  kind: 'dns-client',
  pods: 'app',
  lookups: 100,
  seconds: 1,
  names: ['www.example.com'],
  patience: 10,
  giveUp: 20,
};

export const lookups: Work = {
  id: 'lookups',
  title: 'lookups by getaddrinfo under ndots:5',
  unit: 'lookups/s',
  better: 'more',
  place: 'sandbox',
  rounds: { full: 5, quick: 2 },
  comparisons: [],
  open,
};

/**
 * CPU time of the DNS server and of the process that asks the resolvers; resolvers are separate processes.
 */
async function open(): Promise<Opened> {
  const lab = await BenchLab.open(protocolOf(TOPOLOGY, DEMAND));
  const load = new OwnLoad({
    lab,
    first: 200,
    change: (count) => ({ kind: 'load', set: { lookups: count } }),
    clear: () => lab.clear(NODES),
    note: ({ totals: { queries = 0 }, seconds }) =>
      `${Math.round(queries / seconds).toLocaleString('en')} queries/s at the server`,
  });
  return {
    contenders: [{ name: 'tablefull', measure: () => load.measure() }],
    missing: [],
    [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
  };
}
