import { z } from 'zod';
import { PROXY_MODES } from '../../change/proxy-modes.ts';
import { readDocuments, type ManifestObject } from '../../manifest/documents.ts';
import { explainIssue, problemsFrom } from '../../scenario/explain-issue.ts';
import { POD_NETWORK } from '../../util/address-plan.ts';

const API = 'kind.x-k8s.io/v1alpha4';

const nodeSchema = z.looseObject({
  role: z.enum(['control-plane', 'worker']).default('control-plane').describe('The node’s role.'),
  image: z.string().optional().describe('Its node image.'),
  labels: z.record(z.string(), z.string()).optional().describe('Labels of the Kubernetes node.'),
  extraMounts: z.array(z.looseObject({})).optional().describe('Folders of this machine.'),
});
const clusterSchema = z.looseObject({
  name: z.string().optional().describe('The cluster’s name.'),
  nodes: z.array(nodeSchema).min(1).optional().describe('Its nodes. Default: as many as the scenario needs.'),
  networking: z
    .looseObject({
      ipFamily: z.string().optional(),
      podSubnet: z.string().optional(),
      kubeProxyMode: z.string().optional(),
      disableDefaultCNI: z.boolean().optional(),
    })
    .optional()
    .describe('Pod network, services and kube-proxy.'),
  kubeadmConfigPatches: z.array(z.string()).optional().describe('Patches of kubeadm’s configuration.'),
});
type KindCluster = z.infer<typeof clusterSchema>;
export type KindNode = z.infer<typeof nodeSchema>;

/** A cluster as its user wants it. */
export interface UserConfig {
  readonly file: string;
  /** kind's configuration, without what tablefull sets. */
  readonly cluster: KindCluster;
  /** undefined: as many as the scenario needs. */
  readonly workers: number | undefined;
  readonly image: string | undefined;
  /** Objects that make the cluster complete, such as a CNI: applied before its nodes are awaited. */
  readonly objects: readonly ManifestObject[];
}

/**
 * Reads a configuration for `kind create cluster`, with further documents that are applied to the new cluster.
 *
 * @throws Error in one line: file, place and fix
 */
export function readKindConfig(text: string, file: string): UserConfig {
  const documents = readDocuments(text, file).map(({ object }) => object);
  const [found, ...more] = documents.filter(({ apiVersion }) => apiVersion.startsWith('kind.x-k8s.io/'));
  const refuse = (why: string): never => {
    throw new Error(`${file}: ${why}`);
  };
  if (found === undefined || more.length > 0 || found.kind !== 'Cluster' || found.apiVersion !== API)
    return refuse(`it needs one document with kind: Cluster and apiVersion: ${API}`);
  const parsed = clusterSchema.safeParse(found, { error: explainIssue });
  if (!parsed.success) {
    const [problem] = problemsFrom(parsed.error);
    return refuse(`${problem?.place ?? ''}: ${problem?.why ?? 'it is invalid'}`);
  }
  const { nodes, networking = {}, kubeadmConfigPatches = [] } = parsed.data;
  const images = [...new Set(nodes?.map(({ image }) => image))];
  if (images.length > 1) refuse('nodes.image: one image for all nodes; give each the same, or none');
  const controlPlanes = nodes?.filter(({ role }) => role === 'control-plane').length ?? 1;
  if (controlPlanes !== 1)
    refuse(`nodes: ${String(controlPlanes)} control planes; a lab has one: give the others the role worker`);
  const { ipFamily = 'ipv4', podSubnet = POD_NETWORK, kubeProxyMode } = networking;
  if (ipFamily !== 'ipv4') refuse(`networking.ipFamily: ${ipFamily}; a lab has ipv4`);
  if (podSubnet !== POD_NETWORK)
    refuse(`networking.podSubnet: ${podSubnet}; a lab’s pods are in ${POD_NETWORK}: leave it out`);
  if (kubeProxyMode !== undefined && !PROXY_MODES.some((mode) => mode === kubeProxyMode))
    refuse(
      `networking.kubeProxyMode: ${kubeProxyMode}; kube-proxy programs a lab’s services: use ${PROXY_MODES.join(', ')}`,
    );
  if (kubeadmConfigPatches.some((patch) => /^\s*maxPerCore:\s*[1-9]/m.test(patch)))
    refuse('kubeadmConfigPatches: maxPerCore: a node can’t write the machine’s maximum; leave it out, or 0');
  return {
    file,
    cluster: parsed.data,
    workers: nodes === undefined ? undefined : nodes.length - 1,
    image: images[0],
    objects: documents.filter((object) => object !== found),
  };
}
