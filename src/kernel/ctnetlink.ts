import { parseIp } from './ipv4.ts';
import * as libc from './libc.ts';
import type { NetNamespace } from './netns.ts';
import { netlinkSocket } from './socket.ts';
import { attribute, be16, be32, message, nest, NLM_F, readError, u8 } from './netlink.ts';
import { BALLAST } from '../util/address-plan.ts';

/**
 * Inserts and deletes conntrack entries by the hundred thousand over netlink
 * (net/netfilter/nf_conntrack_netlink.c). Each send holds many messages without acknowledgement, so only
 * failures answer.
 *
 * Entry i always has the same tuple, in the networks of BALLAST: 198.18.x.y:port -> 198.19.0.1:80. The low 16
 * bits of i are x.y, the rest is the port less FIRST_PORT.
 */
const FIRST_ADDRESS = parseIp(BALLAST.clients.first);
const SERVER = parseIp(BALLAST.server.ip);
const SERVER_PORT = BALLAST.server.port;
const FIRST_PORT = 1;
/** Number of different tuples. */
const TUPLES = 65536 * 65535;

/** kube-proxy's default for nf_conntrack_tcp_timeout_established. */
const TIMEOUT_SECONDS = 86400;

// include/uapi/linux/netfilter/{nfnetlink,nfnetlink_conntrack,nf_conntrack_common,nf_conntrack_tcp}.h
const NFNL_SUBSYS_CTNETLINK = 1;
const IPCTNL_MSG_CT_NEW = (NFNL_SUBSYS_CTNETLINK << 8) | 0;
const IPCTNL_MSG_CT_DELETE = (NFNL_SUBSYS_CTNETLINK << 8) | 2;
export const CTA = { orig: 1, reply: 2, status: 3, protoinfo: 4, timeout: 7, mark: 8, markMask: 21 } as const;
const IPS_SEEN_REPLY = 0x2;
const IPS_ASSURED = 0x4;
const IPS_CONFIRMED = 0x8;
const TCP_CONNTRACK_ESTABLISHED = 3;
const ENOENT = 2;

/** CTA_TUPLE_ORIG or CTA_TUPLE_REPLY of a flow, 52 bytes. */
function tuple(
  kind: number,
  from: number,
  fromPort: number,
  to: number,
  toPort: number,
  protocol: number = libc.IPPROTO_TCP,
): Buffer {
  const ip = nest(1, attribute(1, be32(from)), attribute(2, be32(to)));
  const proto = nest(2, attribute(1, u8(protocol)), attribute(2, be16(fromPort)), attribute(3, be16(toPort)));
  return nest(kind, ip, proto);
}

/** Offsets of the fields that differ per entry, after the headers (20) and in the tuples (52 each). */
const SEQUENCE = 8;
const ORIG_SOURCE = 32;
const ORIG_SOURCE_PORT = 60;
const REPLY_DESTINATION = 92;
const REPLY_DESTINATION_PORT = 120;

/**
 * Inserts the entries `from` to `from + count - 1`: TCP, ESTABLISHED, assured, for a day. They count like
 * entries of connections in use, and are never evicted. Blocks the thread: call it in slices where that
 * matters.
 *
 * @param mark the entries' conntrack mark, for `flushMark`
 * @param assured false: the kernel may evict them for others
 * @throws Error naming the first entry that failed and why: ENOMEM: the table is full; EEXIST: it exists;
 *   EPERM: no CAP_NET_ADMIN. Entries after it may be inserted.
 */
export function insertEstablished(
  ns: NetNamespace,
  from: number,
  count: number,
  mark: number,
  assured = true,
): void {
  const template = message(
    IPCTNL_MSG_CT_NEW,
    NLM_F.create | NLM_F.excl,
    tuple(CTA.orig, 0, 0, SERVER, SERVER_PORT),
    tuple(CTA.reply, SERVER, SERVER_PORT, 0, 0),
    attribute(CTA.status, be32(IPS_SEEN_REPLY | IPS_CONFIRMED | (assured ? IPS_ASSURED : 0))),
    nest(CTA.protoinfo, nest(1, attribute(1, u8(TCP_CONNTRACK_ESTABLISHED)))),
    attribute(CTA.timeout, be32(TIMEOUT_SECONDS)),
    attribute(CTA.mark, be32(mark)),
  );
  sendEach(ns, 'insert', template, from, count, (batch, at, address, port) => {
    batch.writeUInt32BE(address, at + ORIG_SOURCE);
    batch.writeUInt16BE(port, at + ORIG_SOURCE_PORT);
    batch.writeUInt32BE(address, at + REPLY_DESTINATION);
    batch.writeUInt16BE(port, at + REPLY_DESTINATION_PORT);
  });
}

/**
 * Deletes the entries that `insertEstablished` made with the same numbers.
 *
 * @throws Error naming the first entry that failed and why: ENOENT: it does not exist
 */
