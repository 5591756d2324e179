import { expect, it } from 'vitest';
import { ACCOUNTED } from './accounted.ts';
import { verdict } from './command.ts';

it('dns-race: the kernel resolves the race and loses nothing, which the counter proves', async () => {
  const { code, verdict: seen } = await verdict(['dns-race', '--remedy', 'none']);
  expect(seen.symptom).toMatchObject({
    status: 'not-reproduced',
    figures: {
      'datagrams.offered': 800,
      'insert_failed.delta': 0,
      'drop.delta': 0,
      conservation: ACCOUNTED,
      'baseline.clash_resolve.delta': 0,
    },
  });
  expect(seen.symptom.figures['clash_resolve.delta']).toBeGreaterThan(16);
  expect([code, seen.asExpected]).toEqual([0, true]);
});

it('dns-race: one socket for each query ends the race and costs an entry; an untracked cache ends it too', async () => {
  const remedies = ['single-request-reopen', 'node-local-dns', 'node-local-dns-tracked', 'placebo'];
  const { code, verdict: seen } = await verdict([
    'dns-race',
    '--param',
    'show=race',
    '--remedy',
    remedies.join(','),
  ]);
  const [reopen, cache] = seen.remedies.map(({ figures }) => figures);
  expect(seen.symptom.status).toBe('reproduced');
  expect(seen.symptom.figures['baseline.entries.perOffered']).toBe(0.5);
  expect(reopen).toMatchObject({ 'clash_resolve.delta': 0, 'entries.perOffered': 1 });
  expect(cache).toMatchObject({ 'clash_resolve.delta': 0, 'packets.offered': 0, 'packets.entered': 0 });
  expect(seen.remedies.map(({ name, status }) => [name, status])).toEqual([
    ['single-request-reopen', 'cured'],
    ['node-local-dns', 'cured'],
    ['node-local-dns-tracked', 'no-effect'],
    ['placebo', 'no-effect'],
  ]);
  expect([code, seen.asExpected]).toEqual([0, true]);
});

it.each(['loss', 'race'])('dns-race without two CPUs at once shows no %s', async (show) => {
  const { code, verdict: seen } = await verdict(['dns-race', '--param', `show=${show}`, '--control']);
  expect(seen.symptom).toMatchObject({ status: 'not-reproduced', figures: { 'clash_resolve.delta': 0 } });
  expect(code).toBe(0);
});
