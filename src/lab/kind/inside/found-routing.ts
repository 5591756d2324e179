import type { Pod } from '../../../agent/network.ts';
import type { Routing } from '../../../agent/service-endpoints.ts';
import { OWN_ROUTES } from './node-host.ts';

/**
 * A cluster's services as seen by the agent of node `own`. The API server selects a service's pods and
 * kube-proxy programs them; the agent has the node's pods only.
 */
export function foundRouting(own: string, domain: string): Routing {
  return {
    domain,
    site: () => own,
    isOwn: ({ node }) => node === own,
    program: () => Promise.resolve(),
    read: ({ name, endpoints }) => ({ [name]: endpoints.map(({ ip }) => ip).sort() }),
    cutOff: awayLines,
    reconnect: backLines,
  };
}

/**
 * Blackholes the pod's route and keeps its veth up: after a link flap packets are lost for up to 1 s while
 * ARP resolves.
 */
function awayLines({ link, ip }: Pod): string[] {
  return link === undefined ? [] : [`route replace blackhole ${ip}/32 proto ${OWN_ROUTES}`];
}

/** The CNI plugin ptp's route to a pod. */
function backLines({ link, ip }: Pod): string[] {
  return link === undefined ? [] : [`route replace ${ip}/32 dev ${link} scope host`];
}
