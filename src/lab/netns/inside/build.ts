import { setTimeout as delay } from 'node:timers/promises';
import { NetHost } from '../../../host/net-host.ts';
import type { Host } from '../../../host/host.ts';
import { hereDocument, traced, type Trace } from '../../../host/traced.ts';
import { NetNamespace } from '../../../kernel/netns.ts';
import { NetHosts, type Hosts } from '../../../agent/hosts.ts';
import type { Protocol } from '../../../schema/protocol.ts';
import { address, CLUSTER_DNS, CLUSTER_DOMAIN, type BuiltNetwork } from '../addresses.ts';
import { programmedRouting } from './programmed-routing.ts';
import { delegatedMaximum, putMaximumInto, traceMaximum } from '../delegated-maximum.ts';
import { NodeCache, NodeCaches, type ServeCache } from './node-dns.ts';
import { ipSteps, type IpBatch } from './links.ts';
import { nodeRules } from './rules.ts';
import { unprogrammed } from './unprogrammed.ts';
import type { AgentEnvironment } from '../../../agent/agent-environment.ts';
import { ResolverFiles, writeResolvConf, writeStaticFiles } from '../../../agent/resolv.ts';
import type { Up } from '../../../agent/rpc.ts';
import { NODE_DNS } from '../../../agent/network.ts';
import { readdress } from '../../../agent/readdress.ts';
import { laterPods, ServiceEndpoints } from '../../../agent/service-endpoints.ts';
import { Namespaces } from '../../../agent/namespaces.ts';

/** kube-proxy's defaults on a node (conntrack.tcpEstablishedTimeout, tcpCloseWaitTimeout), in seconds. */
const KUBE_PROXY_TIMEOUTS = {
  'net.netfilter.nf_conntrack_tcp_timeout_established': 86_400,
  'net.netfilter.nf_conntrack_tcp_timeout_close_wait': 3_600,
} as const;

/**
 * Prevents inheriting the machine's setting: a strict filter drops NATed service traffic and packets of the
 * second interface.
 */
const NO_FILTER = { 'net.ipv4.conf.all.rp_filter': 0, 'net.ipv4.conf.default.rp_filter': 0 } as const;

/** Sysctls of every node. */
const NODE_SYSCTLS: Readonly<Record<string, number>> = {
  'net.ipv4.ip_forward': 1,
  ...NO_FILTER,
  ...KUBE_PROXY_TIMEOUTS,
};

/** Sysctls of pods with a second interface. */
const ASYMMETRIC_SYSCTLS: Readonly<Record<string, number>> = NO_FILTER;

/** The environment of a lab's nodes: real in a sandbox, in memory for a dry run. */
export interface Surroundings {
  readonly hosts: Hosts;
  /** Puts the text of resolv.conf where the pods read it. */
  readonly writeResolvConf: (text: string) => void;
  /** Waits, ms. */
  readonly pause: (ms: number) => Promise<unknown>;
  /** Serves DNS at the cache's address on a node, until disposed. */
  readonly serveCache: ServeCache;
}

/** The parts of an environment that changes act on. */
type BuiltEnvironment = Pick<
  AgentEnvironment,
  'network' | 'hosts' | 'own' | 'resolver' | 'cache' | 'endpoints' | 'byLab' | 'kubeProxy' | 'totals'
>;

/** Builds the topology in this process's sandbox. This agent owns all of it. */
export async function buildEnvironment(request: Up, trace: Trace): Promise<AgentEnvironment> {
  const { protocol, squeeze } = request;
  const network = address(protocol.topology);
  const namespaces = new Namespaces(network);
  const hosts = new NetHosts(namespaces, trace);
  // The sandbox's first namespace, in which the others are made.
  const sandbox = traced(new NetHost(SANDBOX, NetNamespace.open('/proc/self/ns/net')), trace);
  await build(network, protocol, sandbox, hosts);
  if (delegatedMaximum(protocol, squeeze) !== undefined) {
    traceMaximum(trace, protocol.node);
    putMaximumInto(namespaces.get(protocol.node));
  }
  writeStaticFiles();
  const environment = environmentOn(
    network,
    protocol,
    { hosts, writeResolvConf, pause: delay, serveCache: (node) => new NodeCache(namespaces.get(node)) },
    trace,
  );
  return {
    ...environment,
    namespaces,
    domain: CLUSTER_DOMAIN,
    nameserver: CLUSTER_DNS,
    // The rules precede any server.
    reachable: () => Promise.resolve(),
  };
}

/** Builds what changes act on, once the namespaces exist. Commands are traced. */
export function environmentOn(
  network: BuiltNetwork,
  protocol: Protocol,
  { hosts, writeResolvConf, pause, serveCache }: Surroundings,
  trace: Trace,
): BuiltEnvironment {
  const { topology } = protocol;
  const routing = programmedRouting(network, hosts);
  const resolver =
    topology.resolver &&
    new ResolverFiles(topology.resolver, CLUSTER_DNS, (text) => {
      trace(SANDBOX, hereDocument('write /run/pods/resolv.conf', text));
      writeResolvConf(text);
    });
  const cache = new NodeCaches(network.nodes, hosts, resolver, (node) => {
    trace(node, `a caching resolver at ${NODE_DNS}, which asks ${CLUSTER_DNS} over TCP`);
    return serveCache(node);
  });
  return {
    network,
    hosts,
    own: network.nodes.map(({ name }) => name),
    resolver,
    cache,
    endpoints: (servers) =>
      new ServiceEndpoints(network, hosts, servers, routing, laterPods(protocol), (ms) => {
        trace('lab', `wait ${String(ms)} ms`);
        return pause(ms);
      }),
    byLab: (endpoints) => ({
      readdress: (change) => readdress(network, hosts, change),
      unprogrammed: ({ service }) => unprogrammed(network, hosts, endpoints.service(service)),
    }),
    kubeProxy: undefined,
    totals: () => Promise.resolve(cache.totals()),
  };
}

/** Name of the sandbox's first namespace in traces. */
export const SANDBOX = 'sandbox';

/** Makes the namespaces, links, routes and rules of a lab. */
export async function build(
  network: BuiltNetwork,
  { canaries, sysctls }: Protocol,
  sandbox: Host,
  hosts: Hosts,
): Promise<void> {
  const kept = network.pods.filter(({ set }) => set === canaries?.pods).map(({ ip }) => ip);
  const [namespaces = [], underlay = [], nodes = [], pods = []] = ipSteps(network);
  const run = ({ netns, lines }: IpBatch): Promise<void> =>
    (netns === null ? sandbox : hosts.get(netns)).ip(lines);
  for (const batch of [...namespaces, ...underlay]) await run(batch);
  const set = (names: readonly string[], values: Readonly<Record<string, number>>): void => {
    for (const [sysctl, value] of Object.entries(values))
      for (const name of names) hosts.get(name).writeSysctl(sysctl, String(value));
  };
  set(
    network.nodes.map(({ name }) => name),
    { ...NODE_SYSCTLS, ...sysctls },
  );
  const asymmetric = network.pods
    .filter(({ secondLink }) => secondLink !== undefined)
    .map(({ name }) => name);
  set(asymmetric, ASYMMETRIC_SYSCTLS);
  await Promise.all(nodes.map(run));
  const rules = nodeRules(network, kept);
  const programmed = network.nodes.map(({ name }) => hosts.get(name).nft(rules));
  for (const batch of pods) await run(batch);
  await Promise.all(programmed);
}
