import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SCENARIOS } from '../../scenarios/index.ts';
import { PACKET_COUNTERS } from '../../src/agent/packet-rules.ts';
import { harness } from '../../src/agent/probe/harness.ts';
import type { Probed } from '../../src/agent/probe/probe.ts';
import { REMEDIES } from '../../src/remedy/index.ts';
import { problemsOf } from '../../src/scenario/check.ts';
import { OF_THE_HARNESS, OF_THE_MACHINE, PACKETS } from '../../src/scenario/figure-names.ts';
import { SQUEEZES } from '../../src/change/squeezes.ts';

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

it('the packets that a node counts may be named', () => {
  expect(PACKETS).toEqual(expect.arrayContaining([...PACKET_COUNTERS]));
});

it('what the harness measures of itself may be named, and its page says what each is', () => {
  const nodes = { node: 'worker-1', nodes: ['worker-1'] } as unknown as Probed;
  const measured = Object.keys(harness.during?.(nodes)() ?? {});
  expect(measured).toContain('harness.loop.utilisation');
  expect([...OF_THE_HARNESS, ...OF_THE_MACHINE]).toEqual(expect.arrayContaining(measured));
  const page = readFileSync(new URL('../../docs/reference/figures.md', import.meta.url), 'utf8');
  for (const name of [...OF_THE_HARNESS, ...OF_THE_MACHINE]) expect(page).toContain(`\n| \`${name}\` `);
});

it('the harness of a node that is not under test measures nothing of itself', () => {
  const nodes = { node: 'worker-1', nodes: ['worker-2'] } as unknown as Probed;
  expect(harness.during?.(nodes)()).toEqual({});
});
