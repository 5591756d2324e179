import { closeSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { recv } from '../../../src/kernel/libc.ts';
import { buildTcp, buildUdp, OFFSET, TCP } from '../../../src/kernel/packet.ts';
import { arrivalReceiver, rawSocket, sendPacket } from '../../../src/kernel/socket.ts';
import { describeLab, openTestLab, UNASSIGNED_SERVER, type TestLab } from '../kernel-lab.ts';

const ends = { source: '10.78.1.5', sourcePort: 4321, destination: UNASSIGNED_SERVER, destinationPort: 80 };
const tcp = (flags: number): Buffer =>
  buildTcp({ ...ends, flags, seq: 1, ack: 0, window: 1000, payload: Buffer.alloc(0) });

describeLab('a receiver of arrivals', () => {
  let lab: TestLab;
  beforeEach(async () => {
    lab = await openTestLab();
  });
  afterEach(() => lab[Symbol.asyncDispose]());

  it('a flood’s receiver sees datagrams and SYNs for addresses that its pod does not have, and no other segment', async () => {
    using sockets = new DisposableStack();
    const arrivals = sockets.adopt(arrivalReceiver(lab.server), closeSync);
    const raw = sockets.adopt(rawSocket(lab.client), closeSync);
    for (const flags of [TCP.ACK, TCP.SYN, TCP.FIN | TCP.ACK, TCP.RST]) sendPacket(raw, tcp(flags));
    sendPacket(raw, buildUdp({ ...ends, payload: Buffer.from('x') }));
    const seen: number[] = [];
    const into = Buffer.alloc(128);
    await expect
      .poll(() => {
        while (recv(arrivals, into) !== undefined) seen.push(into.readUInt8(OFFSET.protocol));
        return seen;
      })
      .toEqual([6, 17]);
  });
});
