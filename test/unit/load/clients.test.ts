import { describe, expect, it } from 'vitest';
import { dueTimes } from '../../../src/load/exchange/run.ts';
import { exchange } from '../../../src/load/exchange/index.ts';
import { whenBack } from '../../../src/load/reconnect/run.ts';
import { caching } from '../../../src/load/target.ts';
import { soundProtocol } from '../../../src/scenario/check.ts';
import type { Scenario } from '../../../src/scenario/define.ts';
import { exchangeSchema } from '../../../src/load/exchange/schema.ts';
import { PROTOCOL } from '../judge/history-builder.ts';

describe('a caching resolver', () => {
  const resolver = (answers: (() => Promise<{ addresses: string[]; ttl: number }>)[]) => {
    const clock = { ms: 0, asked: 0 };
    const ask = () => answers[clock.asked++]?.() ?? Promise.reject(new Error('asked too often'));
    return { clock, find: caching(ask, () => clock.ms) };
  };
  const says = (address: string, ttl: number) => () => Promise.resolve({ addresses: [address], ttl });

  it('believes an answer for its TTL and not a moment longer', async () => {
    const { clock, find } = resolver([says('old', 2), says('new', 2)]);
    expect(await find()).toEqual(['old']);
    clock.ms = 1999;
    expect(await find()).toEqual(['old']);
    clock.ms = 2000;
    expect(await find()).toEqual(['new']);
  });

  it('keeps nothing at a TTL of 0, nor what failed', async () => {
    const { clock, find } = resolver([
      says('a', 0),
      () => Promise.reject(new Error('no answer')),
      says('b', 9),
    ]);
    expect(await find()).toEqual(['a']);
    await expect(find()).rejects.toThrow('no answer');
    expect([await find(), clock.asked]).toEqual([['b'], 3]);
  });

  it('asks once where many want to know at once', async () => {
    const { clock, find } = resolver([says('a', 9)]);
    await Promise.all([find(), find(), find()]);
    expect(clock.asked).toBe(1);
  });
});

it('the clients of an exchange take turns within each round', () => {
  const load = exchangeSchema.parse({
    kind: 'exchange',
    pods: 'a',
    service: 'b',
    protocol: 'udp',
    clients: 2,
    everyMs: 100,
    after: 1,
    seconds: 0.25,
    patience: 1,
  });
  expect(dueTimes(load)).toEqual([1000, 1050, 1100, 1150]);
  // A pause follows those who ask, and is stretched with the load.
  expect(dueTimes({ ...load, spread: 0.02 })).toEqual([1000, 1010, 1100, 1110]);
  const slower = exchange.stretched({ ...load, spread: 0.02 }, 2);
  expect(dueTimes(slower)).toEqual([2000, 2020, 2200, 2220]);
});

it('a crowd is back when its last client is, and half of it when half are', () => {
  expect(whenBack(Float64Array.from([1000, 2000, 3000, 9000]))).toEqual({ 'back.half': 2, 'back.all': 9 });
  expect(whenBack(Float64Array.from([1000, 2000, Infinity]))).toEqual({ 'back.half': 2 });
});

it('a change of endpoints names a service and a pod set that there are', () => {
  const change = { kind: 'endpoints', service: 'wbe', pods: 'app', grace: 0 } as const;
  const fault = { kind: 'event', at: 1, change } as const;
  const scenario: Scenario = {
    name: 'mine',
    summary: '',
    params: {},
    matrix: [{}],
    protocol: () => ({ ...PROTOCOL, fault }),
  };
  const environment = { kernel: [6, 18], squeeze: 'ballast', privileged: false } as const;
  expect(soundProtocol(scenario, {}, environment, Object.keys(PROTOCOL.remedies))).toMatchObject({
    problems: expect.arrayContaining([
      { place: 'fault.change.service', why: 'unknown service wbe; use one after adding it' },
    ]) as unknown,
  });
});
