import { closeSync } from 'node:fs';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { flushMark } from '../../../src/kernel/ctnetlink.ts';
import { nft, readNftCounters } from '../../../src/kernel/nft.ts';
import { buildTcp, buildUdp, TCP } from '../../../src/kernel/packet.ts';
import { rawSocket, sendPacket } from '../../../src/kernel/socket.ts';
import { COUNTER_TABLE, counterTable } from '../../../src/agent/packet-rules.ts';
import { DEMAND_MARK } from '../../../src/host/marks.ts';
import { describeLab, openTestLab, SERVICE_IP, UNASSIGNED_SERVER, type TestLab } from '../kernel-lab.ts';

const CLIENT = '10.78.1.5';
/** Routed, but in none of the lab's networks. */
const OUTSIDE = '10.78.200.1';
const NOTRACK = `
table ip untracked {
  chain by-port { type filter hook prerouting priority raw; udp dport 53 notrack; tcp dport 53 notrack
  }
}
`;

const to = (destination: string, destinationPort = 80, sourcePort = 4321) => ({
  ...{ source: CLIENT, sourcePort, destination, destinationPort },
});
const answer = { source: UNASSIGNED_SERVER, sourcePort: 80, destination: CLIENT, destinationPort: 4321 };
const tcp = (ends: typeof answer, flags: number, seq: number, ack: number): Buffer =>
  buildTcp({ ...ends, flags, seq, ack, window: 1000, payload: Buffer.alloc(0) });
const udp = (ends: typeof answer): Buffer => buildUdp({ ...ends, payload: Buffer.from('x') });

