import { insertEstablished } from '../../src/kernel/ctnetlink.ts';
import { BALLAST_MARK } from '../../src/host/marks.ts';
import { endedChildrenCpu, threadsCpu } from '../cpu.ts';
import { protocolOf } from '../http-lab.ts';
import { BenchLab } from '../lab.ts';
import { program, runIn } from '../programs.ts';
import type { Opened, Sample, Work } from '../work.ts';

const NODES = Array.from({ length: 16 }, (_, i) => `worker-${String(i + 1)}`);
const ENTRIES = 1_048_576;
const SECONDS = 3;
const PERIOD_MS = 50;
/** Entries inserted at a time. */
const SLICE = 8192;
const OWN = 'tablefull, counters';

export const sampling: Work = {
  id: 'sampling',
  title: 'looking at 16 nodes with 1,048,576 entries every 50 ms',
  unit: '% of a core',
  better: 'less',
  place: 'sandbox',
  rounds: { full: 3, quick: 0 },
  comparisons: [
    { of: OWN, atMost: 2 },
    { of: OWN, to: 'conntrack -L' },
    { of: OWN, to: '/proc/net/nf_conntrack' },
  ],
  open,
};

async function open(): Promise<Opened> {
  const demand = {
    kind: 'simple-app',
    pods: 'client',
    service: 'web',
    stages: [{ pods: 1, seconds: SECONDS }],
    requests: 10,
    connectTimeout: 1,
  };
  const labOf = (nodes: readonly string[]): Promise<BenchLab> => {
    const on = (node: string | undefined) => ({ replicas: 1, nodes: [node] });
    const topology = {
      nodes,
      pods: { client: on(nodes[0]), server: on(nodes.at(-1)) },
      services: { web: { pods: 'server', port: 80, app: 'http' } },
    };
    return BenchLab.open(protocolOf(topology, demand));
  };
  await using opening = new AsyncDisposableStack();
  const lab = opening.use(await labOf(NODES));
  const small = opening.use(await labOf(NODES.slice(0, 1)));
  for (const node of NODES) {
    const each = ENTRIES / NODES.length;
    for (let from = 0; from < each; from += SLICE)
      insertEstablished(lab.namespace(node), from, Math.min(SLICE, each - from), BALLAST_MARK);
  }
  const conntrack = program('conntrack');
  const dumps = [
    ...('path' in conntrack ? [{ name: 'conntrack -L', path: conntrack.path, args: ['-L'] }] : []),
    { name: '/proc/net/nf_conntrack', path: '/bin/cat', args: ['/proc/net/nf_conntrack'] },
  ];
  const held = opening.move();
  return {
    contenders: [
      { name: OWN, measure: () => sampled(lab, small) },
      ...dumps.map(({ name, path, args }) => ({ name, measure: () => dumped(lab, path, args) })),
    ],
    missing: 'why' in conntrack ? [{ name: 'conntrack -L', why: conntrack.why }] : [],
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/**
 * The agent's CPU share in a nearly idle phase, less that in a lab of one node. The main thread also does
 * other work, so this is a lower bound.
 */
async function sampled(lab: BenchLab, small: BenchLab): Promise<Sample> {
  const [all, one] = [await shares(lab), await shares(small)];
  const more = all.others - one.others + Math.max(0, all.main - one.main);
  return { value: (more * NODES.length) / (NODES.length - 1) };
}

/** Percent of a core. */
async function shares(lab: BenchLab): Promise<ReturnType<typeof threadsCpu>> {
  const marks: ReturnType<typeof threadsCpu>[] = [];
  const { seconds } = await lab.offer((pid) => {
    marks.push(threadsCpu(pid));
    return 0;
  });
  const [before, after] = marks;
  const share = (of: 'main' | 'others'): number =>
    (100 * ((after?.[of] ?? NaN) - (before?.[of] ?? NaN))) / (seconds * 1e6);
  return { main: share('main'), others: share('others') };
}

/** The cost of one dump of each node, at the sampling interval. */
async function dumped(lab: BenchLab, path: string, args: readonly string[]): Promise<Sample> {
  const before = endedChildrenCpu();
  for (const node of NODES) await runIn(lab.namespace(node), path, args);
  const us = endedChildrenCpu() - before;
  return { value: (100 * us) / (PERIOD_MS * 1000), note: `${(us / 1e6).toFixed(1)} s a look` };
}
