import { setTimeout as delay } from 'node:timers/promises';
import { expect, describe, it } from 'vitest';
import { tcpListener } from '../../../../src/kernel/socket.ts';
import { HttpClients, HttpServers } from '../../../../src/load/engine/http-engine.ts';
import { ANSWERED } from '../../../../src/load/engine/protocol.ts';
import { ANSWER, freePort, HERE, IP, serving } from './loopback.ts';

const PATIENCE = { connectWithin: 30_000, answerWithin: 30_000 };

describe('The threads of the engine', () => {
  it('ask and answer many requests at once', async () => {
    const port = await freePort();
    await using servers = new HttpServers(process.hrtime.bigint());
    servers.listen(tcpListener(HERE, IP, port));
    await using clients = new HttpClients(process.hrtime.bigint());
    const how = { ...PATIENCE, ip: IP, port, afterwards: 'close' } as const;
    // The thread may not be listening yet.
    while ((await clients.get(HERE, how)).outcome === 'ECONNREFUSED') await delay(5);
    const answers = await Promise.all(Array.from({ length: 100 }, () => clients.get(HERE, how)));
    expect(answers.map(({ outcome, waited }) => [outcome, waited])).toEqual(
      answers.map(() => [ANSWERED, false]),
    );
  });

  it('let requests beyond the connections that they may have wait for their turn, and say so', async () => {
    let [open, most] = [0, 0];
    await using server = await serving((socket) => {
      most = Math.max(most, ++open);
      socket.once('end', () => {
        open--;
        socket.end();
      });
      setTimeout(() => socket.write(ANSWER), 10);
    });
    await using clients = new HttpClients(process.hrtime.bigint(), 3);
    const how = { ...PATIENCE, ip: IP, port: server.port, afterwards: 'close' } as const;
    const answers = await Promise.all(Array.from({ length: 20 }, () => clients.get(HERE, how)));
    expect(answers.map(({ outcome }) => outcome)).toEqual(answers.map(() => ANSWERED));
    expect(answers.map(({ waited }) => waited)).toEqual(answers.map((_, i) => i >= 3));
    expect(most).toBe(3);
  });

  it('fail a request for which nothing will make room, until what is held is released', async () => {
    await using server = await serving((socket) => socket.write(ANSWER));
    await using clients = new HttpClients(process.hrtime.bigint(), 2);
    const hold = { ...PATIENCE, ip: IP, port: server.port, afterwards: 'hold' } as const;
    const first = await Promise.all([hold, hold].map((how) => clients.get(HERE, how)));
    expect(first.map(({ outcome }) => outcome)).toEqual([ANSWERED, ANSWERED]);
    expect(await clients.get(HERE, hold)).toMatchObject({ outcome: 'EMFILE', waited: true });
    await clients.release();
    expect(await clients.get(HERE, hold)).toMatchObject({ outcome: ANSWERED, waited: false });
  });
});
