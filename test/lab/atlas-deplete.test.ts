import { expect, it } from 'vitest';
import { ACCOUNTED } from './accounted.ts';
import { verdict } from './command.ts';

it('deplete: the node’s own heartbeats fail in a table that its pods have filled, and return when it is freed', async () => {
  const remedies = ['keepalive', 'be-liberal', 'placebo'];
  const { code, verdict: seen } = await verdict(['deplete', '--remedy', remedies.join(',')]);
  const { figures } = seen.symptom;
  expect(seen.symptom).toMatchObject({
    status: 'reproduced',
    figures: {
      'neighbour.failed': 0,
      'canaries.failed': 0,
      'kubectl.failed': 0,
      conservation: ACCOUNTED,
    },
  });
  expect(figures['heartbeats.failed.inARow']).toBe(figures['heartbeats.failed']);
  expect(figures['heartbeats.recovery']).toBeLessThan(0.5);
  // Stragglers waited for their next SYN, not for the table.
  expect(figures['kubectl.stragglers']).toBeGreaterThan(0.2);
  const waited = Object.keys(figures).filter((name) => /^kubectl\.waited\.\ds$/.test(name));
  expect(waited).not.toEqual([]);
  expect(seen.remedies.map(({ name, status }) => [name, status])).toEqual([
    ['keepalive', 'cured'],
    ['be-liberal', 'no-effect'],
    ['placebo', 'no-effect'],
  ]);
  expect([code, seen.asExpected]).toEqual([0, true]);
});

it('deplete without the squeeze shows no symptom', async () => {
  const { code, verdict: seen } = await verdict(['deplete', '--control']);
  expect([code, seen.symptom.status]).toEqual([0, 'not-reproduced']);
});
