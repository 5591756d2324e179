import { createSocket, type Socket as Datagram } from 'node:dgram';
import { createServer } from 'node:net';
import {
  decode,
  encode,
  RECURSION_DESIRED,
  AUTHORITATIVE_ANSWER,
  streamDecode,
  streamEncode,
  type Packet,
} from 'dns-packet';

/** What the lab knows: the cluster's services, and a stand-in for the outside world (RFC 5737 addresses). */
export interface Zones {
  /** `simple-app.default.svc.cluster.local` → its address, or those of its pods where it is headless; none: no such name. */
  readonly cluster: (name: string) => readonly string[];
  /** How long an answer may be kept, s. */
  readonly ttl: () => number;
}

const OUTSIDE = '192.0.2.80';
const NXDOMAIN = 3;
const OUTSIDE_TLDS = new Set(['com', 'org', 'net']);

/**
 * Answers one query: from the zones for names in cluster.local; for two- and three-label names under the
 * stand-in's top-level domains, one address; else NXDOMAIN. No record has an AAAA, as in an IPv4 cluster.
 */
export function answerQuery(query: Packet, zones: Zones): Packet {
  const question = query.questions?.[0];
  const name = question?.name.toLowerCase() ?? '';
  const known = zones.cluster(name);
  const addresses = known.length === 0 && isOutside(name) ? [OUTSIDE] : known;
  return {
    type: 'response',
    ...(query.id === undefined ? {} : { id: query.id }),
    flags:
      ((query.flags ?? 0) & RECURSION_DESIRED) |
      AUTHORITATIVE_ANSWER |
      (addresses.length === 0 ? NXDOMAIN : 0),
    questions: query.questions ?? [],
    answers:
      question?.type === 'A'
        ? addresses.map((data) => ({ type: 'A', name: question.name, ttl: zones.ttl(), data }))
        : [],
  };
}

function isOutside(name: string): boolean {
  const labels = name.split('.');
  return labels.length >= 2 && labels.length <= 3 && OUTSIDE_TLDS.has(labels.at(-1) ?? '');
}

/** One DNS pod, over UDP and TCP. It asks nobody. */
export class DnsApp {
  queries = 0;
  readonly #zones: Zones;
  readonly #udp: Datagram;

  /** @param udp and @param tcp bound sockets, made in the pod's namespace */
  constructor(zones: Zones, udp: number, tcp: number) {
    this.#zones = zones;
    this.#udp = createSocket('udp4', (message, from) => {
      this.#udp.send(encode(this.#answer(decode(message))), from.port, from.address);
    });
    this.#udp.bind({ fd: udp });
    createServer((socket) => {
      let received = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        while (received.length >= 2 && received.length >= received.readUInt16BE() + 2) {
          const end = received.readUInt16BE() + 2;
          socket.write(streamEncode(this.#answer(streamDecode(received.subarray(0, end)))));
          received = received.subarray(end);
        }
      });
      socket.on('error', () => undefined);
    }).listen({ fd: tcp });
  }

  #answer(query: Packet): Packet {
    this.queries++;
    return answerQuery(query, this.#zones);
  }
}
