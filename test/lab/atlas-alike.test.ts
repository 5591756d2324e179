import { describe, expect, it } from 'vitest';
import { findProgram } from '../../src/toolchain/programs.ts';
import { ACCOUNTED } from './accounted.ts';
import { verdict } from './command.ts';

function statuses(verdict: { remedies: { name: string; status: string }[] }): Record<string, string> {
  return Object.fromEntries(verdict.remedies.map(({ name, status }) => [name, status]));
}

describe('rp-filter', () => {
  it('rp-filter drops what conntrack has passed, and only the filter’s own counter moves', async () => {
    const { code, verdict: seen } = await verdict(['rp-filter', '--remedy', 'rp-filter-loose,be-liberal']);
    const { figures } = seen.symptom;
    expect(figures).toMatchObject({
      'requests.answered': 0,
      'packets.forwarded': 0,
      'drop.delta': 0,
      'insert_failed.delta': 0,
      'invalid.delta': 0,
      conservation: ACCOUNTED,
      'canaries.failed': 0,
      'baseline.packets.reversePath': 0,
      'baseline.packets.forwarded': 400,
    });
    expect(figures['packets.reversePath']).toBe(figures['packets.passed']);
    expect(statuses(seen)).toEqual({ 'rp-filter-loose': 'cured', 'be-liberal': 'no-effect' });
    expect([code, seen.restore.status]).toEqual([0, 'complete']);
  });
});

describe('port-exhaustion', () => {
  it('port-exhaustion answers as many requests as a pod has ports, and more pods cure it', async () => {
    const { code, verdict: seen } = await verdict([
      'port-exhaustion',
      '--remedy',
      'more-source-addresses,random-fully,placebo',
    ]);
    expect(seen.symptom).toMatchObject({
      status: 'reproduced',
      figures: {
        'requests.answered': 504,
        'requests.outcome[(7)]': 246,
        'drop.delta': 0,
        'packets.offered': 504,
      },
    });
    expect(statuses(seen)).toEqual({
      'more-source-addresses': 'cured',
      'random-fully': 'skipped',
      placebo: 'no-effect',
    });
    expect(code).toBe(0);
  });

  it('port-exhaustion of a node’s SNAT shows in found, drop and insert_failed, and a better search finds no port', async () => {
    const { code, verdict: seen } = await verdict([
      'port-exhaustion',
      '--param',
      'where=node',
      '--remedy',
      'more-source-addresses,random-fully',
    ]);
    const { figures } = seen.symptom;
    expect(figures).toMatchObject({
      'requests.answered': 504,
      conservation: ACCOUNTED,
      'canaries.failed': 0,
    });
    expect(figures['insert_failed.delta']).toBe(figures['drop.delta']);
    expect(figures['found.delta']).toBeGreaterThan(100 * (figures['drop.delta'] ?? 0));
    expect(statuses(seen)).toEqual({ 'more-source-addresses': 'cured', 'random-fully': 'no-effect' });
    expect(code).toBe(0);
  });
});

describe('boom by a reset of what has been acknowledged', () => {
  it('boom with a reset below the acknowledged byte escapes its NAT even with be_liberal, and harms nobody', async () => {
    const remedies = 'be-liberal,ignore-invalid-rst';
    const { code, verdict: seen } = await verdict(['boom', '--param', 'segment=reset', '--remedy', remedies]);
    expect(seen.symptom).toMatchObject({
      status: 'reproduced',
      figures: { 'connections.answered': 40, 'server.resets': 0, 'packets.untranslated': 40 },
    });
    expect(statuses(seen)).toEqual({ 'be-liberal': 'no-effect', 'ignore-invalid-rst': 'cured' });
    expect(code).toBe(0);
  });
});

describe('the null control', () => {
  it.each(['rp-filter', 'port-exhaustion', 'port-exhaustion --param where=node'])(
    'of %s shows no symptom',
    async (scenario) => {
      const { code, verdict: seen } = await verdict([...scenario.split(' '), '--control']);
      expect([code, seen.symptom.status]).toEqual([0, 'not-reproduced']);
    },
  );
});

const nginx = findProgram('nginx', process.env.PATH);

describe.skipIf(nginx === undefined)('proxy-churn (skipped where there is no nginx)', () => {
  it('proxy-churn is cured if nginx keeps its connections, and not by clients that already keep theirs', async () => {
    const remedies = 'keepalive-nginx,keepalive';
    const { code, verdict: seen } = await verdict(['proxy-churn', '--remedy', remedies]);
    expect(seen.symptom).toMatchObject({
      status: 'reproduced',
      figures: { conservation: ACCOUNTED, 'canaries.failed': 0 },
    });
    expect(statuses(seen)).toEqual({ 'keepalive-nginx': 'cured', keepalive: 'no-effect' });
    expect([code, seen.restore.status]).toEqual([0, 'complete']);
  });
});
