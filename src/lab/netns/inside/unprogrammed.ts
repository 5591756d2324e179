import type { Hosts } from '../../../agent/hosts.ts';
import type { Network, Service } from '../../../agent/network.ts';
import type { Done } from '../../../change/done.ts';
import { restorable } from '../../../change/restorable.ts';
import { endpointRules, endpointsIn } from './rules.ts';

/** Takes the rules of a service from every node. */
export function unprogrammed({ nodes }: Network, hosts: Hosts, service: Service): Promise<Done> {
  if (service.headless) throw new Error(`${service.name} is headless: no node has rules of it`);
  return restorable(
    nodes.map(({ name }) => {
      const host = hosts.get(name);
      return {
        name,
        read: async () =>
          endpointsIn(await host.tableText('kube-proxy'), service).join(' ') || 'not programmed',
        make: () => host.nft(endpointRules(service, [], 'unknown')),
        restore: () => host.nft(endpointRules(service, service.endpoints)),
      };
    }),
  );
}
