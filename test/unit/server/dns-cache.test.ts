import type { Packet } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DnsCache } from '../../../src/server/dns-cache.ts';

const query = (name: string, id = 1, type: 'A' | 'AAAA' = 'A'): Packet => ({
  type: 'query',
  id,
  questions: [{ type, name }],
});
const address = (ttl: number): Packet => ({
  type: 'response',
  flags: 0,
  answers: [{ type: 'A', name: 'web', ttl, data: '10.0.0.1' }],
});
const NXDOMAIN: Packet = { type: 'response', flags: 3, answers: [] };
const SERVFAIL = 2;

/** A cache with its own clock; `asked` are the names it had to ask for. */
function cacheOf(answer: () => Packet | Error) {
  const asked: string[] = [];
  const clock = { seconds: 0 };
  const cache = new DnsCache(
    (it) => {
      asked.push(it.questions?.[0]?.name ?? '');
      const reply = answer();
      return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply);
    },
    () => clock.seconds * 1000,
  );
  return { cache, asked, clock };
}

describe('a DNS cache', () => {
  it('asks once, and answers each query under its own number', async () => {
    const { cache, asked } = cacheOf(() => address(30));
    const replies = [await cache.answer(query('web', 7)), await cache.answer(query('WEB', 8))];
    expect(replies.map(({ id, answers }) => [id, answers?.length])).toEqual([
      [7, 1],
      [8, 1],
    ]);
    expect([asked, cache.queries, cache.misses]).toEqual([['web'], 2, 1]);
  });

  it('tells A from AAAA', async () => {
    const { cache, asked } = cacheOf(() => address(30));
    await cache.answer(query('web'));
    await cache.answer(query('web', 2, 'AAAA'));
    expect(asked).toHaveLength(2);
  });

  it('keeps an answer for its TTL and 30 s at the most, a denial for 5 s', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 300 }), fc.boolean(), async (ttl, denied) => {
        const { cache, asked, clock } = cacheOf(() => (denied ? NXDOMAIN : address(ttl)));
        const life = denied ? 5 : Math.min(30, ttl);
        for (const seconds of [0, Math.max(0, life - 0.001), life]) {
          clock.seconds = seconds;
          await cache.answer(query('web'));
        }
        // Asks when the answer has expired, which is at once for TTL 0.
        expect(asked).toHaveLength(life === 0 ? 3 : 2);
      }),
    );
  });

  it('says SERVFAIL where nobody can be asked, and asks again the next time', async () => {
    const { cache, asked } = cacheOf(() => new Error('no route'));
    const [one, two] = [await cache.answer(query('web', 5)), await cache.answer(query('web', 6))];
    expect([one.id, one.flags, two.id, two.flags]).toEqual([5, SERVFAIL, 6, SERVFAIL]);
    expect(asked).toHaveLength(2);
  });
});
