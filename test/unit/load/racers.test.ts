import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { decode } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { allowedCpus } from '../../../src/kernel/affinity.ts';
import { parseIp, sockaddr } from '../../../src/kernel/ipv4.ts';
import { udpSocket } from '../../../src/kernel/socket.ts';
import { queriesFor } from '../../../src/load/dns-race/run.ts';
import { Racers } from '../../../src/load/dns-race/racers.ts';
import { HERE } from '../support/here.ts';

const PAIRS = 12;

describe('two racers', () => {
  it('send A and AAAA of each pair from one socket, each under its number, in as many turns as they are given', async () => {
    const [one = 0, other = one] = allowedCpus();
    const server = createSocket('udp4');
    const seen: { id: number | undefined; type: string | undefined; port: number }[] = [];
    const all = Promise.withResolvers<undefined>();
    server.on('message', (message, { port }) => {
      const { id, questions } = decode(message);
      seen.push({ id, type: questions?.[0]?.type, port });
      if (seen.length === 2 * PAIRS) all.resolve(undefined);
    });
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    const sockets = Array.from({ length: PAIRS }, () => udpSocket(HERE, '127.0.0.1', 0)).flatMap((fd) => [
      fd,
      fd,
    ]);
    {
      const to = sockaddr(parseIp('127.0.0.1'), server.address().port);
      await using racers = await Racers.start([one, other], queriesFor('web'), to, PAIRS);
      expect(racers.hasSent(0)).toBe(false);
      for (const upTo of [1, 5, PAIRS]) racers.send(sockets, upTo);
      await all.promise;
      await expect.poll(() => [0, 2 * PAIRS - 1].every((query) => racers.hasSent(query))).toBe(true);
    }
    server.close();
    for (const fd of new Set(sockets)) closeSync(fd);
    const byNumber = seen.toSorted((a, b) => (a.id ?? 0) - (b.id ?? 0));
    expect(byNumber.map(({ id }) => id)).toEqual(Array.from({ length: 2 * PAIRS }, (_, i) => i));
    expect(byNumber.map(({ type }) => type)).toEqual(byNumber.map((_, i) => (i % 2 === 0 ? 'A' : 'AAAA')));
    for (let pair = 0; pair < PAIRS; pair++)
      expect(byNumber[2 * pair]?.port).toBe(byNumber[2 * pair + 1]?.port);
  });
});
