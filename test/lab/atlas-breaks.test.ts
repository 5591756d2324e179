import { describe, expect, it } from 'vitest';
import { statuses, verdict } from './command.ts';

/** The scenarios of what a remedy breaks, each with its remedies and its control. */

describe('half-tracked', () => {
  it('half-tracked answers nobody who uses a service whose pods’ answers are untracked', async () => {
    const { code, verdict: seen } = await verdict(['half-tracked']);
    expect(seen.symptom.figures).toMatchObject({ 'requests.answered': 0, 'drop.delta': 0 });
    expect(seen.symptom.figures['packets.rst']).toBeGreaterThanOrEqual(100);
    expect(statuses(seen)).toMatchObject({
      headless: 'cured',
      'answers-too': 'no-effect',
      placebo: 'no-effect',
    });
    expect(code).toBe(0);
  });

  it('half-tracked requests leave answers that are INVALID, until these are untracked as well', async () => {
    const { code, verdict: seen } = await verdict(['half-tracked', '--param', 'rule=requests']);
    expect(seen.symptom.figures['worker-2.packets.invalid']).toBeGreaterThanOrEqual(100);
    expect(statuses(seen)).toMatchObject({
      'answers-too': 'cured',
      'be-liberal': 'no-effect',
      placebo: 'no-effect',
    });
    expect(code).toBe(0);
  });
});

describe('liberal-fin', () => {
  it('liberal-fin has a liberal node forget connections that both ends have open', async () => {
    const { code, verdict: seen } = await verdict(['liberal-fin']);
    expect(seen.symptom.figures).toMatchObject({ 'connections.answered': 0, 'drop.delta': 0 });
    expect(statuses(seen)).toEqual({
      'not-liberal': 'cured',
      'longer-timeout': 'cured',
      'drop-invalid': 'no-effect',
      'ignore-invalid-rst': 'no-effect',
      'shorter-timeouts': 'no-effect',
      placebo: 'no-effect',
    });
    expect(code).toBe(0);
  });
});

describe('liberal-fin segment=reset', () => {
  it('a node that ignores invalid resets gives a quiet connection’s entry the timeout of a closed one', async () => {
    const { code, verdict: seen } = await verdict(['liberal-fin', '--param', 'segment=reset']);
    expect(seen.symptom.figures).toMatchObject({ 'connections.answered': 0, 'drop.delta': 0 });
    expect(statuses(seen)).toEqual({
      'not-ignored': 'cured',
      'longer-timeout': 'cured',
      'drop-invalid': 'no-effect',
      'be-liberal': 'no-effect',
      'shorter-timeouts': 'no-effect',
      placebo: 'no-effect',
    });
    expect(code).toBe(0);
  });
});

describe('forged-source', () => {
  it('forged-source uses up the quota of a pod that did not send, on a node that is loose', async () => {
    const { code, verdict: seen } = await verdict(['forged-source']);
    expect(seen.symptom.figures).toMatchObject({
      'baseline.requests.answered': 100,
      'packets.reversePath': 0,
      'drop.delta': 0,
    });
    expect(statuses(seen)).toMatchObject({
      strict: 'cured',
      'own-address': 'cured',
      'shorter-timeouts': 'no-effect',
      placebo: 'no-effect',
    });
    expect(code).toBe(0);
  });
});

it.each(['half-tracked', 'liberal-fin', 'forged-source'])(
  'the null control of %s shows no symptom',
  async (scenario) => {
    const { code, verdict: seen } = await verdict([scenario, '--control']);
    expect([code, seen.symptom.status]).toEqual([0, 'not-reproduced']);
  },
);
