import { IPPROTO_TCP, TCP_INFO } from './libc.ts';
import { getsockopt } from './nonblocking.ts';

/** TCP states by the kernel's numbers (include/net/tcp_states.h). */
export const TCP_STATE = { established: 1, synSent: 2 } as const;

/** Part of struct tcp_info (include/uapi/linux/tcp.h). */
interface TcpInfo {
  /** See TCP_STATE. */
  readonly state: number;
  /** Retransmitted segments since the socket was made, SYNs included. */
  readonly resent: number;
  /** Milliseconds since data last arrived, to about 4 ms (a tick of the kernel's clock). */
  readonly sinceReceived: number;
}

const AT = { state: 0, lastDataReceived: 52, totalRetransmissions: 100 } as const;
const info = Buffer.alloc(104);

/** Reads TCP_INFO of a socket; undefined for other descriptors and kernels that return less. */
export function tcpInfo(fd: number): TcpInfo | undefined {
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, info) < info.length) return undefined;
  return {
    state: info.readUInt8(AT.state),
    resent: info.readUInt32LE(AT.totalRetransmissions),
    sinceReceived: info.readUInt32LE(AT.lastDataReceived),
  };
}
