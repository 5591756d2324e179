import { EVERY_NODE } from '../change/define.ts';
import type { LabTarget } from '../change/index.ts';
import { LAB_SETTINGS, type Proxy, type ServiceEntry, type Settings } from '../change/target.ts';
import { IPPROTO_TCP, IPPROTO_UDP } from '../kernel/libc.ts';
import type { Squeeze } from '../change/squeezes.ts';
import type { SqueezeReport } from '../schema/history.ts';
import type { Protocol } from '../schema/protocol.ts';
import { Ballast } from './ballast.ts';
import { Ballasts } from './ballasts.ts';
import type { Endpoints, AgentEnvironment } from './agent-environment.ts';
import { podsIn, type Service } from './network.ts';
import { protocols } from '../server/apps.ts';
import { definitionsFor } from './definitions.ts';

const NUMBERS = { tcp: IPPROTO_TCP, udp: IPPROTO_UDP } as const;

/** Initial settings that a protocol's changes may replace. */
export function settingsOf({
  demand,
  background,
  topology,
}: Protocol): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return {
    ...background,
    demand,
    [LAB_SETTINGS.calls]: { reuse: false, trailingDot: false },
    [LAB_SETTINGS.dns]: { ttl: topology.recordTtl },
  };
}

/** What a lab's changes act on. */
export function targetOf(lab: {
  readonly protocol: Protocol;
  readonly squeeze: Squeeze;
  readonly environment: Pick<AgentEnvironment, 'network' | 'hosts' | 'own' | 'resolver' | 'cache' | 'byLab'>;
  readonly endpoints: Endpoints;
  readonly settings: Settings;
  readonly proxies: readonly Proxy[];
  /** Fills a node's table by traffic, for the squeeze `none`. */
  readonly fillForReal: (node: string, count: number) => Promise<void>;
  readonly onSqueeze: (report: SqueezeReport) => void;
}): LabTarget & { readonly ballasts: Ballasts } {
  const { protocol, squeeze, environment, onSqueeze, endpoints, settings, proxies } = lab;
  const { network, hosts, own, resolver, cache } = environment;
  const ballastOf = (name: string): Ballast =>
    new Ballast({
      host: hosts.get(name),
      squeeze,
      onSqueeze,
      fillForReal: (count) => lab.fillForReal(name, count),
    });
  return {
    nodes: (node) => {
      const named = own.filter((name) => node === EVERY_NODE || name === node);
      if (named.length === 0)
        throw new Error(`there is no node ${node}: use ${own.join(', ')} or ${EVERY_NODE}`);
      return named.map((name) => hosts.get(name));
    },
    place: (name) => {
      const found = network.nodes.find((node) => node.name === name);
      if (found === undefined) throw new Error(`there is no node ${name}`);
      return found;
    },
    pods: (set) => {
      const here = network.pods.filter(({ node }) => own.includes(node));
      return podsIn(here, set).map(({ name }) => hosts.get(name));
    },
    definitions: (rules, host) => definitionsFor(rules, host, network),
    settings,
    proxies,
    ballasts: new Ballasts(protocol.node, own, ballastOf),
    services: () => endpoints.services.flatMap(entriesOf),
    repoint: (change) => endpoints.repoint(change),
    byLab: {
      ...(resolver && { resolver: (change) => resolver.apply(change) }),
      ...(cache && { 'node-dns': (change) => cache.apply(change) }),
      ...environment.byLab(endpoints),
    },
  };
}

function entriesOf(service: Service): readonly ServiceEntry[] {
  const { ip, port, endpoints } = service;
  const ips = endpoints.map((pod) => pod.ip);
  return protocols(service).map((protocol) => ({ protocol: NUMBERS[protocol], ip, port, endpoints: ips }));
}
