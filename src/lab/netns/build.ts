import { execa } from 'execa';
import { writeSysctl } from '../../kernel/sysctl.ts';
import { nft } from '../../kernel/nft.ts';
import type { Network } from './addresses.ts';
import { ipSteps, type IpBatch } from './links.ts';
import { nodeRules } from './rules.ts';
import type { Spaces } from './spaces.ts';

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

/**
 * Makes the namespaces, links, routes and rules of a lab in the capsule that this process is in.
 *
 * @param kept addresses of pods whose connections outlive a clearing of the table
 * @param sysctls what the scenario's nodes are set to, beside what every node is
 */
export async function build(
  network: Network,
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
  await Promise.all([inBatches(pods), ...network.nodes.map((node) => nft(spaces.get(node.name), rules))]);
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
