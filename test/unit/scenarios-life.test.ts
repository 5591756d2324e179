import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { REMEDIES } from '../../src/remedy/index.ts';
import { problemsOf } from '../../src/scenario/check.ts';
import { SQUEEZES } from '../../src/scenario/squeeze.ts';
import closeWait from '../../scenarios/close-wait.ts';
import earlyDrop from '../../scenarios/early-drop.ts';
import hashCollisions from '../../scenarios/hash-collisions.ts';
import timeWait from '../../scenarios/time-wait.ts';

const HEADINGS = ['What it is', 'How it comes about', 'See it on a node', 'What helps', 'Sources'];

describe.each([timeWait, closeWait, earlyDrop, hashCollisions])('$name', (scenario) => {
  it('is sound whatever its parameters, the squeeze and who runs it', () => {
    const known = REMEDIES.map(({ name }) => name);
    for (const squeeze of SQUEEZES) {
      for (const privileged of [true, false])
        expect(problemsOf(scenario, { kernel: [6, 18], squeeze, privileged }, known)).toEqual([]);
    }
  });

  it('has its page', () => {
    const path = `docs/explanation/scenarios/${scenario.name}.md`;
    expect(existsSync(path)).toBe(true);
    const headings = readFileSync(path, 'utf8').match(/(?<=^## ).*$/gm);
    expect(headings).toEqual(HEADINGS);
  });
});

it('early-drop and hash-collisions say why they can’t be shown', () => {
  const environment = { kernel: [6, 18], squeeze: 'none', privileged: false } as const;
  expect(earlyDrop.protocol({}, environment).skip).toMatch(/--squeeze ballast/);
  expect(earlyDrop.protocol({ table: 'assured' }, environment).skip).toBeUndefined();
  expect(hashCollisions.protocol({}, environment).skip).toMatch(/run as root/);
  expect(hashCollisions.protocol({}, { ...environment, privileged: true }).skip).toBeUndefined();
});
