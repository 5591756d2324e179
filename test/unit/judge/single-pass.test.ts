import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/judge/judge.ts';
import { HistoryBuilder, MET, LOSSY } from './history-builder.ts';

/** A run whose remedies were tried in a series. */
const series = () => new HistoryBuilder({ singlePass: true, remedies: ['raise-max', 'placebo'] }).symptom();

describe('a single-pass run', () => {
  it('judges each remedy by the fault as confirmed after the last one', () => {
    const { remedies } = judge(
      series()
        .phase('raise-max', 'fresh', MET)
        .phase('placebo', 'fresh', LOSSY)
        .phase('symptom', 'confirm', LOSSY)
        .over(),
    );
    expect(remedies.map(({ name, status, inFlight }) => [name, status, inFlight])).toEqual([
      ['raise-max', 'cured', 'skipped'],
      ['placebo', 'no-effect', 'skipped'],
    ]);
    expect(remedies[0]?.figures).toMatchObject({
      'confirm.requests.failed.rate': 0.6,
      'requests.failed.rate': 0,
    });
    expect(Object.keys(remedies[0]?.figures ?? {})).not.toContain('live.requests.failed.rate');
  });

  it('proves nothing where the fault was not confirmed', () => {
    const { remedies } = judge(
      series()
        .phase('raise-max', 'fresh', MET)
        .phase('placebo', 'fresh', MET)
        .phase('symptom', 'confirm', MET)
        .over(),
    );
    expect(remedies.map(({ status }) => status)).toEqual(['inconclusive', 'inconclusive']);
    expect(remedies[1]?.reason).toMatch(/^the symptom did not come back: requests.failed.rate is 0/);
  });

  it('has proved nothing where it was broken off before', () => {
    const { remedies } = judge(series().phase('raise-max', 'fresh', MET).over('interrupted', 'SIGINT'));
    expect(remedies.map(({ status, inFlight, reason }) => [status, inFlight, reason])).toEqual([
      ['inconclusive', 'skipped', 'confirm: the run was interrupted: SIGINT'],
      ['inconclusive', 'skipped', 'confirm: the run was interrupted: SIGINT'],
    ]);
  });
});

it('is invalid where the lab waited for a CPU for more than half of a phase', () => {
  const waited = (ms: number) => ({ ...LOSSY, totals: { ...LOSSY.totals, 'harness.waited': ms } });
  const symptom = (ms: number) => judge(new HistoryBuilder().symptom(waited(ms)).over()).symptom;
  expect(symptom(500).status).toBe('reproduced');
  expect(symptom(501).status).toBe('inconclusive');
  expect(symptom(540)).toMatchObject({
    status: 'inconclusive',
    reason:
      'fault phase: the machine was too busy: the lab waited for a CPU 54 % of the time; nothing is wrong with the remedies',
  });
});

it('is not invalid by some milliseconds, where it is over in as few', () => {
  const short = { ...LOSSY, ms: 20, totals: { ...LOSSY.totals, 'harness.waited': 20 } };
  expect(judge(new HistoryBuilder().symptom(short).over()).symptom.status).toBe('reproduced');
});
