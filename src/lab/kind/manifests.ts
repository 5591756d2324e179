import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import type { KubernetesObject } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { k6Loads } from '../../scenario/k6.ts';
import type { Protocol } from '../../scenario/protocol.ts';
import { protocols, TARGET_PORTS } from '../agent/network.ts';

/** On a pod under test: which set of the topology it is of. */
export const SET_LABEL = 'tablefull.lab/set';
export const AGENT_LABEL = 'app.kubernetes.io/name';

/** Of the package, wherever its code was built to. */
const AGENT_MANIFEST = join(dirname(findPackageJSON('..', import.meta.url) ?? ''), 'manifests', 'agent.yaml');

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});

/** The objects of manifests/agent.yaml in a namespace of the run's own, with the image that was built for it. */
export function agentObjects(namespace: string, image: string, program: string): readonly KubernetesObject[] {
  const text = readFileSync(AGENT_MANIFEST, 'utf8')
    .replaceAll(/^(\s*namespace:) tablefull$/gm, `$1 ${namespace}`)
    .replace(/^(\s*image:) tablefull\/workload$/m, `$1 ${image}`)
    .replace('/app/guardian', program);
  return parseAllDocuments(text).map((document) => {
    const object = objectSchema.parse(document.toJS());
    return object.kind === 'Namespace'
      ? { ...object, metadata: { ...object.metadata, name: namespace } }
      : object;
  });
}

/** A set of pods on one node, as a Deployment. */
export interface Placed {
  readonly set: string;
  /** The node's name in the scenario, and its own in the cluster. */
  readonly node: string;
  readonly hostname: string;
  readonly replicas: number;
  /** On its node's own network. */
  readonly hostNetwork: boolean;
  /** Its own program, where it has one: it is ready once that listens. */
  readonly serving?: { readonly program: string; readonly port: number };
}

/** The Deployments and Services of a scenario's topology; pods that k6 runs in are a Job's. */
export function workloadObjects(
  namespace: string,
  image: string,
  protocol: Protocol,
  placed: readonly Placed[],
): readonly KubernetesObject[] {
  const ofJobs = k6Loads(protocol).map(([, load]) => load.pods);
  return [
    ...placed.map((each) =>
      ofJobs.includes(each.set) ? job(namespace, image, each) : deployment(namespace, image, each),
    ),
    ...Object.entries(protocol.topology.services)
      .filter(([, { app }]) => app !== 'apiserver')
      .map(([name, { pods, port, app, headless }]) => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace },
        spec: {
          selector: { [SET_LABEL]: pods },
          ...(headless && { clusterIP: 'None' }),
          ports: protocols({ app }).map((protocol) => ({
            name: protocol,
            protocol: protocol.toUpperCase(),
            port,
            targetPort: TARGET_PORTS[app],
          })),
        },
      })),
  ];
}

/** The name of the Deployment of a set on a node. */
export function deploymentName({ set, node }: Pick<Placed, 'set' | 'node'>): string {
  return `${set}-${node}`;
}

function deployment(namespace: string, image: string, placed: Placed): KubernetesObject {
  const labels = labelsOf(placed);
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: deploymentName(placed), namespace, labels },
    spec: {
      replicas: placed.replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(image, placed) },
    },
  };
  return object;
}

/** As k6's own operator runs it; its pods stay for all phases of a run, and k6 is started in them once a phase. */
function job(namespace: string, image: string, placed: Placed): KubernetesObject {
  const labels = labelsOf(placed);
  const object = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: deploymentName(placed), namespace, labels },
    spec: {
      parallelism: placed.replicas,
      completions: placed.replicas,
      backoffLimit: 0,
      template: { metadata: { labels }, spec: { ...podSpec(image, placed), restartPolicy: 'Never' } },
    },
  };
  return object;
}

function labelsOf({ set, node }: Placed): Record<string, string> {
  return { [SET_LABEL]: set, 'tablefull.lab/node': node };
}

function podSpec(image: string, { set, hostname, hostNetwork, serving }: Placed): object {
  return {
    nodeSelector: { 'kubernetes.io/hostname': hostname },
    ...(hostNetwork && { hostNetwork }),
    enableServiceLinks: false,
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: set,
        image,
        imagePullPolicy: 'IfNotPresent',
        ...(serving === undefined
          ? // The pod is its network namespace: the agent makes its sockets, as the embedded lab's does.
            { command: ['/bin/sleep', 'infinity'] }
          : serves(serving)),
      },
    ],
  };
}

function serves({ program, port }: NonNullable<Placed['serving']>): object {
  return {
    command: ['/bin/node', '--no-warnings', program],
    env: [
      { name: 'PORT', value: String(port) },
      { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    ],
    readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
  };
}
