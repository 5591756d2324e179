import { expect, it } from 'vitest';
import { ACCOUNTED } from './accounted.ts';
import { verdict } from './command.ts';

it('request-fanout: a user’s request is four entries, and pools at every hop are what saves them', async () => {
  const remedies = ['keepalive', 'connection-pools', 'node-local-dns', 'placebo'];
  const { code, verdict: seen } = await verdict(['request-fanout', '--remedy', remedies.join(',')]);
  const { figures } = seen.symptom;
  expect(seen.symptom).toMatchObject({
    status: 'reproduced',
    figures: { conservation: ACCOUNTED },
  });
  // Now and then a lookup gets an earlier one's port, and with it that entry.
  expect(figures['baseline.entries.perOffered']).toBeGreaterThan(3.95);
  expect(figures['baseline.entries.perOffered']).toBeLessThanOrEqual(4);
  // Each request a second: three closed connections for two minutes, and a lookup for half a minute.
  expect(figures['baseline.entries.perRate']).toBeGreaterThan(370);
  expect(figures['baseline.entries.perRate']).toBeLessThanOrEqual(390);
  expect(seen.remedies.map(({ name, status }) => [name, status])).toEqual([
    ['keepalive', 'reduced'],
    ['connection-pools', 'cured'],
    ['node-local-dns', 'reduced'],
    ['placebo', 'no-effect'],
  ]);
  expect([code, seen.asExpected]).toEqual([0, true]);
});

it('request-fanout: a name with four dots is three entries more, which ndots:2 saves', async () => {
  const { code, verdict: seen } = await verdict([
    'request-fanout',
    '--param',
    'name=full',
    '--remedy',
    'ndots-2',
  ]);
  expect(seen.symptom.figures['baseline.entries.perOffered']).toBeGreaterThan(6.8);
  expect(seen.symptom.figures['baseline.entries.perOffered']).toBeLessThanOrEqual(7);
  expect(seen.remedies.map(({ status }) => status)).toEqual(['reduced']);
  expect([code, seen.asExpected]).toEqual([0, true]);
});

it('request-fanout: the same requests fit where they call nobody, and where there is room', async () => {
  for (const words of [['--param', 'name=none'], ['--control']]) {
    const { code, verdict: seen } = await verdict(['request-fanout', ...words, '--remedy', 'none']);
    expect([code, seen.symptom.status, seen.symptom.figures['drop.delta']]).toEqual([0, 'not-reproduced', 0]);
  }
});
