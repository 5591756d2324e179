import { expect, it } from 'vitest';
import { verdict } from '../lab/command.ts';

const TIMES = Number(process.env.TABLEFULL_REPEATS ?? 20);

it.each([
  ['saturate', []],
  ['saturate', ['--control']],
  ['boom', []],
  ['boom', ['--control']],
  ['dns-storm', []],
  ['dns-storm', ['--control']],
] as const)('%s %j comes to the same verdict with every seed', async (scenario, options) => {
  const outcomes: unknown[] = [];
  for (let seed = 1; seed <= TIMES; seed++) {
    const { code, verdict: seen } = await verdict([scenario, ...options, '--seed', String(seed)]);
    const remedies = seen.remedies.map(({ name, status }) => `${name} ${status}`);
    outcomes.push([code, seen.symptom.status, ...remedies]);
    console.log(
      scenario,
      ...options,
      seed,
      code,
      seen.symptom.status,
      remedies.join(', '),
      `${String(seen.seconds)} s`,
    );
  }
  expect(outcomes).toEqual(outcomes.map(() => outcomes[0]));
  expect(outcomes[0]).toContain(0);
});
