import type { ManifestObject } from '../../../../change/kubernetes-object.ts';
import { z } from 'zod';
import type { Protocol } from '../../../../schema/protocol.ts';
import type { Objects } from '../api/objects.ts';
import { runCorefile } from '../../corefile.ts';
import { dnsService, OUTSIDE } from '../../dns-config.ts';
import type { PodSpec } from '../workloads/manifests.ts';
import { parsedFile } from '../../../../util/read-json.ts';

/** kubeadm's names of CoreDNS, its namespace, and its Corefile. */
const COREDNS = 'coredns';
const SYSTEM = 'kube-system';
const COREFILE = 'Corefile';
/** Maximum wait for CoreDNS, s; it is ready once it has the services, after about a second. */
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
const createdSchema = z.object({ metadata: z.object({ uid: z.string() }) });
const configMapSchema = z.object({ data: z.object({ [COREFILE]: z.string() }) });

/**
 * A copy of the cluster's CoreDNS for one run: its image, arguments and Corefile. It forwards to a stand-in
 * for the outside and serves only the run's pods; the cluster's own serves the others.
 */
export class ClusterDns {
  /** The pod spec of the cluster's own CoreDNS. */
  readonly #own: Own;
  readonly corefile: string;
  readonly #namespace: string;
  readonly #uid: string;
  readonly #outside: string;
  /** The service, its initial set of pods, and its address. */
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
   * @throws Error where the cluster lacks CoreDNS as kubeadm installs it
   */
  static async of(
    objects: Pick<Objects, 'read'>,
    namespace: string,
    { topology }: Pick<Protocol, 'topology'>,
    services: ReadonlyMap<string, string>,
  ): Promise<ClusterDns | undefined> {
    const service = dnsService(topology);
    if (service === undefined) return undefined;
    const metadata = { name: COREDNS, namespace: SYSTEM };
    const deployment = asInstalled(
      deploymentSchema,
      await objects.read({ apiVersion: 'apps/v1', kind: 'Deployment', metadata }),
    );
    const { data } = asInstalled(
      configMapSchema,
      await objects.read({ apiVersion: 'v1', kind: 'ConfigMap', metadata }),
    );
    const own = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
    const { uid } = createdSchema.parse(await objects.read(own)).metadata;
    return new ClusterDns(
      deployment.spec.template.spec,
      runCorefile(data[COREFILE], topology.recordTtl),
      { name: namespace, uid },
      {
        service: service.name,
        set: service.set,
        address: services.get(service.name) ?? '',
        outside: services.get(OUTSIDE) ?? '',
      },
    );
  }

  /** What its pods need: account, right to read services, and Corefile. */
  objects(): readonly ManifestObject[] {
    const metadata = { name: COREDNS, namespace: this.#namespace };
    // The only object outside the namespace; deleted with its owner.
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

  configMap(name: string, corefile: string): ManifestObject {
    const metadata = { name, namespace: this.#namespace };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [COREFILE]: corefile } };
    return object;
  }

  /** Spec of the pods behind the service, with this config map's Corefile. */
  podSpec(configMap = COREDNS): PodSpec {
    const { readinessProbe } = this.#own.containers[0];
    return {
      ...this.#spec(configMap, {
        // Probed only until it is ready: each probe is a connection of the node.
        startupProbe: { ...readinessProbe, periodSeconds: 1, failureThreshold: READY_WITHIN_S },
      }),
      serviceAccountName: COREDNS,
    };
  }

  /** The image of the cluster's own CoreDNS. */
  get image(): string {
    return this.#own.containers[0].image;
  }

  /** Spec of a cache on a node's network, with this config map's Corefile. */
  cacheSpec(configMap: string): PodSpec {
    const { securityContext } = this.#own.containers[0];
    return {
      ...this.#spec(configMap, {
        // On the node's network, unlike in a pod, port 53 needs root.
        securityContext: { ...securityContext, runAsUser: 0 },
        // The pod's ports would be the node's here.
        ports: [],
      }),
      hostNetwork: true,
    };
  }

  /** The nameserver of its pods and of node caches: the stand-in for the outside. */
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

/** @throws Error in one line where an object of CoreDNS's is not as kubeadm installs it */
function asInstalled<S extends z.ZodType>(schema: S, object: ManifestObject): z.infer<S> {
  const otherwise = `the ${object.kind} ${SYSTEM}/${COREDNS} is not as kubeadm installs it`;
  return parsedFile(otherwise, schema, object);
}
