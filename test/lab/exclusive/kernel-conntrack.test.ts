import { execa } from 'execa';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openTable, type Table } from '../../../src/kernel/counters.ts';
import { flushMark, insertEstablished, removeEstablished } from '../../../src/kernel/ctnetlink.ts';
import type { NetNamespace } from '../../../src/kernel/netns.ts';
import { floodTcp, floodUdp, type TcpFlood } from '../../../src/load/flood/flood.ts';
import { floodTcpFromAll } from '../../../src/load/flood/flood-threads.ts';
import {
  describeLab,
  openTestLab,
  SERVICE_IP,
  UNASSIGNED_CLIENTS,
  UNASSIGNED_SERVER,
  type TestLab,
} from '../kernel-lab.ts';

const MARK = 0x7ab1e;
const { signal } = new AbortController();

describeLab('The conntrack table of a node', () => {
  vi.setConfig({ testTimeout: 30_000 });
  let lab: TestLab;
  let node: NetNamespace;
  let table: Table;
  beforeEach(async () => {
    lab = await openTestLab();
    node = lab.node;
    table = openTable(node);
  });
  afterEach(async () => {
    table[Symbol.dispose]();
    await lab[Symbol.asyncDispose]();
  });

  const list = async (...filter: string[]): Promise<string[]> => {
    const { stdout } = await node.within(() => execa('conntrack', ['-L', ...filter]));
    return stdout.split('\n').filter((line) => line !== '');
  };
  const flow = (count: number, from: number): TcpFlood => ({
    ...{ client: lab.client, server: lab.server, sources: UNASSIGNED_CLIENTS, from, count, signal },
    ...{ destination: { ip: SERVICE_IP, port: 80 }, backend: { ip: UNASSIGNED_SERVER, port: 80 } },
  });
  const handshakes = (count: number, from = 0): ReturnType<typeof floodTcp> => floodTcp(flow(count, from));
  const datagrams = (count: number, from = 0): ReturnType<typeof floodUdp> =>
    floodUdp({
      client: lab.client,
      sources: UNASSIGNED_CLIENTS,
      destination: { ip: SERVICE_IP, port: 53 },
      from,
      count,
      signal,
    });

  it('a table is read with the limits of the machine', () => {
    expect(table.read()).toMatchObject({ entries: 0, counters: { insert: 0, drop: 0 } });
    expect(table.read().limit).toBeGreaterThan(0);
    expect(table.read().buckets).toBeGreaterThan(0);
  });

  it('a table counts inserted entries as assured, established connections', async () => {
    insertEstablished(node, 65_000, 1_000, MARK);
    const reading = table.read();
    expect(reading.entries).toBe(1_000);
    expect(reading.counters.insert).toBe(1_000);
    const lines = await list('-m', String(MARK));
    expect(lines).toHaveLength(1_000);
    for (const line of lines) expect(line).toMatch(/tcp .* 86\d\d\d ESTABLISHED .*\[ASSURED\]/);
  });

  it('a table loses exactly the removed entries', async () => {
    insertEstablished(node, 0, 3_000, MARK);
    removeEstablished(node, 1_000, 1_500);
    expect(table.read().entries).toBe(1_500);
    expect(() => {
      insertEstablished(node, 998, 10, MARK);
    }).toThrow('insert of entry 998: ctnetlink: file already exists (EEXIST)');
    expect(() => {
      removeEstablished(node, 2_499, 2);
    }).toThrow('delete of entry 2499: ctnetlink: no such file or directory (ENOENT)');
    expect(await list('-s', '198.18.0.7')).toHaveLength(1);
  });

  it('flushing mark 0 keeps the marked entries and removes the unmarked, and the other way round', async () => {
    insertEstablished(node, 0, 500, MARK);
    await handshakes(700);
    expect(table.read().entries).toBe(1_200);
    await flushMark(node, 0);
    expect(table.read().entries).toBe(500);
    await handshakes(700);
    await flushMark(node, MARK);
    expect(table.read().entries).toBe(700);
  });

  it('a table is full of inserted entries within five seconds, and says so', async () => {
    const { limit } = table.read();
    const start = performance.now();
    insertEstablished(node, 0, limit, MARK);
    expect(performance.now() - start).toBeLessThan((limit / 262_144) * 5_000);
    expect(table.read().entries).toBe(limit);
    expect(() => {
      insertEstablished(node, limit, 10, MARK);
    }).toThrow(`entry ${String(limit)}: ctnetlink: not enough memory (ENOMEM)`);
    await flushMark(node, MARK);
    expect(table.read().entries).toBe(0);
  });

  it('a table holds every handshake of a flood as established and assured, through the translation', async () => {
    const { sent } = await handshakes(20_001, 5_000);
    expect(sent).toBe(20_001);
    expect(table.read()).toMatchObject({ entries: 20_001, counters: { invalid: 0, drop: 0 } });
    const lines = await list('-p', 'tcp', '--state', 'ESTABLISHED', '--status', 'ASSURED');
    expect(lines).toHaveLength(20_001);
    expect(lines[0]).toMatch(new RegExp(`dst=${SERVICE_IP} .*src=${UNASSIGNED_SERVER} `));
  });

  it('a table holds every handshake of a flood from all CPUs, each flow once', async () => {
    await floodTcpFromAll(flow(40_001, 5_000));
    expect(table.read()).toMatchObject({
      entries: 40_001,
      counters: { invalid: 0, drop: 0 },
    });
    await handshakes(40_001, 5_000);
    expect(table.read().entries).toBe(40_001);
  });

  it('the same numbers give a table the same flows again', async () => {
    await handshakes(1_000, 100);
    await handshakes(1_000, 600);
    expect(table.read().entries).toBe(1_500);
  });

  it('a full table accounts for every datagram of a flood: admitted, evicted for, or dropped', async () => {
    const { limit } = table.read();
    insertEstablished(node, 0, limit - 2_000, MARK);
    await datagrams(10_000);
    const { entries, counters } = table.read();
    expect(entries).toBe(limit);
    expect(2_000 + counters.early_drop + counters.drop).toBe(10_000);
    expect(counters.drop).toBeGreaterThan(0);
  });

  it('the signal stops a flood of the table', async () => {
    const flood = {
      client: lab.client,
      sources: UNASSIGNED_CLIENTS,
      destination: { ip: SERVICE_IP, port: 53 },
      from: 0,
    };
    const abort = new AbortController();
    const running = floodUdp({ ...flood, count: 1_000_000, signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(table.read().entries).toBeLessThan(10_000);
    await expect(floodUdp({ ...flood, count: 1e9, signal })).rejects.toThrow('name more sources');
  });
});
