import { NetnsLab } from '../../src/lab/netns/outside/netns-lab.ts';
import { protocolSchema } from '../../src/schema/protocol.ts';
import { protocolOf } from '../http-lab.ts';
import type { BenchContext, Opened, Sample, Work } from '../work.ts';
import { NO_DEMAND } from './held.ts';

const PODS = [10, 100, 300, 1000] as const;
/** Below the limit of 250 pods a node. */
const ON_A_NODE = 200;
const named = (pods: number): string => `${String(pods)} pods`;

export const labSize: Work = {
  id: 'lab',
  title: 'a lab up and down',
  unit: 's',
  better: 'less',
  place: 'machine',
  rounds: { full: 5, quick: 2 },
  comparisons: [{ of: named(300), atMost: 3 }],
  open: ({ quick, signal }: BenchContext): Promise<Opened> =>
    Promise.resolve({
      contenders: PODS.filter((pods) => !quick || pods <= 300).map((pods) => ({
        name: named(pods),
        measure: () => upAndDown(pods, signal),
      })),
      missing: [],
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
};

async function upAndDown(pods: number, signal: AbortSignal): Promise<Sample> {
  const count = Math.max(1, Math.ceil(pods / ON_A_NODE));
  const nodes = Array.from({ length: count }, (_, i) => `worker-${String(i + 1)}`);
  const topology = {
    nodes,
    pods: {
      client: { replicas: Math.ceil((pods - 1) / count), nodes },
      server: { replicas: 1, nodes: nodes.slice(0, 1) },
    },
    services: { web: { pods: 'server', port: 80, app: 'stateless' } },
  };
  const protocol = protocolSchema.parse(protocolOf(topology, NO_DEMAND));
  const began = performance.now();
  const lab = await NetnsLab.open({
    protocol,
    changes: [],
    squeeze: 'ballast',
    privileged: process.geteuid?.() === 0,
    seed: 1,
    epoch: process.hrtime.bigint(),
    sink: () => undefined,
    onLeft: () => undefined,
    say: () => undefined,
    signal,
  });
  const up = performance.now();
  await lab[Symbol.asyncDispose]();
  const down = performance.now();
  const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(2);
  return {
    value: (down - began) / 1000,
    note: `up ${seconds(began, up)}, down ${seconds(up, down)}`,
  };
}
