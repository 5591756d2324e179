import { closeSync } from 'node:fs';
import { parseIp, sockaddr } from './ipv4.ts';
import * as libc from './libc.ts';
import type { Namespace } from './netns.ts';
import { OFFSET, TCP } from './packet.ts';
import { bpfProgram, INSTRUCTION } from './bpf.ts';

/** An open socket. Its new owner (net.Socket, net.Server, dgram) closes it; without one, the caller does. */
export type Fd = number;

const FLAGS = libc.SOCK_NONBLOCK | libc.SOCK_CLOEXEC;

/** Runs `prepare` on the descriptor and closes it on error. */
function prepared(fd: Fd, prepare: (fd: Fd) => void): Fd {
  try {
    prepare(fd);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/**
 * A TCP socket in a namespace, for `new net.Socket({ fd, manualStart: true }).connect({ host, port })`.
 *
 * @throws ErrnoError of setns(2), socket(2)
 */
export function tcpSocket(ns: Namespace): Fd {
  return ns.within(() => libc.socket(libc.AF_INET, libc.SOCK_STREAM | FLAGS, 0));
}

/**
 * Up to `count` such sockets, for one visit of the namespace; fewer where the process runs out of descriptors.
 *
 * @throws ErrnoError of setns(2), socket(2), but for EMFILE
 */
export function tcpSockets(ns: Namespace, count: number): readonly Fd[] {
  const open: Fd[] = [];
  ns.within(() => {
    try {
      while (open.length < count) open.push(libc.socket(libc.AF_INET, libc.SOCK_STREAM | FLAGS, 0));
    } catch (error) {
      if (error instanceof libc.ErrnoError && error.code === 'EMFILE') return;
      for (const fd of open) closeSync(fd);
      throw error;
    }
  });
  return open;
}

/**
 * A TCP socket bound in a namespace, for `server.listen({ fd }, backlog)`. Node calls listen(2) and takes the
 * backlog only from that argument (default 511); the kernel caps it at net.core.somaxconn.
 *
 * @throws ErrnoError of setns(2), socket(2), bind(2): EADDRINUSE, EADDRNOTAVAIL
 */
export function tcpListener(ns: Namespace, ip: string, port: number): Fd {
  return prepared(tcpSocket(ns), (fd) => {
    libc.setsockopt(fd, libc.SOL_SOCKET, libc.SO_REUSEADDR, 1);
    libc.bind(fd, sockaddr(parseIp(ip), port));
  });
}

/**
 * A UDP socket bound in a namespace, for `dgram.createSocket('udp4').bind({ fd })`. Port 0: the kernel
 * chooses.
 *
 * @throws ErrnoError of setns(2), socket(2), bind(2)
 */
export function udpSocket(ns: Namespace, ip: string, port: number): Fd {
  const fd = ns.within(() => libc.socket(libc.AF_INET, libc.SOCK_DGRAM | FLAGS, 0));
  return prepared(fd, () => {
    libc.bind(fd, sockaddr(parseIp(ip), port));
  });
}

/** A netlink socket of a namespace (netlink(7)). Disposing closes it. @throws ErrnoError of setns(2), socket(2) */
export function netlinkSocket(ns: Namespace, protocol: number): { readonly fd: Fd } & Disposable {
  const kind = libc.SOCK_RAW | libc.SOCK_CLOEXEC;
  const fd = ns.within(() => libc.socket(libc.AF_NETLINK, kind, protocol));
  return {
    fd,
    [Symbol.dispose]: () => {
      closeSync(fd);
    },
  };
}

/**
 * A socket that sends whole IPv4 packets (raw(7): IPPROTO_RAW implies IP_HDRINCL). The kernel fills in the IP
 * checksum, total length, and an id or source of 0. It receives nothing, and sends block until there is room.
 *
 * @throws ErrnoError of setns(2), socket(2): EPERM without CAP_NET_RAW in the namespace's user namespace
 */
export function rawSocket(ns: Namespace): Fd {
  return ns.within(() => libc.socket(libc.AF_INET, libc.SOCK_RAW | libc.SOCK_CLOEXEC, libc.IPPROTO_RAW));
}

/**
 * Sends an IPv4 packet to the destination in its header.
 *
 * @throws ErrnoError of sendto(2)
 */
export function sendPacket(raw: Fd, packet: Buffer): void {
  libc.sendto(raw, packet, sockaddr(packet.readUInt32BE(OFFSET.ip.destination), 0));
}

/**
 * A socket for `recv` that gets a copy of every TCP packet addressed to the namespace, IPv4 header included.
 * Raw sockets receive a segment before TCP does. So when Node gets data, its packet is here already, and
 * nothing need watch this socket. A full buffer loses packets.
 *
 * @throws ErrnoError of setns(2), socket(2): EPERM without CAP_NET_RAW
 */
export function rawTcpReceiver(ns: Namespace): Fd {
  return ns.within(() => libc.socket(libc.AF_INET, libc.SOCK_RAW | FLAGS, libc.IPPROTO_TCP));
}

/** ETH_P_IP (include/uapi/linux/if_ether.h) in network byte order, for packet(7). */
const ETH_P_IP = 0x0008;

/**
 * Filter for packets that begin a flow, from the IP header on, without options. Kept for the process's
 * lifetime: struct sock_fprog points at it.
 */
const FLOW_BEGINS = bpfProgram([
  [0x30, 0, 0, OFFSET.protocol], // load the protocol
  [0x15, 2, 0, libc.IPPROTO_UDP], // UDP: take it
  [0x30, 0, 0, OFFSET.tcpFlags], // load the control bits
  [0x15, 0, 1, TCP.SYN], // SYN alone: take it
  [0x06, 0, 0, 0xffff],
  [0x06, 0, 0, 0],
]);

/**
 * A socket for `recv` that gets a copy of every UDP datagram and TCP SYN arriving in the namespace, for any
 * address. Excludes sent packets: those would need every protocol.
 *
 * @throws ErrnoError of setns(2), socket(2): EPERM without CAP_NET_RAW
 */
export function arrivalReceiver(ns: Namespace): Fd {
  return tap(ns, libc.SO_ATTACH_FILTER, filterProgram(FLOW_BEGINS));
}

/** A packet(7) socket for IPv4, with a socket option. */
function tap(ns: Namespace, option: number, value: number | Buffer): Fd {
  const fd = ns.within(() => libc.socket(libc.AF_PACKET, libc.SOCK_DGRAM | FLAGS, ETH_P_IP));
  return prepared(fd, () => {
    libc.setsockopt(fd, libc.SOL_SOCKET, option, value);
  });
}

/** struct sock_fprog (include/uapi/linux/filter.h) with 64-bit pointers. */
function filterProgram(program: Buffer): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt16LE(program.length / INSTRUCTION, 0);
  header.writeBigUInt64LE(libc.addressOf(program), 8);
  return header;
}

/** The kernel caps this at net.core.rmem_max. */
const RECEIVE_BUFFER = 8 * 1024 * 1024;

/**
 * A socket for `recv` that gets a copy of every IPv4 packet arriving in the namespace, for any address, IP
 * header first. It sees packets before netfilter (packet(7)). A full buffer loses packets, so empty it after
 * a few hundred.
 *
 * @throws ErrnoError of setns(2), socket(2): EPERM without CAP_NET_RAW
 */
export function packetReceiver(ns: Namespace): Fd {
  return tap(ns, libc.SO_RCVBUF, RECEIVE_BUFFER);
}
