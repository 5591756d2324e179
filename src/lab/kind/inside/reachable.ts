import type { NetNamespace } from '../../../kernel/netns.ts';
import { untilAccepted } from '../../../kernel/connect.ts';
import type { Network, Service } from '../../../agent/network.ts';
import { protocols } from '../../../server/apps.ts';

/** Timeout, ms; kube-proxy takes about a second after the pods are ready. */
const WITHIN_MS = 20_000;
const AGAIN_MS = 50;

/**
 * Waits until every TCP service of a lab leads to a pod that answers, seen from a node.
 *
 * @throws Error naming the service that does not
 */
export async function reachable({ services }: Network, node: NetNamespace): Promise<void> {
  const asked = services.filter(
    (service) => !service.headless && service.app !== 'apiserver' && protocols(service).includes('tcp'),
  );
  await Promise.all(asked.map((service) => untilConnected(service, node)));
}

async function untilConnected({ name, ip, port }: Service, node: NetNamespace): Promise<void> {
  try {
    await untilAccepted(node, ip, port, { withinMs: WITHIN_MS, everyMs: AGAIN_MS });
  } catch (error) {
    throw new Error(`kube-proxy does not lead the service ${name} (${ip}) to its pods`, { cause: error });
  }
}