describeLab('The rules that count packets', () => {
  let lab: TestLab;
  let sockets: DisposableStack;
  let client: number;
  let server: number;
  const counted = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      Object.entries(await readNftCounters(lab.node, COUNTER_TABLE)).filter(([, packets]) => packets > 0),
    );

  beforeEach(async () => {
    lab = await openTestLab();
    sockets = new DisposableStack();
    client = sockets.adopt(rawSocket(lab.client), closeSync);
    server = sockets.adopt(rawSocket(lab.server), closeSync);
    const pods = '{ "client", "server" }';
    const rules = counterTable({
      fromPods: `iifname ${pods}`,
      toPods: `oifname ${pods}`,
      inside: ['10.77.0.0/16', '10.96.0.0/16', '10.78.0.0/17'],
      podNetwork: '10.77.0.0/16',
      kept: [],
    });
    await nft(lab.node, rules + NOTRACK);
    // Resolves neighbours first, because their search might delay counted packets.
    for (const [raw, ends] of [[client, to(UNASSIGNED_SERVER, 9)] as const, [server, answer] as const])
      sendPacket(raw, udp({ ...ends, sourcePort: 9, destinationPort: 9 }));
    await expect.poll(async () => (await counted()).forwarded).toBe(2);
    await flushMark(lab.node, DEMAND_MARK);
    await nft(lab.node, `reset counters table ip ${COUNTER_TABLE}\n`);
  });
  afterEach(async () => {
    sockets.dispose();
    await lab[Symbol.asyncDispose]();
  });

  const entries = async (): Promise<number> => {
    const { stdout } = await lab.node.within(() => execa('conntrack', ['-L', '-m', String(DEMAND_MARK)]));
    return stdout.split('\n').filter((line) => line !== '').length;
  };
  const expectCounted = (wanted: Record<string, number>) => expect.poll(counted).toEqual(wanted);

  it('the packet rules count a whole connection through a service, and its lost SYN, once before and once after conntrack', async () => {
    const way = to(SERVICE_IP);
    sendPacket(client, tcp(way, TCP.SYN, 1, 0));
    sendPacket(client, tcp(way, TCP.SYN, 1, 0));
    sendPacket(server, tcp(answer, TCP.SYN | TCP.ACK, 1, 2));
    for (let i = 0; i < 5; i++) sendPacket(client, tcp(way, TCP.ACK, 2, 2));
    sendPacket(client, tcp(way, TCP.FIN | TCP.ACK, 2, 2));
    sendPacket(server, tcp(answer, TCP.FIN | TCP.ACK, 2, 3));
    await expectCounted({ before: 10, after: 10, offered: 2, passed: 2, forwarded: 2, entered: 1 });
  });

  it('the packet rules count every datagram as one that asks, and its entry once', async () => {
    for (let i = 0; i < 3; i++) sendPacket(client, udp(to(UNASSIGNED_SERVER)));
    sendPacket(server, udp(answer));
    await expectCounted({ before: 4, after: 4, offered: 4, passed: 4, forwarded: 4, entered: 1 });
  });

  it('the packet rules count an entry that begins in the middle of a connection, which asks for none', async () => {
    for (let i = 0; i < 3; i++) sendPacket(client, tcp(to(UNASSIGNED_SERVER), TCP.ACK, 2, 2));
    await expectCounted({ before: 3, after: 3, entered: 1 });
  });

  it('the packet rules count a reset from pod to pod, and one that belongs to no entry as INVALID and untranslated', async () => {
    sendPacket(client, tcp(to(UNASSIGNED_SERVER), TCP.RST | TCP.ACK, 2, 2));
    await expectCounted({ before: 1, after: 1, invalid: 1, untranslated: 1, rst: 1 });
  });

  const dropping = (hook: string, priority: number, match: string): Promise<void> =>
    nft(
      lab.node,
      `table ip dropping { chain new { type filter hook ${hook} priority ${String(priority)}; ${match} drop\n }\n}\n`,
    );

  it.each([
    ['prerouting', -100],
    ['forward', 0],
    ['postrouting', 200],
  ])('count no entry for a packet that a rule drops before the entry is confirmed: %s', async (hook, at) => {
    await dropping(hook, at, 'tcp dport 80');
    sendPacket(client, tcp(to(UNASSIGNED_SERVER), TCP.SYN, 1, 0));
    const forwarded = hook === 'postrouting' ? { forwarded: 1 } : {};
    await expectCounted({ before: 1, after: 1, offered: 1, passed: 1, ...forwarded });
    expect(await entries()).toBe(0);
  });

  it('the packet rules count an entry whose first packet is for the node itself, unless a rule drops that packet', async () => {
    sendPacket(client, udp(to('10.78.0.1', 9)));
    await expect.poll(counted).toMatchObject({ offered: 1, passed: 1, entered: 1 });
    await dropping('input', 0, 'udp dport 10');
    sendPacket(client, udp(to('10.78.0.1', 10)));
    await expect.poll(counted).toMatchObject({ offered: 2, passed: 2, entered: 1 });
    expect(await entries()).toBe(1);
  });

  it('the packet rules mark an entry before any rule can drop its first packet, so that clearing finds it', async () => {
    sendPacket(client, udp(to(UNASSIGNED_SERVER)));
    await expectCounted({ before: 1, after: 1, offered: 1, passed: 1, forwarded: 1, entered: 1 });
    await flushMark(lab.node, DEMAND_MARK);
    expect(await entries()).toBe(0);
  });

  it('the packet rules count a packet dropped right after conntrack as having passed it, but not one dropped before', async () => {
    await dropping('prerouting', -190, 'tcp dport 80');
    sendPacket(client, tcp(to(UNASSIGNED_SERVER), TCP.SYN, 1, 0));
    await expectCounted({ before: 1, after: 1, offered: 1, passed: 1 });
    await nft(lab.node, 'delete table ip dropping\n');
    await dropping('prerouting', -250, 'tcp dport 80');
    sendPacket(client, tcp(to(UNASSIGNED_SERVER, 80, 4322), TCP.SYN, 1, 0));
    sendPacket(client, tcp(to(UNASSIGNED_SERVER, 81), TCP.SYN, 1, 0));
    await expect.poll(counted).toMatchObject({ before: 2, after: 2, offered: 2, passed: 2, entered: 1 });
  });

  it('the packet rules count no dropped packet as untranslated', async () => {
    await nft(
      lab.node,
      'table ip dropping { chain invalid { type filter hook forward priority filter; ct state invalid drop\n }\n}\n',
    );
    sendPacket(client, tcp(to(UNASSIGNED_SERVER), TCP.RST, 2, 2));
    await expectCounted({ before: 1, after: 1, invalid: 1, rst: 1 });
  });

  it('the packet rules count every packet that leaves the lab', async () => {
    sendPacket(client, tcp(to(OUTSIDE), TCP.SYN, 1, 0));
    await expect.poll(async () => (await counted()).escaped).toBe(1);
    sendPacket(client, udp(to(OUTSIDE)));
    await expect.poll(async () => (await counted()).escaped).toBe(2);
    sendPacket(client, tcp(to(OUTSIDE, 80, 5000), TCP.ACK, 2, 2));
    await expect.poll(async () => (await counted()).escaped).toBe(3);
  });

  it('the packet rules ignore untracked packets, except resets and packets that leave the lab', async () => {
    sendPacket(client, udp(to(UNASSIGNED_SERVER, 53)));
    sendPacket(client, tcp(to(UNASSIGNED_SERVER, 53), TCP.ACK, 1, 1));
    sendPacket(client, tcp(to(UNASSIGNED_SERVER, 53), TCP.RST, 1, 1));
    sendPacket(client, udp(to(OUTSIDE, 53)));
    await expectCounted({ rst: 1, escaped: 1, forwarded: 2 });
  });
});
