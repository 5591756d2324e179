import { expect, it } from 'vitest';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { PACKET_COUNTERS } from '../../../src/agent/packet-rules.ts';
import { harness } from '../../../src/agent/probe/harness.ts';
import type { Probed } from '../../../src/agent/probe/probe.ts';
import { figureNamed } from '../../../src/figure/names.ts';
import { REMEDIES } from '../../../src/remedy/index.ts';
import { problemsOf } from '../../../src/scenario/check.ts';
import { SQUEEZES } from '../../../src/change/squeezes.ts';
import { PROTOCOL } from '../judge/history-builder.ts';
import { stub } from '../support/stub.ts';

const ENVIRONMENTS = SQUEEZES.flatMap((squeeze) =>
  [true, false].map((privileged) => ({ kernel: [6, 18] as const, squeeze, privileged })),
);

it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  'all that %s names is there, whatever its parameters',
  (_, scenario) => {
    const known = REMEDIES.map(({ name }) => name);
    expect(problemsOf(scenario, ENVIRONMENTS, known)).toEqual([]);
  },
);

it('every packet counter of a node is a declared figure', () => {
  for (const counter of PACKET_COUNTERS) {
    expect(figureNamed(`packets.${counter}`, PROTOCOL)?.unit, counter).toMatch(/packets|entries/);
    expect(figureNamed(`worker-2.packets.${counter}`, PROTOCOL)?.scope, counter).toBe('node');
  }
});

it('all that the harness measures of itself is a declared figure', () => {
  const nodes = stub<Probed>({ node: 'worker-1', nodes: ['worker-1'] });
  const measured = Object.keys(harness.during?.(nodes)() ?? {});
  expect(measured).toContain('harness.loop.utilisation');
  expect(measured.filter((name) => figureNamed(name, PROTOCOL) === undefined)).toEqual([]);
});

it('the harness of a node that is not under test measures nothing of itself', () => {
  const nodes = stub<Probed>({ node: 'worker-1', nodes: ['worker-2'] });
  expect(harness.during?.(nodes)()).toEqual({});
});
