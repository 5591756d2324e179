import { parseIp } from './ipv4.ts';
import * as libc from './libc.ts';
import { attribute, be32, messagesIn, NLM_F, readError, request } from './netlink.ts';
import type { NetNamespace } from './netns.ts';
import { netlinkSocket } from './socket.ts';

/**
 * Runs some lines of ip(8) as rtnetlink messages
 * (include/uapi/linux/{rtnetlink,if_link,if_addr,neighbour}.h). Otherwise a lab of 300 pods would start 300
 * processes of ip.
 */
const NETLINK_ROUTE = 0;
const RTM = { newLink: 16, newAddress: 20, newRoute: 24, newNeighbour: 28 } as const;
const CREATE = NLM_F.ack | NLM_F.create | NLM_F.excl;
const IFF_UP = 1;
const IFA = { address: 1, local: 2 } as const;
const IFLA_IFNAME = 3;
const RTA = { destination: 1, outInterface: 4, gateway: 5, source: 7 } as const;
const RT_TABLE_MAIN = 254;
const RTPROT_BOOT = 3;
const RT_SCOPE = { universe: 0, link: 253 } as const;
const RTN_UNICAST = 1;
const NDA = { destination: 1, linkAddress: 2 } as const;
const NUD_PERMANENT = 0x80;
const WORD = /^\S+$/;

/** Values of a line, by the keyword before each. */
type Options = ReadonlyMap<string, string>;

const SET_UP = /^link set \S+ up$/;
const WITH_OPTIONS = /^(?:addr|route|neigh) add \S+((?: \S+ \S+)*)$/;
/** The keywords of a line that are read; `onlink` and others are `ip`'s alone. */
const OPTIONS: readonly string[] = ['dev', 'via', 'scope', 'src', 'lladdr', 'nud'];

/** Whether `runIpLines` has this kind of line; `ip` itself has many more. */
export function isNetlinkLine(line: string): boolean {
  if (SET_UP.test(line)) return true;
  const words = WITH_OPTIONS.exec(line)?.[1]?.trim().split(' ') ?? [];
  const keywords = words.filter((_, i) => i % 2 === 0 && words[i] !== '');
  return WITH_OPTIONS.test(line) && keywords.every((keyword) => OPTIONS.includes(keyword));
}

/**
 * Runs lines of ip(8) in a namespace, in order: `link set DEVICE up`, `addr add ADDRESS/LENGTH dev DEVICE`,
 * `route add NETWORK [via GATEWAY] [dev DEVICE] [scope link] [src ADDRESS]`, and `neigh add ADDRESS lladdr
 * MAC dev DEVICE nud permanent`.
 *
 * @throws Error naming the first line that the kernel refuses, and why; later lines may have taken effect
 */
export function runIpLines(ns: NetNamespace, lines: readonly string[]): void {
  const messages = ns.within(() =>
    lines.map((line, i) => {
      const message = messageOf(line);
      message.writeUInt32LE(i, 8);
      return message;
    }),
  );
  using socket = netlinkSocket(ns, NETLINK_ROUTE);
  libc.send(socket.fd, Buffer.concat(messages));
  for (const error of answers(socket.fd, lines.length)) {
    if (error.errno === 0) continue;
    const { message } = new libc.ErrnoError('ip', error.errno);
    throw new Error(`${ns.path}: ip ${lines[error.sequence] ?? ''}: ${message}`);
  }
}

/** One answer per message: the kernel has handled all when send(2) returns. */
function answers(fd: number, count: number): readonly ReturnType<typeof readError>[] {
  const page = Buffer.alloc(4096);
  const all: ReturnType<typeof readError>[] = [];
  while (all.length < count) {
    const length = libc.recv(fd, page);
    if (length === undefined) throw new Error('rtnetlink did not answer');
    all.push(...[...messagesIn(page.subarray(0, length))].map(readError));
  }
  return all;
}

