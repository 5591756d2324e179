import type { ManifestObject } from '../../../../change/kubernetes-object.ts';
import { orAborted } from '../../../../util/or-aborted.ts';
import type { ChangeOf } from '../../../../change/index.ts';
import type { Done } from '../../../../change/done.ts';
import { CLUSTER } from '../../../../change/places.ts';
import { allOrNone } from '../../../../change/undo-stack.ts';
import type { NodeAsk } from '../../agent-rpc.ts';
import type { Api } from '../api/api.ts';

const NAME = 'sysctl-daemonset';
const LABEL = 'app.kubernetes.io/name';
const INIT = 'sysctl';
const WITHIN_MS = 60_000;
const LOG_WITHIN_MS = 3_000;
const NONE = 'no DaemonSet';

/** What DaemonSets need. */
export interface DaemonSets {
  readonly api: Api;
  readonly namespace: string;
  /** The nodes under test, on which its pods run. */
  readonly nodes: readonly string[];
  readonly image: string;
  /** Sends a request to every agent. */
  readonly ask: (request: NodeAsk) => Promise<void>;
}

/**
 * The widespread sysctl DaemonSet: a privileged init container on the node's network calls `sysctl -w`, once
 * per setting, and a sleeping container keeps the pod. Its own output is recorded as the state after.
 */
export async function applySysctlDaemonSet(
  { sysctls }: ChangeOf<'sysctl-daemonset'>,
  around: DaemonSets,
): Promise<Done> {
  const { api, namespace, nodes, ask } = around;
  const object = daemonSet(sysctls, around);
  const wanted = Object.entries(sysctls).map(([name, value]) => [name, String(value)] as const);
  const { made: said, undo } = await allOrNone(async (stack) => {
    // Deleting the DaemonSet leaves its sysctls on the node.
    stack.defer(() => ask({ method: 'restore', sysctls: wanted.map(([name]) => name) }));
    await ask({ method: 'delegate', sysctls: Object.fromEntries(wanted) });
    stack.defer(() => api.objects.remove(object, AbortSignal.timeout(WITHIN_MS)));
    await api.objects.create([object]);
    const selector = `${LABEL}=${NAME}`;
    const pods = await api.pods.initialized(
      namespace,
      selector,
      nodes.length,
      AbortSignal.timeout(WITHIN_MS),
    );
    return Promise.all(
      pods.map(async ({ name, ended }) => `${ended}: ${await wordsOf(api.pods.log(namespace, name, INIT))}`),
    );
  });
  const after = [...new Set(said)].join('; ');
  return {
    readings: [{ node: CLUSTER, before: NONE, after }],
    undo: async () => {
      await undo();
      return [{ node: CLUSTER, before: after, after: NONE }];
    },
  };
}

/** For a log the API server opens a new connection to the kubelet, which a full table refuses. */
async function wordsOf(log: Promise<string>): Promise<string> {
  const said = await orAborted(log, AbortSignal.timeout(LOG_WITHIN_MS)).catch(
    () => 'its log can’t be had, the kubelet does not answer',
  );
  return said.trim().replaceAll('\n', ', ');
}

/** Shell lines of the init container. */
export function sysctlLines(sysctls: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(sysctls).map(([name, value]) => `sysctl -w ${name}=${String(value)} 2>&1`);
}

function daemonSet(
  sysctls: Readonly<Record<string, number>>,
  { namespace, nodes, image }: DaemonSets,
): ManifestObject {
  const labels = { [LABEL]: NAME };
  const object = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: NAME, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          hostPID: true,
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 0,
          affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: on(nodes) } },
          initContainers: [
            {
              name: INIT,
              image,
              imagePullPolicy: 'IfNotPresent',
              // The node's own `sh` and `sysctl`; without `set -e`, like the widespread manifests.
              command: ['chroot', '/proc/1/root', '/bin/sh', '-c', sysctlLines(sysctls).join('\n')],
              securityContext: { privileged: true },
            },
          ],
          containers: [
            { name: 'pause', image, imagePullPolicy: 'IfNotPresent', command: ['/bin/sleep', 'infinity'] },
          ],
        },
      },
    },
  };
  return object;
}

function on(nodes: readonly string[]): object {
  const matchExpressions = [{ key: 'kubernetes.io/hostname', operator: 'In', values: nodes }];
  return { nodeSelectorTerms: [{ matchExpressions }] };
}
