import { formatIp } from './ipv4.ts';
import * as libc from './libc.ts';
import type { NetNamespace } from './netns.ts';
import { CTA, netfilterSocket, type EntryTuple } from './ctnetlink.ts';
import {
  attribute,
  attributes,
  be32,
  message,
  messagesIn,
  NLM_F,
  NLMSG_DONE,
  NLMSG_ERROR,
  readError,
} from './netlink.ts';

/** One conntrack entry of the kernel. */
export interface ConntrackEntry extends EntryTuple {
  /** The responder: the endpoint behind a service's address, after DNAT. */
  readonly replySource: string;
  /** TCP state as `conntrack -L` prints it; undefined for other protocols. */
  readonly state: string | undefined;
  /** Seconds until it expires without further packets. */
  readonly timeout: number;
}

// include/uapi/linux/netfilter/nfnetlink_conntrack.h
const IPCTNL_MSG_CT_GET = (1 << 8) | 1;
const TCP_STATES = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'SYN_SENT2',
] as const;
/** nlmsghdr and nfgenmsg precede the attributes. */
const HEADERS = 20;
const ANSWER_BYTES = 64 * 1024;

/**
 * A namespace's entries with this mark, under the mask. The kernel filters, so ballast costs only a walk
 * through the hash (milliseconds). Runs on other threads, so this process's loads go on.
 *
 * @throws Error of the kernel's answer: EPERM: no CAP_NET_ADMIN
 */
export async function dumpEntries(
  ns: NetNamespace,
  mark: number,
  mask = 0xffffffff,
): Promise<readonly ConntrackEntry[]> {
  using socket = netfilterSocket(ns);
  const into = Buffer.allocUnsafe(ANSWER_BYTES);
  const entries: ConntrackEntry[] = [];
  const wanted = [attribute(CTA.mark, be32(mark)), attribute(CTA.markMask, be32(mask))];
  await libc.sendSlowly(socket.fd, message(IPCTNL_MSG_CT_GET, NLM_F.dump, ...wanted));
  for (;;) {
    const length = await libc.recvSlowly(socket.fd, into);
    for (const answer of messagesIn(into.subarray(0, length))) {
      const type = answer.readUInt16LE(4);
      if (type === NLMSG_DONE) return entries;
      if (type === NLMSG_ERROR)
        throw new Error(`${ns.path}: conntrack dump: ${reasonOf(readError(answer).errno)}`);
      entries.push(parseEntry(answer));
    }
  }
}

function reasonOf(errno: number): string {
  return new libc.ErrnoError('ctnetlink', errno).message;
}

function parseEntry(answer: Buffer): ConntrackEntry {
  const parts = attributes(answer.subarray(HEADERS));
  const orig = parseTuple(parts.get(CTA.orig));
  const tcp = attributes(attributes(parts.get(CTA.protoinfo)).get(1));
  const state = tcp.get(1)?.readUInt8();
  return {
    ...orig,
    replySource: parseTuple(parts.get(CTA.reply)).source,
    state: state === undefined ? undefined : TCP_STATES[state],
    timeout: parts.get(CTA.timeout)?.readUInt32BE() ?? 0,
  };
}

function parseTuple(nested: Buffer | undefined): EntryTuple {
  const parts = attributes(nested);
  const ip = attributes(parts.get(1));
  const proto = attributes(parts.get(2));
  return {
    source: formatIp(ip.get(1)?.readUInt32BE() ?? 0),
    destination: formatIp(ip.get(2)?.readUInt32BE() ?? 0),
    protocol: proto.get(1)?.readUInt8() ?? 0,
    sourcePort: proto.get(2)?.readUInt16BE() ?? 0,
    destinationPort: proto.get(3)?.readUInt16BE() ?? 0,
  };
}
