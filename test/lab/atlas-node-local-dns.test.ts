import { expect, it } from 'vitest';
import { ACCOUNTED } from './accounted.ts';
import { verdict } from './command.ts';
import { orphanedSockets } from './machine.ts';

it('node-local-dns keeps lookups out of a full table by its NOTRACK rules, not by its cache', async () => {
  const remedies = 'node-local-dns,node-local-dns-tracked';
  const before = orphanedSockets();
  const { code, verdict: seen } = await verdict(['dns-storm', '--remedy', remedies]);
  const [untracked, tracked] = seen.remedies;
  expect(untracked).toMatchObject({
    status: 'cured',
    // The table is full, so the cache can't reach kube-dns.
    inFlight: 'no-effect',
    figures: {
      'entries.perLookup.two-dots': 0,
      'packets.offered': 0,
      'packets.escaped': 0,
      conservation: ACCOUNTED,
      'cache.queries': 4800,
    },
  });
  expect(tracked).toMatchObject({
    status: 'no-effect',
    figures: { 'entries.perLookup.two-dots': 4, 'packets.escaped': 0, conservation: ACCOUNTED },
  });
  // The cache answered: few queries went on to kube-dns.
  expect(tracked?.figures.queries).toBeLessThan(100);
  expect([code, seen.restore.status, seen.asExpected]).toEqual([0, 'complete', true]);
  await expect.poll(orphanedSockets, { timeout: 5_000 }).toBeLessThanOrEqual(before);
});

it('dns-storm: glibc queries again for each lookup, and a UDP entry has 30 s', async () => {
  const { verdict: seen } = await verdict(['dns-storm', '--control']);
  expect(seen.symptom.figures['baseline.queries.perLookup']).toBe(8);
  expect(seen.symptom.figures['baseline.timeout.UDP']).toBeGreaterThan(27);
  expect(seen.symptom.figures['baseline.timeout.UDP']).toBeLessThanOrEqual(30);
});
