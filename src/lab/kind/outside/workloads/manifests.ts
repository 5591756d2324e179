import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { objectSchema, type ManifestObject } from '../../../../change/kubernetes-object.ts';
import { parseAllDocuments } from 'yaml';
import type { Protocol } from '../../../../schema/protocol.ts';
import { protocols, targetPortOf } from '../../../../server/apps.ts';
import { dnsService, OUTSIDE } from '../../dns-config.ts';

/** Label of pods under test: their set in the topology. */
export const SET_LABEL = 'tablefull.lab/set';
export const AGENT_LABEL = 'app.kubernetes.io/name';

/** In the package, wherever its code was built to. */
const AGENT_MANIFEST = join(dirname(findPackageJSON('..', import.meta.url) ?? ''), 'manifests', 'agent.yaml');

/** The objects of manifests/agent.yaml, in the run's namespace and with its image. */
export function agentObjects(namespace: string, image: string, program: string): readonly ManifestObject[] {
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
  /** The node's name in the scenario, and in the cluster. */
  readonly node: string;
  readonly hostname: string;
  readonly replicas: number;
  /** On its node's network. */
  readonly hostNetwork: boolean;
}

type Services = Protocol['topology']['services'];

/** The stand-in for the outside, added to topologies with DNS. */
const OUTSIDE_SERVICE: Services[string] = {
  pods: OUTSIDE,
  port: targetPortOf({ app: 'dns' }),
  app: 'dns',
  headless: false,
  calls: [],
};

/** All Services except `apiserver`. Created before the pods, whose specs need the cluster IPs. */
export function serviceObjects(
  namespace: string,
  { topology }: Pick<Protocol, 'topology'>,
): readonly ManifestObject[] {
  const services: Services = {
    ...topology.services,
    ...(dnsService(topology) && { [OUTSIDE]: OUTSIDE_SERVICE }),
  };
  const ours = Object.entries(services).filter(([, { app }]) => app !== 'apiserver');
  return ours.map(([name, { pods, port, app, headless, targetPort }]) => ({
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
        targetPort: targetPortOf({ app, targetPort }),
      })),
    },
  }));
}

/** The name of a set's Deployment on a node. */
export function deploymentName({ set, node }: Pick<Placed, 'set' | 'node'>): string {
  return `${set}-${node}`;
}

/** The parts of a pod's spec set here; the API server adds the rest. */
export interface PodSpec {
  readonly containers: readonly object[];
  readonly serviceAccountName?: string;
  readonly [field: string]: unknown;
}

/** A pod under test, used for its network namespace: the agent makes its sockets, like the embedded lab's. */
export function sleepingPod(image: string, set: string): PodSpec {
  const command = ['/bin/sleep', 'infinity'];
  return { containers: [{ name: set, image, imagePullPolicy: 'IfNotPresent', command }] };
}

/** A pod whose own program serves; ready once it listens. */
export function servingPod(
  image: string,
  set: string,
  { program, port }: { readonly program: string; readonly port: number },
): PodSpec {
  const container = {
    name: set,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['/bin/node', '--no-warnings', program],
    env: [
      { name: 'PORT', value: String(port) },
      { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    ],
    readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
  };
  return { containers: [container] };
}

/**
 * The Deployment of a set of pods on one node.
 *
 * @param spec of its pods, which are pinned to the node here
 */
export function deploymentObject(namespace: string, placed: Placed, spec: PodSpec): ManifestObject {
  const labels = labelsOf(placed);
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: deploymentName(placed), namespace, labels },
    spec: {
      replicas: placed.replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: pinned(spec, placed) },
    },
  };
  return object;
}

/**
 * The Job of a set of pods that k6 runs in, like k6's own operator. The pods stay for the whole run, and k6
 * starts in them once per phase.
 */
export function jobObject(namespace: string, placed: Placed, spec: PodSpec): ManifestObject {
  const labels = labelsOf(placed);
  const object = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: deploymentName(placed), namespace, labels },
    spec: {
      parallelism: placed.replicas,
      completions: placed.replicas,
      backoffLimit: 0,
      template: { metadata: { labels }, spec: { ...pinned(spec, placed), restartPolicy: 'Never' } },
    },
  };
  return object;
}

function labelsOf({ set, node }: Placed): Record<string, string> {
  return { [SET_LABEL]: set, 'tablefull.lab/node': node };
}

function pinned(spec: PodSpec, { hostname, hostNetwork }: Placed): PodSpec {
  return {
    nodeSelector: { 'kubernetes.io/hostname': hostname },
    ...(hostNetwork && { hostNetwork }),
    enableServiceLinks: false,
    automountServiceAccountToken: spec.serviceAccountName !== undefined,
    terminationGracePeriodSeconds: 0,
    ...spec,
  };
}
