import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIp } from '../../../src/kernel/ipv4.ts';
import { Flows } from '../../../src/load/flood/flows.ts';

const FIRST = '10.244.240.1';

describe('flows by number', () => {
  it('every number has an end of its own, and the end has the number', () => {
    const flow = fc
      .integer({ min: 1, max: 2000 })
      .chain((count) => fc.record({ count: fc.constant(count), flow: fc.nat(count * 64_512 - 1) }));
    fc.assert(
      fc.property(flow, ({ count, flow: number }) => {
        const flows = new Flows({ first: FIRST, count });
        const end = flows.end(number);
        expect(end.port).toBeGreaterThanOrEqual(1024);
        expect(end.port).toBeLessThan(65_536);
        expect(flows.numberOf(end)).toBe(number);
      }),
    );
  });

  it('an end that is no flow’s has no number', () => {
    const flows = new Flows({ first: FIRST, count: 10 });
    const ip = parseIp(FIRST);
    const others = [
      { ip: ip - 1, port: 2000 },
      { ip: ip + 10, port: 2000 },
      { ip, port: 1023 },
    ];
    expect(others.map((end) => flows.numberOf(end))).toEqual([undefined, undefined, undefined]);
  });

  it('a number is taken again only once there are too few others', () => {
    const flows = new Flows({ first: FIRST, count: 1 });
    expect([flows.take(40_000), flows.take(20_000), flows.take(5_000)]).toEqual([0, 40_000, 0]);
  });
});
