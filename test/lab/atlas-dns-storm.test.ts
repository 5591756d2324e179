import { expect, it } from 'vitest';
import { statuses, verdict } from './command.ts';

it('dns-storm is not cured by ndots:2 for a name with one dot, and is worse with a socket for each query', async () => {
  const remedies = 'ndots-2,single-request-reopen';
  const { code, verdict: seen } = await verdict([
    'dns-storm',
    '--param',
    'name=one-dot',
    '--remedy',
    remedies,
  ]);
  expect(statuses(seen)).toEqual({ 'ndots-2': 'no-effect', 'single-request-reopen': 'worse' });
  expect(seen.remedies[1]?.figures).toMatchObject({ 'entries.perLookup.one-dot': 8 });
  expect(code).toBe(0);
});
