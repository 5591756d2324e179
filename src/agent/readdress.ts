import type { Done } from '../change/done.ts';
import { restorable } from '../change/restorable.ts';
import type { Hosts } from './hosts.ts';
import type { Network, Pod } from './network.ts';

/** Gives pods the addresses of others, whose links are down: their node routes these to the new owners. */
export function readdress(
  { pods }: Pick<Network, 'pods'>,
  hosts: Hosts,
  change: { readonly pods: string; readonly of: string },
): Promise<Done> {
  const ofSet = (set: string): readonly Pod[] => pods.filter((pod) => pod.set === set);
  const owners = ofSet(change.pods);
  const gone = ofSet(change.of);
  return restorable(
    owners.map((owner, i) => {
      const before = gone[i];
      if (before?.node !== owner.node || owner.link === undefined)
        throw new Error(`${owner.name} gets no address: ${change.of} needs as many pods, on the same nodes`);
      const address = `${before.ip}/32`;
      const [host, node] = [hosts.get(owner.name), hosts.get(owner.node)];
      return {
        name: owner.name,
        read: async () => ((await node.hasRoute(before.ip)) ? `routed: ${before.ip}` : 'its own'),
        make: async () => {
          await host.ip([`addr add ${address} dev eth0`]);
          await node.ip([`route replace ${address} dev ${owner.link ?? ''}`]);
        },
        restore: async () => {
          await node.ip([`route del ${address}`]);
          await host.ip([`addr del ${address} dev eth0`]);
        },
      };
    }),
  );
}
