import { setTimeout as delay } from 'node:timers/promises';
import { NetHost } from '../../../host/net-host.ts';
import type { Host } from '../../../host/host.ts';
import { hereDocument, traced, type Trace } from '../../../host/traced.ts';
import { NetNamespace } from '../../../kernel/netns.ts';
import { NetHosts, type Hosts } from '../../../agent/hosts.ts';
import type { Protocol } from '../../../schema/protocol.ts';
import { address, CLUSTER_DNS, CLUSTER_DOMAIN, type BuiltNetwork } from '../addresses.ts';
import { ProgrammedEndpoints } from './endpoints.ts';
import { delegatedMaximum, putMaximumInto, traceMaximum } from '../delegated-maximum.ts';
import { NodeCache, NodeCaches, type ServeCache } from './node-dns.ts';
import { ipSteps, type IpBatch } from './links.ts';
import { nodeRules } from './rules.ts';
import type { Ground } from '../../../agent/ground.ts';
import { ResolverFiles, writeResolvConf, writeStaticFiles } from '../../../agent/resolv.ts';
import type { Request } from '../../../agent/rpc.ts';
import { NODE_DNS } from '../../../agent/network.ts';
import { Spaces } from '../../../agent/spaces.ts';

/** What kube-proxy sets on a node (its conntrack.tcpEstablishedTimeout and tcpCloseWaitTimeout), in seconds. */
const KUBE_PROXY_TIMEOUTS = {
  'net.netfilter.nf_conntrack_tcp_timeout_established': 86_400,
  'net.netfilter.nf_conntrack_tcp_timeout_close_wait': 3_600,
} as const;

/** The machine's own settings would be inherited; a strict filter drops what service NAT makes, and what comes by another cable. */
const NO_FILTER = { 'net.ipv4.conf.all.rp_filter': 0, 'net.ipv4.conf.default.rp_filter': 0 } as const;

/** What every node is set to. */
export const NODE_SYSCTLS: Readonly<Record<string, number>> = {
  'net.ipv4.ip_forward': 1,
  ...NO_FILTER,
  ...KUBE_PROXY_TIMEOUTS,
};

/** What a pod with an uplink is set to. */
export const UPLINK_SYSCTLS: Readonly<Record<string, number>> = NO_FILTER;

type Up = Extract<Request, { method: 'up' }>;

/** What the nodes of a lab are, as far as it is not of this machine: real in a sandbox, in memory for a dry run. */
export interface Surroundings {
  readonly hosts: Hosts;
  /** Puts the text of resolv.conf where the pods read it. */
  readonly writeResolvConf: (text: string) => void;
  /** Waits for so many ms. */
  readonly pause: (ms: number) => Promise<unknown>;
  /** Serves DNS at the caches' address on a node, until disposed of. */
  readonly serveCache: ServeCache;
}

/** What of a ground changes act on. */
export type BuiltGround = Pick<
  Ground,
  'network' | 'hosts' | 'own' | 'resolver' | 'endpoints' | 'nodeDns' | 'kubeProxy' | 'corefile' | 'totals'
>;

/** Everything that the protocol's topology names, made in the sandbox that this process is in; all of it is this agent's. */
export async function buildGround(request: Up, trace: Trace): Promise<Ground> {
  const { protocol, squeeze } = request;
  const network = address(protocol.topology);
  const spaces = new Spaces(network);
  const hosts = new NetHosts(spaces, trace);
  // The sandbox's own namespace, in which the others are made.
  const sandbox = traced(new NetHost(SANDBOX, NetNamespace.open('/proc/self/ns/net')), trace);
  await build(network, protocol, sandbox, hosts);
  if (delegatedMaximum(protocol, squeeze) !== undefined) {
    traceMaximum(trace, protocol.node);
    putMaximumInto(spaces.get(protocol.node));
  }
  writeStaticFiles();
  const ground = groundOn(
    network,
    protocol,
    { hosts, writeResolvConf, pause: delay, serveCache: (node) => new NodeCache(spaces.get(node)) },
    trace,
  );
  return {
    ...ground,
    spaces,
    domain: CLUSTER_DOMAIN,
    nameserver: CLUSTER_DNS,
    // The rules are there before any server is.
    reachable: () => Promise.resolve(),
  };
}

/** What changes act on, once the namespaces are made. What is done is traced. */
export function groundOn(
  network: BuiltNetwork,
  { topology }: Protocol,
  { hosts, writeResolvConf, pause, serveCache }: Surroundings,
  trace: Trace,
): BuiltGround {
  const resolver =
    topology.resolver &&
    new ResolverFiles(topology.resolver, CLUSTER_DNS, (text) => {
      trace(SANDBOX, hereDocument('write /run/pods/resolv.conf', text));
      writeResolvConf(text);
    });
  const nodeDns = new NodeCaches(network.nodes, hosts, resolver, (node) => {
    trace(node, `a caching resolver at ${NODE_DNS}, which asks ${CLUSTER_DNS} over TCP`);
    return serveCache(node);
  });
  return {
    network,
    hosts,
    own: network.nodes.map(({ name }) => name),
    resolver,
    endpoints: (servers) =>
      new ProgrammedEndpoints(network, hosts, servers, (ms) => {
        trace('lab', `wait ${String(ms)} ms`);
        return pause(ms);
      }),
    nodeDns: (change) => nodeDns.apply(change),
    kubeProxy: undefined,
    corefile: undefined,
    totals: () => Promise.resolve(nodeDns.totals()),
  };
}

/** What stands for the sandbox's own namespace in traces. */
export const SANDBOX = 'sandbox';

/** Makes the namespaces, links, routes and rules of a lab. */
export async function build(
  network: BuiltNetwork,
  { canaries, sysctls }: Protocol,
  sandbox: Host,
  hosts: Hosts,
): Promise<void> {
  const kept = network.pods.filter(({ set }) => set === canaries?.pods).map(({ ip }) => ip);
  const [namespaces = [], fabric = [], nodes = [], pods = []] = ipSteps(network);
  const run = ({ netns, lines }: IpBatch): Promise<void> =>
    (netns === null ? sandbox : hosts.get(netns)).ip(lines);
  for (const batch of [...namespaces, ...fabric]) await run(batch);
  const set = (names: readonly string[], values: Readonly<Record<string, number>>): void => {
    for (const [sysctl, value] of Object.entries(values))
      for (const name of names) hosts.get(name).writeSysctl(sysctl, String(value));
  };
  set(
    network.nodes.map(({ name }) => name),
    { ...NODE_SYSCTLS, ...sysctls },
  );
  const uplinked = network.pods.filter(({ uplink }) => uplink !== undefined).map(({ name }) => name);
  set(uplinked, UPLINK_SYSCTLS);
  await Promise.all(nodes.map(run));
  const rules = nodeRules(network, kept);
  const programmed = network.nodes.map(({ name }) => hosts.get(name).nft(rules));
  for (const batch of pods) await run(batch);
  await Promise.all(programmed);
}
