import { closeSync } from 'node:fs';
import { expect, it } from 'vitest';
import { dumpEntries } from '../../../src/kernel/conntrack-dump.ts';
import { recv } from '../../../src/kernel/libc.ts';
import { packetReceiver } from '../../../src/kernel/socket.ts';
import { Flows } from '../../../src/load/flood/flows.ts';
import { Crowd } from '../../../src/load/reconnect/crowd.ts';
import {
  describeLab,
  openTestLab,
  SERVICE_IP,
  UNASSIGNED_CLIENTS,
  UNASSIGNED_SERVER,
} from '../kernel-lab.ts';
import { NEVER } from '../../unit/support/never.ts';

const CLIENTS = 1000;

describeLab('a crowd of stateless clients', () => {
  it.each([
    ['reset', 'CLOSE', 10],
    ['close', 'TIME_WAIT', 120],
  ] as const)(
    'the crowd connects for real, and a %s leaves entries in %s for %i s',
    async (goodbye, state, seconds) => {
      await using lab = await openTestLab();
      using crowd = new Crowd({
        client: lab.client,
        server: lab.server,
        flows: new Flows(UNASSIGNED_CLIENTS),
        destination: { ip: SERVICE_IP, port: 80 },
        backend: { ip: UNASSIGNED_SERVER, port: 80 },
      });
      const { signal } = new AbortController();
      const now = (): number => performance.now();
      const seen = new Set<number>();
      await crowd.connect({
        from: 0,
        due: new Float64Array(CLIENTS).fill(now()),
        now,
        giveUp: 5000,
        started: () => undefined,
        connected: (i) => seen.add(i),
        signal,
      });
      expect(seen.size).toBe(CLIENTS);
      expect(await states()).toEqual({ ESTABLISHED: CLIENTS });
      await crowd.end([...seen], goodbye, signal);
      expect(await states()).toEqual({ [state]: CLIENTS });
      const left = (await dumpEntries(lab.node, 0)).map(({ timeout }) => timeout);
      expect(Math.max(...left)).toBeLessThanOrEqual(seconds);
      expect(Math.min(...left)).toBeGreaterThan(seconds - 5);

      async function states(): Promise<Record<string, number>> {
        const groups = Map.groupBy(await dumpEntries(lab.node, 0), (entry) => entry.state ?? '');
        return Object.fromEntries([...groups].map(([name, of]) => [name, of.length]));
      }
    },
  );

  it('the crowd takes hardly any CPU while it waits for an answer, and resends its SYN as TCP does', async () => {
    await using lab = await openTestLab();
    using crowd = new Crowd({
      client: lab.client,
      server: lab.server,
      flows: new Flows(UNASSIGNED_CLIENTS),
      // The node has no route to it.
      destination: { ip: '10.99.0.1', port: 80 },
      backend: { ip: UNASSIGNED_SERVER, port: 80 },
    });
    using seen = new DisposableStack();
    const arrivals = seen.adopt(packetReceiver(lab.node), closeSync);
    const before = process.cpuUsage();
    const began = performance.now();
    await crowd.connect({
      from: 0,
      due: new Float64Array(1).fill(began),
      now: () => performance.now(),
      giveUp: 1500,
      started: () => undefined,
      connected: () => undefined,
      signal: NEVER,
    });
    const { user, system } = process.cpuUsage(before);
    const ms = performance.now() - began;
    expect(ms).toBeGreaterThan(1490);
    expect((user + system) / 1000).toBeLessThan(0.2 * ms);
    let syns = 0;
    while (recv(arrivals, Buffer.alloc(2048)) !== undefined) syns++;
    expect(syns).toBe(2);
  });
});
