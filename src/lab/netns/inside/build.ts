import { execa } from 'execa';
import { runIpLines } from '../../../kernel/rtnetlink.ts';
import { writeSysctl } from '../../../kernel/sysctl.ts';
import { nft } from '../../../kernel/nft.ts';
import { address, CLUSTER_DNS, CLUSTER_DOMAIN, type BuiltNetwork } from '../addresses.ts';
import { ProgrammedEndpoints } from './endpoints.ts';
import { lentMaximum, putMaximumInto } from '../lent.ts';
import { NodeCaches } from './node-dns.ts';
import { ipSteps, type IpBatch } from './links.ts';
import { nodeRules } from './rules.ts';
import type { Ground } from '../../../agent/ground.ts';
import { ResolverFiles } from '../../../agent/resolv.ts';
import type { Request } from '../../../agent/rpc.ts';
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

/** How many `ip` processes run at once: enough to keep the cores busy. */
const AT_ONCE = 8;

type Up = Extract<Request, { method: 'up' }>;

/** Everything that the protocol's topology names, made in the capsule that this process is in; all of it is this agent's. */
export async function buildGround({ protocol, squeeze }: Up): Promise<Ground> {
  const { topology, canaries, sysctls } = protocol;
  const network = address(topology);
  const spaces = new Spaces(network);
  const kept = network.pods.filter(({ set }) => set === canaries?.pods).map(({ ip }) => ip);
  await build(network, kept, sysctls, spaces);
  if (lentMaximum(protocol, squeeze) !== undefined) putMaximumInto(spaces.get(protocol.node));
  const resolver = topology.resolver && new ResolverFiles(topology.resolver, CLUSTER_DNS);
  const nodeDns = new NodeCaches(network.nodes, spaces, resolver);
  return {
    network,
    spaces,
    own: network.nodes.map(({ name }) => name),
    domain: CLUSTER_DOMAIN,
    nameserver: CLUSTER_DNS,
    resolver,
    endpoints: (servers) => new ProgrammedEndpoints(network, spaces, servers),
    nodeDns,
    kubeProxy: undefined,
    corefile: undefined,
    totals: () => Promise.resolve(nodeDns.totals()),
    // The rules are there before any server is.
    reachable: () => Promise.resolve(),
  };
}

/**
 * Makes the namespaces, links, routes and rules of a lab in the capsule that this process is in.
 *
 * @param kept addresses of pods whose connections outlive a clearing of the table
 * @param sysctls what the scenario's nodes are set to, beside what every node is
 */
async function build(
  network: BuiltNetwork,
  kept: readonly string[],
  sysctls: Readonly<Record<string, number>>,
  spaces: Spaces,
): Promise<void> {
  const [namespaces = [], fabric = [], nodes = [], pods = []] = ipSteps(network);
  await inBatches(namespaces);
  await inBatches(fabric);
  const set = (namespace: string, values: Readonly<Record<string, number>>): void => {
    spaces.get(namespace).within(() => {
      for (const [name, value] of Object.entries(values)) writeSysctl(name, String(value));
    });
  };
  for (const { name } of network.nodes) set(name, { ...NODE_SYSCTLS, ...sysctls });
  for (const { name, uplink } of network.pods) if (uplink !== undefined) set(name, UPLINK_SYSCTLS);
  await inBatches(nodes);
  const rules = nodeRules(network, kept);
  const programmed = network.nodes.map((node) => nft(spaces.get(node.name), rules));
  for (const { netns, lines } of pods) if (netns !== null) runIpLines(spaces.get(netns), lines);
  await Promise.all(programmed);
}

async function inBatches(batches: readonly IpBatch[]): Promise<void> {
  const queue = batches.values();
  const work = async (): Promise<void> => {
    for (const { netns, lines } of queue) {
      const where = netns === null ? [] : ['-netns', netns];
      await execa('ip', [...where, '-batch', '-'], { input: `${lines.join('\n')}\n` });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
