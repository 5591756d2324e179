import type { ManifestObject } from '../../../../change/kubernetes-object.ts';
import { z } from 'zod';
import type { Objects } from '../api/objects.ts';
import { OWN_KUBE_PROXY } from './cluster-config.ts';
import { KUBE_PROXY, KUBE_PROXY_NAMESPACE } from '../kube-proxy.ts';
import { until } from '../../../../util/until.ts';

/** Path in kubeadm's image, whose root file system has the programs that kube-proxy calls. */
const PROGRAM = '/usr/local/bin/kube-proxy';

const statusSchema = z.object({
  metadata: z.object({ generation: z.number() }),
  status: z.object({
    observedGeneration: z.number(),
    desiredNumberScheduled: z.number(),
    updatedNumberScheduled: z.number().default(0),
    numberReady: z.number(),
  }),
});

/**
 * Replaces every node's kube-proxy by the program on its disk, mounted over the image's.
 *
 * @param nodes how many
 */
export async function replaceKubeProxy(objects: Objects, nodes: number, signal: AbortSignal): Promise<void> {
  const object = otherKubeProxy();
  await objects.apply(object);
  await until(
    `${String(nodes)} nodes with another kube-proxy`,
    async () => {
      const { metadata, status } = statusSchema.parse(await objects.read(object));
      const seen =
        status.observedGeneration === metadata.generation && status.desiredNumberScheduled >= nodes;
      const all = [status.updatedNumberScheduled, status.numberReady].every((count) => count >= nodes);
      return seen && all ? true : undefined;
    },
    signal,
  );
}

/** The changed part of the DaemonSet kube-proxy; all pods are replaced at once. */
export function otherKubeProxy(): ManifestObject {
  const volume = { name: 'program', hostPath: { path: OWN_KUBE_PROXY, type: 'File' } };
  const spec = {
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } },
    template: {
      spec: {
        containers: [{ name: KUBE_PROXY, volumeMounts: [{ name: volume.name, mountPath: PROGRAM }] }],
        volumes: [volume],
      },
    },
  };
  const metadata = { name: KUBE_PROXY, namespace: KUBE_PROXY_NAMESPACE };
  const object = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec };
  return object;
}
