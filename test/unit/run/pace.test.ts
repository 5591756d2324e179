import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Untimed } from '../../../src/schema/history.ts';
import { paceFor, Pacing, slowestPace } from '../../../src/run/pace.ts';
import { kindOf, loadSchema, type Load } from '../../../src/load/index.ts';
import { PROTOCOL } from '../judge/history-builder.ts';
import { NEVER } from '../support/never.ts';

const LOADS: readonly Load[] = [
  {
    kind: 'simple-app',
    pods: 'a',
    service: 'w',
    stages: [{ pods: 5, seconds: 2 }],
    requests: 500,
    connectTimeout: 1,
  },
  { kind: 'boom-server', pods: 'a', service: 'w', connections: 40, seconds: 0.4, patience: 1 },
  { kind: 'dns-client', pods: 'a', lookups: 600, seconds: 1.2, names: ['a.'], patience: 0.9, giveUp: 4 },
  { kind: 'node-agent', pods: 'a', service: 'w', heartbeats: 60, seconds: 3, timeout: 1 },
  { kind: 'flood', pods: 'a', to: 'b', flows: 4_000, seconds: 2, flow: 'datagram' },
  {
    kind: 'exchange',
    pods: 'a',
    service: 'w',
    protocol: 'udp',
    clients: 4,
    everyMs: 100,
    seconds: 2,
    patience: 1,
  },
].map((load) => loadSchema.parse(load));
const protocol = {
  ...PROTOCOL,
  demand: loadSchema.parse({ ...LOADS[0], requests: 1_000, stages: [{ pods: 5, seconds: 1 }] }),
  lifetime: 120,
};

describe('a demand that is stretched', () => {
  it('asks for as much as before, over so many times as long', () => {
    fc.assert(
      fc.property(fc.constantFrom(...LOADS), fc.double({ min: 1, max: 32, noNaN: true }), (load, pace) => {
        const { planned, stretched, peakRate } = kindOf(load);
        expect(planned(stretched(load, pace))).toBe(planned(load));
        const rate = peakRate(load) / pace;
        expect(Math.abs(peakRate(stretched(load, pace)) - rate)).toBeLessThan(0.02 * rate);
      }),
    );
  });

  it('is measured by no more operations than it has itself', () => {
    for (const load of LOADS) {
      const { burst, planned } = kindOf(load);
      const short = burst(load);
      if (short !== undefined) expect(planned(short)).toBeLessThanOrEqual(planned(load));
    }
  });
});

describe('the pace of a run', () => {
  it('leaves a demand of 40 % of what the machine does as it is', () => {
    expect(paceFor(protocol, 2_500)).toBe(1);
    expect(paceFor(protocol, 10_000)).toBe(1);
    expect(paceFor(protocol, 2_000)).toBeCloseTo(1.3, 6);
    expect(paceFor(protocol, undefined)).toBe(1);
  });

  it('leaves a demand alone whose rate is its script’s', () => {
    const demand = loadSchema.parse({
      ...{ kind: 'k6', pods: 'app', script: 'mine.k6.js', services: { WEB: 'web' } },
      ...{ requests: 100, seconds: 2, timeout: 1 },
    });
    expect(paceFor({ ...protocol, demand }, 1)).toBe(1);
    expect(slowestPace({ ...protocol, demand })).toBe(1);
  });

  it('never takes longer than a third of the time that an entry lives', () => {
    expect(paceFor({ ...protocol, lifetime: 30 }, 1)).toBe(10);
    expect(paceFor({ ...protocol, lifetime: 1 }, 1)).toBe(1);
  });

  it('never takes longer than a third of the time that clients believe a DNS answer', () => {
    const byName = loadSchema.parse({ ...LOADS[0], via: 'name', stages: [{ pods: 5, seconds: 2 }] });
    const ttl = (recordTtl: number) => ({ ...PROTOCOL.topology, recordTtl });
    expect(slowestPace({ ...protocol, demand: byName, topology: ttl(30) })).toBe(5);
    expect(slowestPace({ ...protocol, demand: byName, topology: ttl(1) })).toBe(1);
    expect(slowestPace({ ...protocol, topology: ttl(1) })).toBeGreaterThan(1);
  });

  it('goes by the slowest of the labs that work side by side, and keeps the slower pace where it is still too fast', async () => {
    const noted: Untimed[] = [];
    const labs = [4_000, 1_250].map((capacity) => ({ capacity: () => Promise.resolve(capacity) }));
    const signal = NEVER;
    const pacing = await Pacing.measured(labs, { protocol, pace: 1 }, (event) => noted.push(event), signal);
    expect(pacing.pace).toBe(2);
    pacing.keep(pacing.half(pacing.pace), 'too busy');
    expect(pacing.pace).toBe(4);
    pacing.keep(2, 'a faster one');
    expect(pacing.pace).toBe(4);
    expect(noted).toEqual([
      { type: 'pace', pace: 2, wanted: 1_000, capacity: 1_250 },
      { type: 'pace', pace: 4, wanted: 1_000, reason: 'too busy' },
    ]);
  });
});