function messageOf(line: string): Buffer {
  const [object, verb, subject = '', ...rest] = line.split(' ');
  switch (`${object ?? ''} ${verb ?? ''}`) {
    case 'link set':
      if (rest.join(' ') === 'up') return linkUp(subject);
      break;
    case 'addr add':
      return addAddress(subject, optionsOf(line, rest));
    case 'route add':
      return addRoute(subject, optionsOf(line, rest));
    case 'neigh add':
      return addNeighbour(subject, optionsOf(line, rest));
  }
  throw new Error(`ip ${line}: unsupported line`);
}

function optionsOf(line: string, words: readonly string[]): Options {
  const options = new Map<string, string>();
  for (let i = 0; i < words.length; i += 2) {
    const [key = '', value = ''] = words.slice(i, i + 2);
    if (!OPTIONS.includes(key) || !WORD.test(value)) throw new Error(`ip ${line}: unsupported option ${key}`);
    options.set(key, value);
  }
  return options;
}

function linkUp(device: string): Buffer {
  // struct ifinfomsg: index 0, so the name identifies the link; then the flags, and the mask of changed
  // flags.
  const header = Buffer.alloc(16);
  header.writeUInt32LE(IFF_UP, 8);
  header.writeUInt32LE(IFF_UP, 12);
  return request(RTM.newLink, NLM_F.ack, header, attribute(IFLA_IFNAME, Buffer.from(`${device}\0`)));
}

function addAddress(subject: string, options: Options): Buffer {
  const { address, length } = network(subject);
  // struct ifaddrmsg
  const header = Buffer.from([libc.AF_INET, length, 0, RT_SCOPE.universe, 0, 0, 0, 0]);
  header.writeUInt32LE(indexOf(options), 4);
  const attributes = [attribute(IFA.local, address), attribute(IFA.address, address)];
  return request(RTM.newAddress, CREATE, header, ...attributes);
}

function addRoute(subject: string, options: Options): Buffer {
  const { address, length } = network(subject === 'default' ? '0.0.0.0/0' : subject);
  const [gateway, source] = [options.get('via'), options.get('src')];
  // Like ip(8): a route without a gateway is on the link.
  const scope = gateway === undefined ? RT_SCOPE.link : RT_SCOPE.universe;
  // struct rtmsg
  const header = Buffer.alloc(12);
  header.set([libc.AF_INET, length, 0, 0, RT_TABLE_MAIN, RTPROT_BOOT, scope, RTN_UNICAST]);
  // Without a device the kernel chooses the one that leads to the gateway.
  const index = Buffer.alloc(4);
  if (options.has('dev')) index.writeUInt32LE(indexOf(options));
  return request(
    RTM.newRoute,
    CREATE,
    header,
    ...(length > 0 ? [attribute(RTA.destination, address)] : []),
    ...(options.has('dev') ? [attribute(RTA.outInterface, index)] : []),
    ...(gateway === undefined ? [] : [attribute(RTA.gateway, be32(parseIp(gateway)))]),
    ...(source === undefined ? [] : [attribute(RTA.source, be32(parseIp(source)))]),
  );
}

function addNeighbour(subject: string, options: Options): Buffer {
  // struct ndmsg
  const header = Buffer.alloc(12);
  header.writeUInt8(libc.AF_INET, 0);
  header.writeUInt32LE(indexOf(options), 4);
  header.writeUInt16LE(NUD_PERMANENT, 8);
  const mac = Buffer.from((options.get('lladdr') ?? '').replaceAll(':', ''), 'hex');
  const attributes = [attribute(NDA.destination, be32(parseIp(subject))), attribute(NDA.linkAddress, mac)];
  return request(RTM.newNeighbour, CREATE, header, ...attributes);
}

/** The device's index in the thread's namespace. */
function indexOf(options: Options): number {
  return libc.ifNameToIndex(options.get('dev') ?? '');
}

function network(text: string): { readonly address: Buffer; readonly length: number } {
  const [address = '', length = '32'] = text.split('/');
  return { address: be32(parseIp(address)), length: Number(length) };
}
