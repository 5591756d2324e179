import type { Hosts } from '../../../agent/hosts.ts';
import type { Network } from '../../../agent/network.ts';
import { downLines, upLines } from '../../../agent/pod-links.ts';
import type { Routing } from '../../../agent/service-endpoints.ts';
import { settled } from '../../../util/settled.ts';
import { CLUSTER_DOMAIN } from '../addresses.ts';
import { endpointRules, endpointsIn } from './rules.ts';

/** Services in the embedded lab: the agent writes every node's rules itself, and has all pods. */
export function programmedRouting(network: Network, hosts: Hosts): Routing {
  const onAllNodes = <T>(work: (node: string) => Promise<T>): Promise<readonly T[]> =>
    settled(network.nodes.map(({ name }) => work(name)));
  return {
    domain: CLUSTER_DOMAIN,
    site: (service) => service,
    isOwn: () => true,
    program: async (service, endpoints) => {
      if (service.headless) return;
      const rules = endpointRules(service, endpoints);
      await onAllNodes((node) => hosts.get(node).nft(rules));
    },
    // Several lists where nodes differ.
    read: async (service) => {
      if (service.headless) return { endpoints: service.endpoints.map(({ ip }) => ip).sort() };
      const programmed = await onAllNodes(
        async (node) =>
          endpointsIn(await hosts.get(node).tableText('kube-proxy'), service).join(' ') || 'none',
      );
      return { endpoints: [...new Set(programmed)] };
    },
    cutOff: downLines,
    reconnect: upLines,
  };
}
