import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { NetNamespace } from '../../../kernel/netns.ts';
import { connectFrom } from '../../../kernel/connect.ts';
import type { Network, Service } from '../../../agent/network.ts';
import { protocols } from '../../../server/apps.ts';

/** Timeout, ms; kube-proxy takes about a second after the pods are ready. */
const WITHIN_MS = 20_000;
const AGAIN_MS = 50;
const PATIENCE_MS = 1_000;

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
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    const socket = connectFrom(node, ip, port);
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(PATIENCE_MS) });
      return;
    } catch (error) {
      if (performance.now() > deadline)
        throw new Error(`kube-proxy does not lead the service ${name} (${ip}) to its pods`, { cause: error });
      await delay(AGAIN_MS);
    } finally {
      socket.resetAndDestroy();
    }
  }
}
