import { describe, expect, it } from 'vitest';
import { Run } from '../../../src/history/run.ts';
import { judge } from '../../../src/judge/judge.ts';
import { lasting } from '../../../src/judge/lasting.ts';
import { Observations } from '../../../src/judge/observations.ts';
import type { RemedyVerdict } from '../../../src/schema/verdict.ts';
import { changeEvent, HistoryBuilder, MET, PROTOCOL, type PhaseStory } from './history-builder.ts';

const verdictOf = (history: HistoryBuilder): RemedyVerdict | undefined => judge(history.over()).remedies[0];

describe('a demand that is met', () => {
  const protocol = { burst: false };
  const builder = () => new HistoryBuilder({ remedies: ['raise-max'], protocol }).symptom();
  const fresh = (story: PhaseStory, live = story) => verdictOf(builder().remedy('raise-max', story, live));
  /** 200 requests in a second, one entry each: 24,000 would stand, and 1,010 are free. */
  const FOR_NOW: PhaseStory = { ...MET, entries: [100, 300], limits: [1110, 1110] };

  it('is postponed where the table would fill again, and the reason says after how long', () => {
    const verdict = fresh(FOR_NOW);
    expect(verdict?.status).toBe('postponed');
    expect(verdict?.figures.lasts).toBeCloseTo(1010 / 200, 6);
    expect(verdict?.reason).toMatch(/^at this rate the table lasts 5.1 s/);
    expect(fresh(FOR_NOW)?.inFlight).toBe('postponed');
  });

  it('is cured where all entries fit, and the reason says how many stand', () => {
    const verdict = fresh({ ...MET, limits: [262_144, 262_144] });
    expect(verdict?.status).toBe('cured');
    expect(verdict?.figures.steady).toBeCloseTo(200 * 120, 6);
    expect(verdict?.reason).toBe('met; steady at 24,000 entries; the maximum was raised by 262,144');
  });

  it('is not what a user who expects cured gets where it is postponed, and the reason says so', () => {
    const judged = (expected: string) =>
      judge(
        new HistoryBuilder({ remedies: ['raise-max'], expect: { 'raise-max': expected }, protocol })
          .symptom()
          .remedy('raise-max', FOR_NOW)
          .over(),
      );
    const cured = judged('cured');
    expect(cured.asExpected).toBe(false);
    expect(cured.outcome.exitCode).toBe(1);
    expect(cured.remedies[0]?.reason).toBe(
      'at this rate the table lasts 5.1 s: postponed is not cured; if that will do, expect postponed',
    );
    const postponed = judged('postponed');
    expect(postponed.remedies[0]?.reason).toBe('at this rate the table lasts 5.1 s');
    expect(postponed.outcome.exitCode).toBe(0);
  });

  it('lasts for a shorter time at the scenario’s own rate where the phase was stretched', () => {
    const history = builder()
      .remedy('raise-max', { ...FOR_NOW, pace: 4 })
      .over();
    const phase = new Observations(history).of('raise-max', 'fresh');
    expect(lasting(new Run(history), phase).lasts).toBeCloseTo(1010 / 200 / 4, 6);
  });

  it('would stand at so many entries more at the scenario’s own rate', () => {
    const history = builder()
      .remedy('raise-max', { ...MET, limits: [262_144, 262_144], pace: 4 })
      .over();
    const phase = new Observations(history).of('raise-max', 'fresh');
    expect(lasting(new Run(history), phase).steady).toBeCloseTo(4 * 200 * 120, 6);
  });

  it('is postponed also where gc freed entries meanwhile: what counts is how many come', () => {
    const history = builder().remedy('raise-max', FOR_NOW).over();
    const last = history
      .filter((event) => event.type === 'sample' && event.phase.stage === 'fresh')
      .slice(-5);
    // So near the limit gc takes closing entries: more of them than come.
    last.forEach((sample, i) => Object.assign(sample, { entries: 260 - 50 * i }));
    const verdict = judge(history).remedies[0];
    expect(verdict?.status).toBe('postponed');
    expect(verdict?.figures.lasts).toBeCloseTo(1010 / 200, 1);
  });

  it('is not judged where so few entries came that chance alone may fill the table', () => {
    // 24 entries a second, 8 of them in the last third: 2,880 would stand, and 1,010 are free.
    const few = fresh({ ...MET, entries: [100, 124], limits: [1110, 1110] });
    expect(few).toMatchObject({
      status: 'inconclusive',
      reason: expect.stringMatching(/only \d entries came in the last third/) as string,
    });
    const room = fresh({ ...MET, entries: [100, 124], limits: [4110, 4110] });
    expect(room?.status).toBe('cured');
    const many = fresh({ ...MET, entries: [100, 190], limits: [1110, 1110] });
    expect(many?.status).toBe('postponed');
  });

  it('is not judged where the entries came all at once: a machine was held up, and a pool opened connections', () => {
    const history = builder()
      .remedy('raise-max', { ...MET, entries: [100, 100], limits: [1110, 1110] })
      .over();
    const samples = history.filter((event) => event.type === 'sample' && event.phase.stage === 'fresh');
    samples.slice(-2).forEach((sample) => Object.assign(sample, { entries: 150 }));
    expect(judge(history).remedies[0]).toMatchObject({
      status: 'inconclusive',
      reason: expect.stringContaining(
        'only 50 entries came in the last third of the demand, 50 of them at once',
      ) as string,
    });
  });

  it('counts the entries a request leaves: a reused connection leaves none', () => {
    expect(fresh({ ...MET, entries: [100, 100] })?.reason).toBe('met; steady at 0 entries');
  });

  it('follows a remedy that shortens the timeout in question, and no other timeout', () => {
    const timeout = (name: string, value: number, before: number) =>
      changeEvent({ kind: 'sysctl', node: 'worker-1', name, value }, before);
    const history = builder()
      .with(timeout('nf_conntrack_tcp_timeout_time_wait', 2, 120))
      .with(timeout('nf_conntrack_tcp_timeout_close_wait', 50, 3600))
      .remedy('raise-max', { ...MET, limits: [1110, 1110] });
    expect(verdictOf(history)?.figures.steady).toBeCloseTo(200 * 2, 6);
  });

  it('takes its lifetime from the timeout that the scenario names, not from one that was as long', () => {
    const timeout = (name: string, value: number) =>
      changeEvent({ kind: 'sysctl', node: 'all', name: `net.netfilter.${name}`, value }, 120);
    const steady = (name?: string): number | undefined => {
      const named = name === undefined ? {} : { lifetimeSysctl: `net.netfilter.${name}` };
      const history = new HistoryBuilder({ remedies: ['raise-max'], protocol: { ...protocol, ...named } })
        .symptom()
        .with(timeout('nf_conntrack_tcp_timeout_time_wait', 2))
        .with(timeout('nf_conntrack_udp_timeout_stream', 60))
        .remedy('raise-max', { ...MET, limits: [262_144, 262_144] });
      return verdictOf(history)?.figures.steady;
    };
    expect(steady('nf_conntrack_tcp_timeout_time_wait')).toBeCloseTo(200 * 2, 6);
    expect(steady('nf_conntrack_udp_timeout_stream')).toBeCloseTo(200 * 60, 6);
    expect(steady('nf_conntrack_tcp_timeout_syn_sent')).toBeCloseTo(200 * 120, 6);
    // A history from before it was named.
    expect(steady()).toBeCloseTo(200 * 60, 6);
  });

  it('is cured where the demand is one burst, and nothing is said of how long', () => {
    const history = new HistoryBuilder({ remedies: ['raise-max'], protocol: { burst: true } });
    const verdict = verdictOf(history.symptom().remedy('raise-max', FOR_NOW));
    expect(verdict).toMatchObject({ status: 'cured', reason: 'met; the maximum was raised by 1,110' });
    expect(verdict?.figures).not.toHaveProperty('lasts');
  });

  it('is cured where the scenario gives no lifetime, and nothing is said of how long', () => {
    const { lifetime: _, ...protocol } = PROTOCOL;
    const history = builder();
    Object.assign(history.events[0] ?? {}, { protocol });
    const verdict = verdictOf(history.remedy('raise-max', FOR_NOW));
    expect(verdict).toMatchObject({ status: 'cured', reason: 'met; the maximum was raised by 1,110' });
  });
});
