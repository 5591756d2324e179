import { describe, expect, it } from 'vitest';
import earlyDrop from '../../../scenarios/early-drop.ts';
import hashCollisions from '../../../scenarios/hash-collisions.ts';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { REMEDIES } from '../../../src/remedy/index.ts';
import { problemsOf } from '../../../src/scenario/check.ts';
import { SQUEEZES } from '../../../src/change/squeezes.ts';
import { KUBE_PROXY_VERSIONS } from '../../../src/toolchain/kube-proxy.ts';

const KNOWN = REMEDIES.map(({ name }) => name);
/** Programs that a machine has or has not. */
const PROGRAMS = {
  kubeProxy: '/bin/kube-proxy',
  kubeProxies: Object.fromEntries(KUBE_PROXY_VERSIONS.map((version) => [version, `/bin/${version}`])),
  nginx: '/bin/nginx',
  k6: () => '/bin/k6',
};
const KERNELS: readonly (readonly [number, number])[] = [
  [5, 4],
  [6, 18],
];

describe.each(SCENARIOS)('$name', (scenario) => {
  it('is sound whatever its parameters, the kernel, the squeeze, who runs it and what is built', () => {
    const environments = KERNELS.flatMap((kernel) =>
      SQUEEZES.flatMap((squeeze) =>
        [true, false].flatMap((privileged) =>
          [{}, PROGRAMS].map((programs) => ({ kernel, squeeze, privileged, ...programs })),
        ),
      ),
    );
    expect(problemsOf(scenario, environments, KNOWN)).toEqual([]);
  });

  it('is sound in each lab with every program that it may use', () => {
    const machine = { kernel: [6, 18], squeeze: 'ballast', privileged: true } as const;
    const environments = [true, false].map((realKubeProxy) => ({ ...machine, ...PROGRAMS, realKubeProxy }));
    expect(problemsOf(scenario, environments, KNOWN)).toEqual([]);
  });
});

it('early-drop and hash-collisions say why they can’t be shown', () => {
  const environment = { kernel: [6, 18], squeeze: 'none', privileged: false } as const;
  expect(earlyDrop.protocol({}, environment).skip).toMatch(/--squeeze ballast/);
  expect(earlyDrop.protocol({ table: 'assured' }, environment).skip).toBeUndefined();
  expect(hashCollisions.protocol({}, environment).skip).toMatch(/run as root/);
  expect(hashCollisions.protocol({}, { ...environment, privileged: true }).skip).toBeUndefined();
});
