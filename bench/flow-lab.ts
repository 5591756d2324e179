/** Flows of raw packets through a service's NAT and two nodes, on a path added to the lab. */
import { execa } from 'execa';
import { z } from 'zod';
import { TRAFFIC } from '../src/util/address-plan.ts';
import { nft } from '../src/kernel/nft.ts';
import type { FloodReport } from '../src/load/flood/flood.ts';
import { writeSysctl } from '../src/kernel/sysctl.ts';
import { targetPortOf } from '../src/server/apps.ts';
import { watchCpu } from './cpu.ts';
import { CLIENT, endOf, NETWORK, NODES } from './http-lab.ts';
import type { BenchLab } from './lab.ts';
import { runIn } from './programs.ts';
import type { Sample } from './work.ts';

export const SOURCES = TRAFFIC.floodClients;
const SINK = 'sink-0';
/**
 * The services and the ports of their pods. Packets that arrive there are dropped, so that nothing answers.
 */
const PROTOCOLS = {
  tcp: { service: 'sink', port: targetPortOf({ app: 'stateless' }) },
  udp: { service: 'datagrams', port: targetPortOf({ app: 'udp-echo' }) },
} as const;
export type Protocol = keyof typeof PROTOCOLS;

/** The path of the flows. */
export interface Way {
  readonly destination: { readonly ip: string; readonly port: number };
  readonly backend: { readonly ip: string; readonly port: number };
}

export function wayOf(protocol: Protocol): Way {
  const { service, port } = PROTOCOLS[protocol];
  const { ip, port: own, backend } = endOf(service);
  return { destination: { ip, port: own }, backend: { ip: backend, port } };
}

/** Routes the sources to the client pod, and drops all packets that reach the sink. */
export async function layWay(lab: BenchLab): Promise<void> {
  const client = NETWORK.pods.find(({ name }) => name === CLIENT);
  const [first, second] = NODES;
  const node = NETWORK.nodes.find(({ name }) => name === first);
  const route = (on: string, ...where: readonly string[]): Promise<unknown> =>
    lab.namespace(on).within(() => execa('ip', ['route', 'add', SOURCES.network, ...where]));
  await route(first, 'via', client?.ip ?? '', 'dev', client?.link ?? '', 'onlink');
  await route(second, 'via', node?.ip ?? '');
  lab.namespace(CLIENT).within(() => writeSysctl('net.ipv4.ip_forward', '0'));
  const drops = Object.entries(PROTOCOLS).map(
    ([protocol, { port }]) => `${protocol} dport ${String(port)} drop`,
  );
  const chain = `type filter hook prerouting priority raw; ${drops.join('; ')};`;
  await nft(lab.namespace(SINK), `table ip bench { chain sink { ${chain} }\n}`);
}

/** The namespaces at both ends of the flows. */
export function endsOf(lab: BenchLab) {
  return { client: lab.namespace(CLIENT), server: lab.namespace(SINK) } as const;
}

/**
 * Measures the flows that a generator sends, and their entries in the first node's table.
 *
 * @param cpu the generator's CPU time so far, µs
 */
export async function measureFlows(
  lab: BenchLab,
  cpu: () => number,
  send: () => Promise<FloodReport>,
): Promise<Sample> {
  using table = lab.table(NODES[0]);
  const before = table.read().entries;
  const spent = watchCpu([]);
  const [began, cpuBefore] = [performance.now(), cpu()];
  const { sent } = await send();
  const seconds = (performance.now() - began) / 1000;
  const { machine, softirq } = spent();
  const entries = table.read().entries - before;
  const own = cpu() - cpuBefore;
  await lab.clear(NODES);
  if (entries <= 0) throw new Error(`none of ${String(sent)} flows made an entry`);
  return {
    value: entries / seconds,
    cpu: own / entries,
    machine: machine / entries,
    softirq: softirq / machine,
    ...(entries < sent && { note: `${String(sent - entries)} of ${String(sent)} made no entry` }),
  };
}

const sentSchema = z.strictObject({ sent: z.number(), seconds: z.number() });

/** The C loop, built at `path`. */
export async function plainFlood(
  lab: BenchLab,
  path: string,
  protocol: Protocol,
  from: number,
  count: number,
): Promise<FloodReport> {
  const { destination, backend } = wayOf(protocol);
  const { client, server } = endsOf(lab);
  // This process' descriptors; the program does not inherit them.
  const namespace = (fd: number): string => `/proc/${String(process.pid)}/fd/${String(fd)}`;
  const words = [protocol, namespace(client.fd), namespace(server.fd), SOURCES.first, SOURCES.count];
  const ends = [destination.ip, destination.port, backend.ip, backend.port];
  return sentSchema.parse(
    JSON.parse(await runIn(client, path, [...words, ...ends, from, count].map(String))),
  );
}
