import { describe, expect, it } from 'vitest';
import earlyDrop from '../../../scenarios/early-drop.ts';
import hashCollisions from '../../../scenarios/hash-collisions.ts';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { REMEDIES } from '../../../src/remedy/index.ts';
import { problemsOf } from '../../../src/scenario/check.ts';
import { SQUEEZES } from '../../../src/change/squeezes.ts';

const KERNELS: readonly (readonly [number, number])[] = [
  [5, 4],
  [6, 18],
];

describe.each(SCENARIOS)('$name', (scenario) => {
  it('is sound whatever its parameters, the kernel, the squeeze and who runs it', () => {
    const environments = KERNELS.flatMap((kernel) =>
      SQUEEZES.flatMap((squeeze) => [true, false].map((privileged) => ({ kernel, squeeze, privileged }))),
    );
    const known = REMEDIES.map(({ name }) => name);
    expect(problemsOf(scenario, environments, known)).toEqual([]);
  });
});

it('early-drop and hash-collisions say why they can’t be shown', () => {
  const environment = { kernel: [6, 18], squeeze: 'none', privileged: false } as const;
  expect(earlyDrop.protocol({}, environment).skip).toMatch(/--squeeze ballast/);
  expect(earlyDrop.protocol({ table: 'assured' }, environment).skip).toBeUndefined();
  expect(hashCollisions.protocol({}, environment).skip).toMatch(/run as root/);
  expect(hashCollisions.protocol({}, { ...environment, privileged: true }).skip).toBeUndefined();
});
