import type { KubernetesObject } from '@kubernetes/client-node';
import { z } from 'zod';
import type { Protocol } from '../../../../schema/protocol.ts';
import type { Api } from '../api/api.ts';
import { runCorefile } from '../../corefile.ts';
import { dnsService, OUTSIDE } from '../../dns-config.ts';
import type { PodSpec } from '../workloads/manifests.ts';

/** kubeadm's names of CoreDNS, its account, and its Corefile. */
const COREDNS = 'coredns';
const SYSTEM = 'kube-system';
const COREFILE = 'Corefile';
/** CoreDNS is ready once it has the cluster's services, a second or so after it began. */
const READY_WITHIN_S = 60;

const deploymentSchema = z.object({
  spec: z.object({
    template: z.object({
      spec: z.looseObject({
        containers: z.tuple([
          z.looseObject({
            image: z.string(),
            readinessProbe: z.looseObject({}),
            securityContext: z.looseObject({}),
          }),
        ]),
        volumes: z.array(z.looseObject({ configMap: z.looseObject({ name: z.string() }).optional() })),
      }),
    }),
  }),
});
type Own = z.infer<typeof deploymentSchema>['spec']['template']['spec'];
const configMapSchema = z.object({ data: z.object({ [COREFILE]: z.string() }) });

/**
 * The cluster's own CoreDNS, once more for one run: its image, its arguments, its Corefile. It asks a stand-in for the
 * outside, and answers the run's pods only; the cluster's own goes on for all others.
 */
export class ClusterDns {
  /** The pod of the cluster's own CoreDNS. */
  readonly #own: Own;
  /** The Corefile of the run. */
  readonly corefile: string;
  readonly #namespace: string;
  readonly #uid: string;
  readonly #outside: string;
  /** The service, the set of pods that it is in from the start, and the address of the service. */
  readonly service: string;
  readonly set: string;
  readonly address: string;

  private constructor(
    own: Own,
    corefile: string,
    namespace: { readonly name: string; readonly uid: string },
    of: { service: string; set: string; address: string; outside: string },
  ) {
    this.#own = own;
    this.corefile = corefile;
    this.#namespace = namespace.name;
    this.#uid = namespace.uid;
    this.#outside = of.outside;
    this.service = of.service;
    this.set = of.set;
    this.address = of.address;
  }

  /**
   * @param services the run's, with their addresses
   * @returns undefined where the topology has no DNS
   * @throws Error where the cluster has no CoreDNS as kubeadm installs it
   */
  static async of(
    api: Api,
    namespace: string,
    { topology }: Protocol,
    services: ReadonlyMap<string, string>,
  ): Promise<ClusterDns | undefined> {
    const service = dnsService(topology);
    if (service === undefined) return undefined;
    const deployment = deploymentSchema.parse(await api.read('Deployment', 'apps/v1', COREDNS, SYSTEM));
    const { data } = configMapSchema.parse(await api.read('ConfigMap', 'v1', COREDNS, SYSTEM));
    const { metadata } = await api.read('Namespace', 'v1', namespace);
    return new ClusterDns(
      deployment.spec.template.spec,
      runCorefile(data[COREFILE], topology.recordTtl),
      { name: namespace, uid: metadata?.uid ?? '' },
      {
        service: service.name,
        set: service.set,
        address: services.get(service.name) ?? '',
        outside: services.get(OUTSIDE) ?? '',
      },
    );
  }

  /** What its pods need: their account, its right to read services, and the Corefile. */
  objects(): readonly KubernetesObject[] {
    const metadata = { name: COREDNS, namespace: this.#namespace };
    // The only thing outside the namespace: it goes when its owner goes.
    const owner = { apiVersion: 'v1', kind: 'Namespace', name: this.#namespace, uid: this.#uid };
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata };
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: `${this.#namespace}-${COREDNS}`, ownerReferences: [owner] },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `system:${COREDNS}` },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    };
    return [account, binding, this.configMap(COREDNS, this.corefile)];
  }

  configMap(name: string, corefile: string): KubernetesObject {
    const metadata = { name, namespace: this.#namespace };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [COREFILE]: corefile } };
    return object;
  }

  /** Of the pods that stand behind the service, with the Corefile of this config map. */
  podSpec(configMap = COREDNS): PodSpec {
    const { readinessProbe } = this.#own.containers[0];
    return {
      ...this.#spec(configMap, {
        // Asked until it is ready, and no longer: each question is a connection of the node's.
        startupProbe: { ...readinessProbe, periodSeconds: 1, failureThreshold: READY_WITHIN_S },
      }),
      serviceAccountName: COREDNS,
    };
  }

  /** The image of the cluster's own. */
  get image(): string {
    return this.#own.containers[0].image;
  }

  /** Of a cache on a node's own network, with the Corefile of this config map. */
  cacheSpec(configMap: string): PodSpec {
    const { securityContext } = this.#own.containers[0];
    return {
      ...this.#spec(configMap, {
        // A node does not let just anybody listen at port 53, as a pod does.
        securityContext: { ...securityContext, runAsUser: 0 },
        // They are the pod's of the cluster's own; here they would be the node's.
        ports: [],
      }),
      hostNetwork: true,
    };
  }

  /** What its pods ask on, and a node's cache does too: the stand-in for the outside. */
  get asksOutside(): { readonly dnsPolicy: string; readonly dnsConfig: object } {
    return { dnsPolicy: 'None', dnsConfig: { nameservers: [this.#outside] } };
  }

  #spec(configMap: string, of: object): PodSpec {
    const { volumes, containers } = this.#own;
    const { livenessProbe: _, readinessProbe: __, ...container } = containers[0];
    return {
      ...this.asksOutside,
      containers: [{ ...container, ...of }],
      volumes: volumes.map((volume) =>
        volume.configMap ? { ...volume, configMap: { ...volume.configMap, name: configMap } } : volume,
      ),
    };
  }
}
