import { expect, it } from 'vitest';
import { verdict } from './command.ts';

it.each(['saturate', 'boom', 'dns-storm'])('%s shows no symptom without the fault', async (scenario) => {
  const { code, verdict: seen } = await verdict([scenario, '--control']);
  expect([code, seen.symptom.status, seen.remedies]).toEqual([0, 'not-reproduced', []]);
});
