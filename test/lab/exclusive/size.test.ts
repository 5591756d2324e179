import { expect, it } from 'vitest';
import { NetnsLab } from '../../../src/lab/netns/outside/netns-lab.ts';
import saturate from '../../../scenarios/saturate.ts';
import { machine } from '../machine.ts';

it('a lab of 300 pods on 6 nodes comes up, works, and is gone without a trace', async () => {
  const before = await machine();
  const nodes = Array.from({ length: 6 }, (_, i) => `worker-${String(i + 1)}`);
  const environment = { kernel: [6, 1], squeeze: 'ballast', privileged: false } as const;
  const { topology, ...protocol } = saturate.protocol({}, environment);
  const events: string[] = [];
  const began = performance.now();
  const lab = await NetnsLab.open({
    changes: [],
    protocol: {
      ...protocol,
      topology: {
        ...topology,
        nodes,
        pods: { ...topology.pods, 'simple-app': { replicas: 49, nodes }, server: { replicas: 1, nodes } },
      },
      demand: { ...protocol.demand, requests: 300 } as typeof protocol.demand,
    },
    squeeze: 'ballast',
    privileged: process.getuid?.() === 0,
    seed: 1,
    epoch: process.hrtime.bigint(),
    sink: (event) => {
      if (event.type === 'outcomes') events.push(event.outcome);
    },
    onLeft: (what) => events.push(what),
    say: () => undefined,
    signal: AbortSignal.timeout(60_000),
  });
  const up = performance.now();
  await lab.phase(
    { cycle: 'symptom', stage: 'baseline' },
    { pace: 1, slack: 0 },
    AbortSignal.timeout(60_000),
  );
  const down = performance.now();
  await lab[Symbol.asyncDispose]();
  console.log(
    `300 pods: up in ${(up - began).toFixed(0)} ms, down in ${(performance.now() - down).toFixed(0)} ms`,
  );
  expect(new Set(events)).toEqual(new Set(['ok']));
  expect(await machine()).toEqual(before);
});
