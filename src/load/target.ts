import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { decode, encode, RECURSION_DESIRED, type Packet } from 'dns-packet';
import type { NetNamespace } from '../kernel/netns.ts';
import { udpSocket } from '../kernel/socket.ts';
import type { SimpleApp } from './simple-app/schema.ts';
import type { LoadContext, LoadService } from './context.ts';

/** Destination of one request. */
export interface Target {
  readonly ip: string;
  readonly port: number;
}

/** Finds a service's address for each request. @throws Error where there is none */
export type Finder = () => Promise<Target>;

const ANSWER_WITHIN_MS = 1000;
const DNS_SERVICE = 'kube-dns';

/** How one pod finds the service, by the load's `via`. */
export function finder({ via, service }: SimpleApp, pod: NetNamespace, context: LoadContext): Finder {
  switch (via) {
    case 'service':
      return () => Promise.resolve(context.service(service));
    case 'pods':
      return inTurn(context, service, () =>
        Promise.resolve(context.service(service).endpoints.map(({ ip }) => ip)),
      );
    case 'name': {
      const name = context.fullName(service);
      const dns = context.service(DNS_SERVICE);
      return inTurn(
        context,
        service,
        caching(
          () => lookUp(pod, dns, name),
          () => performance.now(),
        ),
      );
    }
  }
}

function inTurn(context: LoadContext, service: string, addresses: () => Promise<readonly string[]>): Finder {
  let turn = 0;
  return async () => {
    const all = await addresses();
    const ip = all[turn++ % all.length];
    if (ip === undefined) throw new Error(`${service} has no address`);
    return { ip, port: portAt(context.service(service), ip) };
  };
}

/** The port for an address of a service: the service's at the ClusterIP, the pods' elsewhere. */
export function portAt(
  { ip, port, targetPort }: Pick<LoadService, 'ip' | 'port' | 'targetPort'>,
  at: string,
): number {
  return at === ip ? port : targetPort;
}

/** A DNS answer and its TTL, s. */
export interface Answer {
  readonly addresses: readonly string[];
  readonly ttl: number;
}

/**
 * Keeps an answer for its TTL, like resolver caches (a JVM's, nscd, systemd-resolved, a node's DNS cache).
 * The C library keeps none.
 *
 * @param now ms
 */
export function caching(ask: () => Promise<Answer>, now: () => number): () => Promise<readonly string[]> {
  let kept: { answer: Promise<Answer>; until: number } | undefined;
  return async () => {
    if (kept === undefined || now() >= kept.until) {
      const asked = { answer: ask(), until: Infinity };
      kept = asked;
      asked.until = await asked.answer.then(
        ({ ttl }) => now() + ttl * 1000,
        () => 0,
      );
    }
    return (await kept.answer).addresses;
  };
}

/** One A query over UDP, from a new socket. @throws Error without an answer within a second */
export async function lookUp(pod: NetNamespace, dns: Target, name: string): Promise<Answer> {
  const socket = createSocket('udp4');
  try {
    socket.bind({ fd: udpSocket(pod, '0.0.0.0', 0) });
    const query: Packet = {
      type: 'query',
      id: 1,
      flags: RECURSION_DESIRED,
      questions: [{ type: 'A', name }],
    };
    const answered = once(socket, 'message', { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    socket.send(encode(query), dns.port, dns.ip);
    const [message] = (await answered) as [Buffer];
    const records = (decode(message).answers ?? []).flatMap((record) =>
      record.type === 'A' ? [record] : [],
    );
    return { addresses: records.map(({ data }) => data), ttl: records[0]?.ttl ?? 0 };
  } finally {
    socket.close();
  }
}
