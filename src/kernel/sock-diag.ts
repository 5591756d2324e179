import { closeSync } from 'node:fs';
import * as libc from './libc.ts';
import { NLM_F, NLMSG_DONE, NLMSG_ERROR, readError, request } from './netlink.ts';
import type { NetNamespace } from './netns.ts';

/** Finds and resets TCP sockets of a namespace (include/uapi/linux/{sock_diag,inet_diag}.h, net/ipv4/tcp_diag.c). */
const NETLINK_SOCK_DIAG = 4;
const SOCK_DIAG_BY_FAMILY = 20;
const SOCK_DESTROY = 21;

/** Bits of struct inet_diag_req_v2's idiag_states, by include/net/tcp_states.h. */
const STATE = { established: 1 << 1, finWait1: 1 << 4, closeWait: 1 << 8, lastAck: 1 << 9, closing: 1 << 11 };
/** A closed socket in one of these sends its FIN until the peer has acknowledged it. */
const UNACKNOWLEDGED = STATE.finWait1 | STATE.lastAck | STATE.closing;
const CONNECTED = UNACKNOWLEDGED | STATE.established | STATE.closeWait;

/** struct inet_diag_sockid: where it begins in struct inet_diag_msg, and its size. */
const ID = { at: 4, bytes: 48 } as const;
/** idiag_inode in struct inet_diag_msg: 0 where no process has the socket any more. */
const INODE_AT = 68;
const NLMSGHDR = 16;
const ANSWER_BYTES = 32 * 1024;

/**
 * Resets TCP sockets over IPv4: each sends a RST and is gone.
 *
 * @param which `orphans`: those that were closed, and whose FIN the peer has not acknowledged. Each would send it again
 *   for up to 15 minutes, and would keep the namespace until then (tcp_orphan_retries). `all`: every one that is
 *   connected, too
 * @returns how many; 0 where the kernel can't do it (CONFIG_INET_DIAG_DESTROY)
 */
export function resetTcp(ns: NetNamespace, which: 'orphans' | 'all'): number {
  const kind = libc.SOCK_RAW | libc.SOCK_CLOEXEC;
  const fd = ns.within(() => libc.socket(libc.AF_NETLINK, kind, NETLINK_SOCK_DIAG));
  try {
    const found = dump(fd, which === 'all' ? CONNECTED : UNACKNOWLEDGED);
    const chosen = found.filter((socket) => which === 'all' || socket.readUInt32LE(INODE_AT) === 0);
    return chosen.filter((socket) => reset(fd, socket.subarray(ID.at, ID.at + ID.bytes))).length;
  } finally {
    closeSync(fd);
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
    const length = libc.recv(fd, page);
    if (length === undefined) return found;
    for (let at = 0; at < length;) {
      const size = page.readUInt32LE(at);
      const type = page.readUInt16LE(at + 4);
      if (type === NLMSG_DONE || type === NLMSG_ERROR) return found;
      found.push(page.subarray(at + NLMSGHDR, at + size));
      at += Math.ceil(size / 4) * 4;
    }
  }
}

/** @returns false where the socket is gone meanwhile, or the kernel can't do it */
function reset(fd: number, id: Buffer): boolean {
  libc.send(fd, ask(SOCK_DESTROY, NLM_F.ack, 0, id));
  const answer = Buffer.alloc(4096);
  const length = libc.recv(fd, answer);
  return length !== undefined && readError(answer.subarray(0, length)).errno === 0;
}
