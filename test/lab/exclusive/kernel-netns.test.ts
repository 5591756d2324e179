import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { closeSync, readlinkSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recv } from '../../../src/kernel/libc.ts';
import { NetNamespace } from '../../../src/kernel/netns.ts';
import { buildTcp, buildUdp, parseTcp, TCP } from '../../../src/kernel/packet.ts';
import {
  rawSocket,
  rawTcpReceiver,
  sendPacket,
  tcpListener,
  tcpSocket,
  udpSocket,
} from '../../../src/kernel/socket.ts';
import { readSysctl, writeSysctl } from '../../../src/kernel/sysctl.ts';
import { CLIENT_IP, describeLab, openTestLab, SERVER_IP, type TestLab } from '../kernel-lab.ts';

const here = (): string => readlinkSync('/proc/thread-self/ns/net');

describeLab('A network namespace', () => {
  let lab: TestLab;
  beforeAll(async () => {
    lab = await openTestLab();
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  it('work runs inside the network namespace, and the thread is back home afterwards', () => {
    const home = here();
    const there = lab.client.within(here);
    expect(there).not.toBe(home);
    expect(here()).toBe(home);
  });

  it('a nested network namespace returns to the one around it', () => {
    lab.client.within(() => {
      const client = here();
      expect(lab.server.within(here)).not.toBe(client);
      expect(here()).toBe(client);
    });
  });

  it('work that throws leaves the network namespace', () => {
    const home = here();
    expect(() =>
      lab.client.within(() => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(here()).toBe(home);
  });

  it('a network namespace refuses an async function', () => {
    expect(() => lab.client.within(async () => Promise.resolve())).toThrow('no async function');
  });

  it('a network namespace that is used after its end says which one it was', () => {
    const space = NetNamespace.open(lab.client.path);
    space.close();
    space.close();
    expect(() => space.within(here)).toThrow(`${lab.client.path}: the network namespace is closed`);
    expect(() => NetNamespace.open('/run/netns/nothing')).toThrow('/run/netns/nothing');
  });

  it('a network namespace has its own sysctls', () => {
    const name = 'net.netfilter.nf_conntrack_tcp_be_liberal';
    const before = readSysctl(name);
    expect(lab.client.within(() => writeSysctl(name, '1'))).toBe('1');
    expect(lab.client.within(() => readSysctl(name))).toBe('1');
    expect(readSysctl(name)).toBe(before);
    expect(() => lab.client.within(() => writeSysctl('net.netfilter.nf_conntrack_max', '1'))).toThrow(
      /nf_conntrack_max to 1: (EACCES|EPERM|EROFS): /,
    );
  });

  it('sockets made in a network namespace carry a TCP connection', async () => {
    const server = createServer((socket) => socket.end(String(socket.remoteAddress))).listen(
      { fd: tcpListener(lab.server, SERVER_IP, 8080) },
      4000,
    );
    await once(server, 'listening');
    const options: object = { fd: tcpSocket(lab.client), manualStart: true };
    const socket = new Socket(options).connect(8080, SERVER_IP);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toBe(CLIENT_IP);
    const { stdout } = await lab.server.within(() => execa('ss', ['-Hltn']));
    expect(stdout).toMatch(/LISTEN\s+0\s+4000\s/);
    expect(() => tcpListener(lab.server, SERVER_IP, 8080)).toThrow('EADDRINUSE');
    server.close();
  });

  it('sockets made in a network namespace carry datagrams', async () => {
    const server = createSocket('udp4').bind({ fd: udpSocket(lab.server, SERVER_IP, 5353) });
    const client = createSocket('udp4').bind({ fd: udpSocket(lab.client, CLIENT_IP, 0) });
    expect(client.address().port).toBeGreaterThan(0);
    const received = once(server, 'message');
    client.send('hello', 5353, SERVER_IP);
    expect(String((await received)[0])).toBe('hello');
    client.close();
    server.close();
  });

  it('the kernel accepts a built datagram: its checksums are right', async () => {
    const server = createSocket('udp4').bind({ fd: udpSocket(lab.server, SERVER_IP, 5353) });
    const sender = rawSocket(lab.client);
    const ends = { source: CLIENT_IP, sourcePort: 1234, destination: SERVER_IP, destinationPort: 5353 };
    const received = once(server, 'message');
    sendPacket(sender, buildUdp({ ...ends, payload: Buffer.from('odd') }));
    expect(String((await received)[0])).toBe('odd');
    closeSync(sender);
    server.close();
  });

  it('a raw receiver gets what a raw socket in another namespace sends, before anything else runs', () => {
    const receiver = rawTcpReceiver(lab.server);
    const sender = rawSocket(lab.client);
    const syn = {
      ...{ source: CLIENT_IP, sourcePort: 1234, destination: SERVER_IP, destinationPort: 9 },
      ...{ seq: 0xfffffffe, ack: 0, flags: TCP.SYN, window: 100, payload: Buffer.from('boom') },
    };
    const into = Buffer.alloc(100);
    expect(recv(receiver, into)).toBeUndefined();
    sendPacket(sender, buildTcp(syn));
    expect(parseTcp(into.subarray(0, recv(receiver, into)))).toEqual(syn);
    closeSync(receiver);
    closeSync(sender);
  });
});
