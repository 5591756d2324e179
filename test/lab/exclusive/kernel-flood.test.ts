import { closeSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { recv } from '../../../src/kernel/libc.ts';
import { buildTcp, buildUdp, OFFSET, TCP } from '../../../src/kernel/packet.ts';
import { arrivalReceiver, rawSocket, sendPacket } from '../../../src/kernel/socket.ts';
import { dumpEntries } from '../../../src/kernel/conntrack-dump.ts';
import type { LoadEvent } from '../../../src/load/events.ts';
import { Flows } from '../../../src/load/flood/flows.ts';
import { run } from '../../../src/load/flood/run.ts';
import { Outcomes } from '../../../src/load/outcomes.ts';
import {
  describeLab,
  openTestLab,
  UNASSIGNED_CLIENTS,
  UNASSIGNED_SERVER,
  type TestLab,
} from '../kernel-lab.ts';

const ends = { source: '10.78.1.5', sourcePort: 4321, destination: UNASSIGNED_SERVER, destinationPort: 80 };
const tcp = (flags: number): Buffer =>
  buildTcp({ ...ends, flags, seq: 1, ack: 0, window: 1000, payload: Buffer.alloc(0) });

describeLab('a flood', () => {
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

  it.each(['datagram', 'closed-connection'] as const)(
    'each %s that has passed the node is ok, and has an entry',
    async (flow) => {
      const ends: LoadEvent[] = [];
      const outcomes = new Outcomes(
        'flows',
        () => performance.now(),
        (event) => ends.push(event),
      );
      const load = { kind: 'flood', pods: 'clients', to: 'server', flows: 1000, seconds: 0.2, flow } as const;
      const path = {
        client: lab.client,
        server: lab.server,
        flows: new Flows(UNASSIGNED_CLIENTS),
        serverEnd: { ip: UNASSIGNED_SERVER, port: 80 },
      };
      const { signal } = new AbortController();
      await run(load, { outcomes, signal, floodPath: () => Promise.resolve(path) });
      outcomes.flush();
      const ok = ends.flatMap((event) =>
        event.type === 'outcomes' && event.outcome === 'ok' ? event.due : [],
      );
      expect(ok).toHaveLength(1000);
      expect(await dumpEntries(lab.node, 0)).toHaveLength(1000);
    },
  );
});