export function removeEstablished(ns: NetNamespace, from: number, count: number): void {
  const template = message(IPCTNL_MSG_CT_DELETE, 0, tuple(CTA.orig, 0, 0, SERVER, SERVER_PORT));
  sendEach(ns, 'delete', template, from, count, (batch, at, address, port) => {
    batch.writeUInt32BE(address, at + ORIG_SOURCE);
    batch.writeUInt16BE(port, at + ORIG_SOURCE_PORT);
  });
}

/**
 * Deletes every entry of the namespace whose mark, under the mask, is `mark`. Mark 0 with a full mask deletes
 * unmarked entries, which spares ballast. Waits on another thread, so this process's loads go on: the kernel walks
 * the hash of all namespaces, after those who asked before.
 *
 * @throws Error of the kernel's answer: EPERM: no CAP_NET_ADMIN
 */
export async function flushMark(ns: NetNamespace, mark: number, mask = 0xffffffff): Promise<void> {
  const request = message(
    IPCTNL_MSG_CT_DELETE,
    NLM_F.ack,
    attribute(CTA.mark, be32(mark)),
    attribute(CTA.markMask, be32(mask)),
  );
  using socket = netfilterSocket(ns);
  await libc.sendSlowly(socket.fd, request);
  const failure = firstFailure(socket.fd);
  if (failure) throw new Error(`${ns.path}: conntrack flush of mark ${String(mark)}: ${failure.reason}`);
}

/** An entry's key: its original direction. */
export interface EntryTuple {
  /** 6: TCP, 17: UDP. */
  readonly protocol: number;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

/**
 * Deletes these entries one by one. Their protocols have ports: the kernel refuses (EINVAL) an ICMP entry without
 * its type.
 *
 * @returns how many existed; entries that expired meanwhile are no failure
 * @throws Error of the kernel's answer: EPERM: no CAP_NET_ADMIN
 */
export function deleteEntries(ns: NetNamespace, entries: readonly EntryTuple[]): number {
  let deleted = 0;
  using socket = netfilterSocket(ns);
  for (const { protocol, source, sourcePort, destination, destinationPort } of entries) {
    const ends = [parseIp(source), sourcePort, parseIp(destination), destinationPort] as const;
    libc.send(socket.fd, message(IPCTNL_MSG_CT_DELETE, NLM_F.ack, tuple(CTA.orig, ...ends, protocol)));
    const failure = firstFailure(socket.fd);
    if (failure === undefined) deleted++;
    else if (failure.errno !== ENOENT)
      throw new Error(`${ns.path}: conntrack delete of ${source}:${String(sourcePort)}: ${failure.reason}`);
  }
  return deleted;
}

/** Bytes per send: well below the default send buffer of 208 KiB, far above the cost of a call. */
const BATCH_BYTES = 128 * 1024;

/** Sends the template once per entry. `fill` writes the entry's address and port into the batch. */
function sendEach(
  ns: NetNamespace,
  verb: string,
  template: Buffer,
  from: number,
  count: number,
  fill: (batch: Buffer, at: number, address: number, port: number) => void,
): void {
  if (from < 0 || from + count > TUPLES)
    throw new RangeError(`entries ${String(from)} + ${String(count)}: there are ${String(TUPLES)}`);
  const size = template.length;
  const slots = Math.min(count, Math.floor(BATCH_BYTES / size));
  const batch = Buffer.alloc(slots * size, template);
  using socket = netfilterSocket(ns);
  for (let done = 0; done < count; done += slots) {
    const n = Math.min(slots, count - done);
    for (let slot = 0; slot < n; slot++) {
      const entry = from + done + slot;
      batch.writeUInt32LE(entry, slot * size + SEQUENCE);
      fill(batch, slot * size, FIRST_ADDRESS + (entry & 0xffff), FIRST_PORT + (entry >>> 16));
    }
    libc.send(socket.fd, batch.subarray(0, n * size));
    const failure = firstFailure(socket.fd);
    if (failure) {
      throw new Error(
        `${ns.path}: conntrack ${verb} of entry ${String(failure.sequence)}: ${failure.reason}`,
      );
    }
  }
}

/** A netlink socket of a namespace's netfilter. */
export function netfilterSocket(ns: NetNamespace): ReturnType<typeof netlinkSocket> {
  return netlinkSocket(ns, libc.NETLINK_NETFILTER);
}

const answer = Buffer.allocUnsafe(4096);

/** The first failure among the pending answers; the kernel answers before a send returns. */
function firstFailure(fd: number): { sequence: number; errno: number; reason: string } | undefined {
  for (;;) {
    const length = libc.recv(fd, answer);
    if (length === undefined) return undefined;
    const { errno, sequence } = readError(answer.subarray(0, length));
    if (errno !== 0) return { sequence, errno, reason: new libc.ErrnoError('ctnetlink', errno).message };
  }
}
