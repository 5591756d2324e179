import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { tcpListener } from '../../../src/kernel/socket.ts';
import { openEcho } from '../../../src/server/echo.ts';
import { HERE, IP } from '../load/engine/loopback.ts';

it.each([0, 0.05])(
  'a client that has half-closed gets its answer after %s s, and then the FIN',
  async (delay) => {
    await using server = openEcho(tcpListener(HERE, IP, 0), delay);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = connect({ host: IP, port, allowHalfOpen: true }).end('ping');
    const parts: Buffer[] = [];
    client.on('data', (part) => {
      parts.push(part);
    });
    const asked = performance.now();
    await once(client, 'end');
    expect(Buffer.concat(parts).toString()).toBe('ping');
    expect(performance.now() - asked).toBeGreaterThanOrEqual(delay * 1000 - 1);
  },
);
