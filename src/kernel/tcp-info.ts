import { IPPROTO_TCP, TCP_INFO } from './libc.ts';
import { getsockopt } from './nonblocking.ts';

/** TCP states as the kernel numbers them (include/net/tcp_states.h). */
export const TCP_STATE = { established: 1, synSent: 2 } as const;

/** What the kernel knows of one connection: struct tcp_info (include/uapi/linux/tcp.h). */
export interface TcpInfo {
  /** See TCP_STATE. */
  readonly state: number;
  /** Segments sent again since the socket was made, SYNs included. */
  readonly resent: number;
  /** Milliseconds since data last arrived from the other end; the kernel's clock ticks, so to some 4 ms. */
  readonly sinceReceived: number;
}

const AT = { state: 0, lastDataReceived: 52, totalRetransmissions: 100 } as const;
const info = Buffer.alloc(104);

/** Reads TCP_INFO of a socket; undefined where it is none, or the kernel has not said enough. */
export function tcpInfo(fd: number): TcpInfo | undefined {
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, info) < info.length) return undefined;
  return {
    state: info.readUInt8(AT.state),
    resent: info.readUInt32LE(AT.totalRetransmissions),
    sinceReceived: info.readUInt32LE(AT.lastDataReceived),
  };
}
