import { constants, release } from 'node:os';
import * as libc from './libc.ts';
import { messagesIn, NLM_F, NLMSG_DONE, NLMSG_ERROR, readError, request } from './netlink.ts';
import type { NetNamespace } from './netns.ts';
import { netlinkSocket } from './socket.ts';
import { sockstat } from './sockstat.ts';

/** Finds and resets TCP sockets of a namespace (include/uapi/linux/{sock_diag,inet_diag}.h, net/ipv4/tcp_diag.c). */
const NETLINK_SOCK_DIAG = 4;
const SOCK_DIAG_BY_FAMILY = 20;
const SOCK_DESTROY = 21;
/** What a kernel answers that lacks this, or a part of it, and for a socket that is gone meanwhile. */
const { ENOENT, EOPNOTSUPP, EPROTONOSUPPORT } = constants.errno;
const CANNOT: readonly number[] = [ENOENT, EOPNOTSUPP, EPROTONOSUPPORT];

/** Bits of struct inet_diag_req_v2's idiag_states, by include/net/tcp_states.h. */
const STATE = { established: 1 << 1, finWait1: 1 << 4, closeWait: 1 << 8, lastAck: 1 << 9, closing: 1 << 11 };
/** A closed socket in one of these sends its FIN until the peer has acknowledged it. */
const UNACKNOWLEDGED = STATE.finWait1 | STATE.lastAck | STATE.closing;
const CONNECTED = UNACKNOWLEDGED | STATE.established | STATE.closeWait;

/** struct inet_diag_sockid: where it begins in struct inet_diag_msg, and its size. */
const ID = { at: 4, bytes: 48 } as const;
/** idiag_inode in struct inet_diag_msg: 0 where the socket is an orphan, of no process. */
const INODE_AT = 68;
const NLMSGHDR = 16;
const ANSWER_BYTES = 32 * 1024;

/**
 * Linux 6.11: an orphan that is reset is gone. Before (bac76cf89816, in some stable versions too), its timers stopped,
 * and it stayed for ever.
 */
const RESETS_ORPHANS = [6, 11] as const;

/** Whether this kernel can reset orphans. */
export function resetsOrphans(version = release()): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number.parseFloat);
  return major > RESETS_ORPHANS[0] || (major === RESETS_ORPHANS[0] && minor >= RESETS_ORPHANS[1]);
}

/**
 * Resets TCP sockets over IPv4: the peer gets a RST where the connection is not closing on both sides, and the socket is
 * gone. Does nothing where the kernel can't (CONFIG_INET_DIAG and its _DESTROY, and `resetsOrphans` for orphans).
 *
 * @param which `orphans`: those that were closed, and whose FIN the peer has not acknowledged. Each would send it again
 *   for some two minutes (tcp_orphan_retries), and would keep the namespace until then. `all`: every one that is
 *   connected, too
 * @returns how many
 * @throws Error of the kernel's answer: EPERM: no CAP_NET_ADMIN
 */
export function resetTcp(ns: NetNamespace, which: 'orphans' | 'all'): number {
  const { inUse, orphans } = sockstat(ns);
  // The counts spare the dump, which walks the one hash of all namespaces: milliseconds beside full tables.
  if (inUse === 0 || (which === 'orphans' && orphans === 0)) return 0;
  using diag = open(ns);
  if (diag === undefined) return 0;
  let count = 0;
  for (const socket of dump(diag.fd, which === 'all' ? CONNECTED : UNACKNOWLEDGED)) {
    const isOrphan = socket.readUInt32LE(INODE_AT) === 0;
    if (!(isOrphan ? resetsOrphans() : which === 'all')) continue;
    if (reset(diag.fd, socket.subarray(ID.at, ID.at + ID.bytes))) count++;
  }
  return count;
}

/** @returns undefined where the kernel has no such protocol */
function open(ns: NetNamespace): ReturnType<typeof netlinkSocket> | undefined {
  try {
    return netlinkSocket(ns, NETLINK_SOCK_DIAG);
  } catch (error) {
    if (error instanceof libc.ErrnoError && CANNOT.includes(error.errno)) return undefined;
    throw error;
  }
}

/** struct inet_diag_req_v2 */
function ask(type: number, flags: number, states: number, id: Buffer): Buffer {
  const header = Buffer.from([libc.AF_INET, libc.IPPROTO_TCP, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(states, 4);
  return request(type, flags, header, id);
}

/** @returns each socket's struct inet_diag_msg */
function dump(fd: number, states: number): readonly Buffer[] {
  libc.send(fd, ask(SOCK_DIAG_BY_FAMILY, NLM_F.dump, states, Buffer.alloc(ID.bytes)));
  const found: Buffer[] = [];
  for (;;) {
    const page = Buffer.alloc(ANSWER_BYTES);
    // Each recv(2) has the kernel fill the next page, so there is one until the dump is done.
    const length = libc.recv(fd, page);
    if (length === undefined) throw new Error('sock_diag did not answer');
    for (const message of messagesIn(page.subarray(0, length))) {
      const type = message.readUInt16LE(4);
      if (type === NLMSG_DONE) return found;
      if (type === NLMSG_ERROR) {
        accepted(message);
        return found;
      }
      found.push(message.subarray(NLMSGHDR));
    }
  }
}

/** @returns false where the socket is gone meanwhile, or the kernel can't do it */
function reset(fd: number, id: Buffer): boolean {
  libc.send(fd, ask(SOCK_DESTROY, NLM_F.ack, 0, id));
  const answer = Buffer.alloc(4096);
  const length = libc.recv(fd, answer);
  if (length === undefined) throw new Error('sock_diag did not answer');
  return accepted(answer.subarray(0, length));
}

/** Whether a request was carried out. @throws ErrnoError where it failed, unless the kernel can't */
function accepted(answer: Buffer): boolean {
  const { errno } = readError(answer);
  if (errno !== 0 && !CANNOT.includes(errno)) throw new libc.ErrnoError('sock_diag', errno);
  return errno === 0;
}
