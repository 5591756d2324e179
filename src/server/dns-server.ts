import { RECURSION_DESIRED, AUTHORITATIVE_ANSWER, type Packet } from 'dns-packet';
import { serveDns } from './dns-transport.ts';

/** The lab's names: the cluster's services, and a stand-in for the outside world (RFC 5737 addresses). */
export interface Zones {
  /** `simple-app.default.svc.cluster.local` → its address, or its pods' if headless; empty: no such name. */
  readonly cluster: (name: string) => readonly string[];
  /** TTL of an answer, s. */
  readonly ttl: () => number;
}

const OUTSIDE = '192.0.2.80';
const NXDOMAIN = 3;
const OUTSIDE_TLDS = new Set(['com', 'org', 'net']);

/**
 * Answers one query: services by the zones; one address for two- and three-label names under the stand-in's
 * top-level domains; else NXDOMAIN. There are no AAAA records, as in an IPv4 cluster.
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

/** One DNS pod, over UDP and TCP. It has no upstream. */
export class DnsApp {
  /** Queries by transport. */
  readonly over = { udp: 0, tcp: 0 };

  /** @param udp and @param tcp bound sockets, made in the pod's namespace */
  constructor(zones: Zones, udp: number, tcp: number) {
    serveDns(udp, tcp, (query, over) => {
      this.over[over]++;
      return answerQuery(query, zones);
    });
  }

  get queries(): number {
    return this.over.udp + this.over.tcp;
  }
}
