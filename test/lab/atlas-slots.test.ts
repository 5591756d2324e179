import { expect, it } from 'vitest';
import { verdict } from './command.ts';

it('saturate with opening slots answers late, in steps of the SYN’s back-off, and refuses nobody', async () => {
  const { code, verdict: seen } = await verdict([
    ...['saturate', '--param', 'slots=opening'],
    ...['--remedy', 'keepalive'],
  ]);
  const { figures } = seen.symptom;
  expect(figures['requests.p(95)']).toBeGreaterThan(900);
  expect(figures['requests.waited.1s']).toBeGreaterThan(100);
  // The second step is at 2 s since Linux 6.5, and at 3 s before.
  expect(figures['requests.waited.2s'] ?? figures['requests.waited.3s']).toBeGreaterThan(0);
  expect(seen.remedies.map(({ name, status }) => [name, status])).toEqual([['keepalive', 'cured']]);
  expect([code, seen.symptom.status]).toEqual([0, 'reproduced']);
});
