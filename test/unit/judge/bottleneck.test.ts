import { describe, expect, it } from 'vitest';
import { bottleneck } from '../../../src/judge/bottleneck.ts';
import type { Doubt } from '../../../src/judge/doubt.ts';
import { loadSchema, type Load } from '../../../src/load/index.ts';
import { judge } from '../../../src/judge/judge.ts';
import { Observations } from '../../../src/judge/observations.ts';
import { cellsOf } from '../../../src/matrix/cells.ts';
import { HistoryBuilder, MET, LOSSY, type PhaseStory } from './history-builder.ts';

/** What is said of a phase with the fault, of which nothing else is out of the ordinary. */
function said(story: PhaseStory, load?: Load): Doubt | undefined {
  const observations = new Observations(new HistoryBuilder().symptom({ ...LOSSY, ...story }).over());
  const { phase, figures } = observations.of('symptom', 'fault');
  const { node, demand } = observations.header.protocol;
  return bottleneck(phase, figures, { node, demand: load ?? demand });
}

const measured = (figures: Record<string, number>, ms = 2000): Doubt | undefined =>
  said({ ms, measured: figures });

describe('the machine was the bottleneck of a phase', () => {
  it('whose busiest thread waited for a CPU for more than half of it', () => {
    expect(measured({ 'harness.waited.most': 1000 })).toBeUndefined();
    expect(measured({ 'harness.waited.most': 1080 })).toEqual({
      blames: 'machine',
      reason:
        'the machine was too busy: the lab waited for a CPU 54 % of the time; nothing is wrong with the remedies',
    });
  });

  it('not where many threads waited a little each', () => {
    expect(measured({ 'harness.waited': 1900, 'harness.waited.most': 400 })).toBeUndefined();
  });

  it('not where the load goes as fast as the machine can, and says itself when that is too slow', () => {
    const crowd = (within: string): Load =>
      loadSchema.parse({
        ...{ kind: 'reconnect', pods: 'clients', service: 'backend', clients: 50, goodbye: 'reset' },
        ...{ within, reaction: '8s', patience: '900ms', giveUp: '2s' },
      });
    const busy = { ms: 2000, measured: { 'harness.waited.most': 1600 } };
    expect(said(busy, crowd('0s'))).toBeUndefined();
    expect(said(busy, crowd('40s'))?.blames).toBe('machine');
  });

  it('also in a history that has the main thread’s wait alone', () => {
    expect(said({ ms: 2000, totals: { ...LOSSY.totals, 'harness.waited': 1001 } })?.blames).toBe('machine');
  });

  it('not by some milliseconds, where it is over in as few', () => {
    expect(measured({ 'harness.waited.most': 20 }, 20)).toBeUndefined();
  });

  it('whose quota made it wait, and the quota is named', () => {
    const waited = { 'harness.waited.most': 1500, 'harness.quota': 0.25 };
    expect(measured({ ...waited, 'harness.throttled': 850 })?.reason).toBe(
      'the quota of 0.25 CPU is too small: the lab waited for a CPU 75 % of the time; nothing is wrong with the remedies',
    );
    expect(measured({ ...waited, 'harness.throttled': 40 })?.reason).toMatch(/^the machine was too busy/);
  });

  it('whose host took more than half of the CPU time', () => {
    expect(measured({ 'machine.steal': 1600, 'machine.busy': 1600 })).toBeUndefined();
    expect(measured({ 'machine.steal': 1700, 'machine.busy': 300 })).toEqual({
      blames: 'machine',
      reason:
        'the machine’s host was too busy: it took 85 % of the CPU time; nothing is wrong with the remedies',
    });
    expect(measured({ 'machine.steal': 40, 'machine.busy': 10 })).toBeUndefined();
  });

  it.each([600, 2000, 60_000])('in which the lab was stopped for 0.35 s, of %i ms', (ms) => {
    const invalid = (stopped: number) =>
      new Observations(
        new HistoryBuilder().symptom({ ...LOSSY, ms, measured: { 'harness.stopped': stopped } }).over(),
      ).of('symptom', 'fault').invalid;
    // Once is no speed: a longer phase is as likely to be stopped.
    expect(invalid(350)).toMatchObject({
      blames: 'machine',
      reason: expect.stringContaining('the lab was stopped for 350 of ') as string,
      slower: 'no',
    });
    expect(invalid(149)).toBeUndefined();
  });

  it.each([500, 1000, 1500])('in which no sample was taken for 0.4 s, of %i ms', (ms) => {
    expect(said({ ms, gap: [50, 450] })).toMatchObject({
      blames: 'machine',
      reason: expect.stringContaining('the lab stood still for 400 of ') as string,
    });
    expect(said({ ms, gap: [50, 150] })).toBeUndefined();
  });

  it('in which no sample was taken before its end', () => {
    expect(said({ ms: 1500, gap: [1100, Infinity] })?.reason).toContain('stood still for 400 of 1,500 ms');
  });

  it('not where a sample or two are missing of many: counters go on counting', () => {
    expect(said({ ms: 17_779, gap: [50, 430] })).toBeUndefined();
    expect(said({ ms: 60_000, gap: [50, 1250] })?.reason).toContain('stood still for 1,200 of 60,000 ms');
  });

  it('not by what passed before the first sample, when nothing was offered yet', () => {
    expect(said({ ms: 2000, gap: [-1, 900] })).toBeUndefined();
  });

  it('whose load was late while the lab waited for a CPU', () => {
    const { blames, reason } =
      said({ ms: 2000, lateP95: 600, measured: { 'harness.waited.most': 900 } }) ?? {};
    expect(blames).toBe('machine');
    expect(reason).toMatch(/^the machine was too busy: the generator of requests was late by 600 ms/);
  });
});

