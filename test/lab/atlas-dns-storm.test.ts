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

it('dns-storm counts 8 queries and 4 entries a lookup, and asking for less postpones it', async () => {
  const { code, verdict: seen } = await verdict(['dns-storm', '--remedy', 'ndots-2,trailing-dot']);
  const [ndots, dot] = seen.remedies.map(({ figures }) => figures);
  expect(seen.symptom.figures).toMatchObject({
    'baseline.queries.perLookup.two-dots': 8,
    'baseline.entries.perLookup.two-dots': 4,
  });
  expect(ndots).toMatchObject({ 'queries.perLookup.two-dots': 2, 'queries.perLookup.one-dot': 8 });
  expect(dot).toMatchObject({ 'queries.perLookup.one-dot': 2, 'entries.perLookup.one-dot': 1 });
  const escaped = Object.entries(seen.symptom.figures).filter(([name]) => name.endsWith('packets.escaped'));
  expect(escaped.map(([, count]) => count)).toEqual([0, 0, 0]);
  expect(statuses(seen)).toEqual({
    'ndots-2': 'postponed',
    'trailing-dot': 'postponed',
  });
  expect(code).toBe(0);
});
