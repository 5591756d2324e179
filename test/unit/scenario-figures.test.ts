import { expect, it } from 'vitest';
import { SCENARIOS } from '../../scenarios/index.ts';
import { PACKET_COUNTERS } from '../../src/lab/agent/packet-rules.ts';
import { REMEDIES } from '../../src/remedy/index.ts';
import { problemsOf } from '../../src/scenario/check.ts';
import { PACKETS } from '../../src/scenario/figure-names.ts';
import { SQUEEZES } from '../../src/scenario/squeeze.ts';

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