describe('the generator was the bottleneck of a phase', () => {
  it('where it says so itself', () => {
    expect(said({ starved: 'out of local ports' })).toEqual({
      blames: 'generator',
      reason:
        'the generator of requests was the bottleneck: out of local ports; nothing is wrong with the remedies',
    });
  });

  it('where it was late by more than a quarter of the time in which its load is due', () => {
    // 200 requests, one each 5 ms: the last is due after 995 ms.
    expect(said({ ms: 2000, lateP95: 248 })).toBeUndefined();
    expect(said({ ms: 2000, lateP95: 249 })?.reason).toMatch(
      /^the generator of requests was late by 249 ms \(p95\)/,
    );
  });

  it('not by the same delay where its load is stretched over a longer time', () => {
    const slow = { ms: 5000, offered: 800, answered: 400 };
    expect(said({ ...slow, lateP95: 850 })).toBeUndefined();
    expect(said({ ...slow, lateP95: 901 })?.blames).toBe('generator');
  });

  it('where the lab’s own timers were late by more than a tenth of the phase', () => {
    expect(measured({ 'harness.loop.p99': 200 })).toBeUndefined();
    expect(measured({ 'harness.loop.p99': 201 })).toMatchObject({
      blames: 'generator',
      reason: expect.stringMatching(/^the lab’s own timers were late by 201 ms/) as string,
    });
  });

  it('not by a busy event loop alone, which may well keep its time', () => {
    expect(measured({ 'harness.loop.utilisation': 1, 'harness.loop.p99': 40 })).toBeUndefined();
  });
});

describe('nothing was the bottleneck of a phase', () => {
  it('of which nothing was measured', () => {
    expect(said({})).toBeUndefined();
  });

  it('that was slow, where the lab kept its time', () => {
    const stretched = { ms: 60_000, lateP95: 40 };
    const slow = { 'harness.waited.most': 20_000, 'harness.throttled': 15_000, 'harness.quota': 0.25 };
    expect(said({ ...stretched, measured: { ...slow, 'machine.pressure': 60_000 } })).toBeUndefined();
  });
});

it('a user’s own expectation is not judged on a phase in which the lab was stopped', () => {
  const expectations = { baseline: ['requests.p(95) < 1'] };
  const history = (baseline: PhaseStory) =>
    new HistoryBuilder({ protocol: { expectations } }).symptom(LOSSY, { ...MET, ...baseline }).over();
  expect(judge(history({})).expectations).toMatchObject([{ status: 'not-met' }]);
  expect(judge(history({ gap: [300, 700] })).expectations).toMatchObject([
    {
      status: 'inconclusive',
      reason: 'baseline: the lab stood still for 400 of 1,000 ms; nothing is wrong with the remedies',
      blames: 'machine',
    },
  ]);
});

describe('an inconclusive result', () => {
  it('says as data what was too slow, in the cells of a matrix too', () => {
    const history = new HistoryBuilder({ remedies: ['placebo'] })
      .symptom({ ...LOSSY, starved: 'out of local ports' })
      .over();
    const verdict = judge(history);
    expect(verdict.symptom).toMatchObject({ status: 'inconclusive', blames: 'generator' });
    const job = { row: { scenario: { name: 'saturate' }, given: {} }, control: false, given: new Map() };
    expect(cellsOf(job, verdict, 'runs/1').map(({ remedy, blames }) => [remedy, blames])).toEqual([
      ['symptom', 'generator'],
      ['placebo', 'generator'],
    ]);
  });

  it('blames nothing where something else is why', () => {
    const { symptom } = judge(new HistoryBuilder().symptom({ ...LOSSY, ended: false }).over());
    expect(symptom.status).toBe('inconclusive');
    expect(symptom).not.toHaveProperty('blames');
  });
});
