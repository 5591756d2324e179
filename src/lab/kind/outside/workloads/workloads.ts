import { imageFor, immediateOf } from '../../../../change/index.ts';
import type { ManifestObject } from '../../../../change/kubernetes-object.ts';
import { k6Loads } from '../../../../schema/protocol.ts';
import type { LabOptions } from '../../../lab.ts';
import { targetPortOf } from '../../../../server/apps.ts';
import { named, settled } from '../../../../util/settled.ts';
import type { Found } from '../../agent-rpc.ts';
import type { AgentLink } from '../agents.ts';
import { carriedBy } from './k6-job.ts';
import { nodesOf, type Cluster } from '../cluster/cluster.ts';
import { POD_NETWORK } from '../../../../util/address-plan.ts';
import { deleteRun } from '../cluster/delete-run.ts';
import { setsOf } from '../../placement.ts';
import { ClusterDns } from '../dns/cluster-dns.ts';
import { dnsConfigOf, dnsSpec, domainOf, OUTSIDE, type DnsConfig } from '../../dns-config.ts';
import { findNodeLocal } from '../dns/node-local-image.ts';
import {
  agentObjects,
  deploymentObject,
  jobObject,
  serviceObjects,
  servingPod,
  sleepingPod,
  type Placed,
  type PodSpec,
} from './manifests.ts';
import { loadToolImage } from '../images/tool-image.ts';
import { appProgram, loadWorkloadImage } from '../images/workload-image.ts';
import { foundNodes, foundPods, placedPods, placesOf } from './placed-pods.ts';
import { startAgents } from './start-agents.ts';

/** Program and port of the crashing pods. */
const BOOM = { program: appProgram('server/boom-pod'), port: targetPortOf({ app: 'boom-pod' }) };
const READY_MS = 120_000;
const GONE_MS = 60_000;

/** A run whose pods and services are deployed. */
export interface Run extends LabOptions {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** The cluster outlives the run, so what is deployed is deleted again. */
  readonly stays: boolean;
  /** Registers what is undone at the end, and what is told where that fails. */
  readonly undo: (what: string, work: () => Promise<void>) => void;
}

export interface Deployed {
  readonly agents: readonly AgentLink[];
  readonly found: Omit<Found, 'own'>;
  /** Undefined where the topology has no DNS. */
  readonly dns: ClusterDns | undefined;
  /** DNS settings of its pods; undefined where the topology sets none. */
  readonly told: DnsConfig | undefined;
  /** The image of NodeLocal DNSCache, if a change may need it and the nodes have it or could pull it. */
  readonly nodeLocal: string | undefined;
  /** The image of the pods under test. */
  readonly image: string;
  /** Names in the cluster, by the scenario's node names. */
  readonly nodes: ReadonlyMap<string, string>;
}

/** Deploys a scenario's pods and services, and the agents. */
export async function deploy(run: Run): Promise<Deployed> {
  const { cluster, namespace, protocol, signal, undo } = run;
  const { api, workers } = cluster;
  const within = AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]);
  const { image, files } = await loadImages(run, within);
  const nodes = foundNodes(protocol, workers, await api.bareNodes(nodesOf(cluster).length, within));
  const placed = placedPods(protocol, workers);
  deleteAtTheEnd(run);
  await api.objects.create(agentObjects(namespace, image, appProgram('lab/kind/inside/guardian')));
  await api.objects.create(serviceObjects(namespace, protocol));
  const services = await api.serviceAddresses(namespace);
  const dns = await ClusterDns.of(api.objects, namespace, protocol, services);
  if (dns !== undefined) await api.objects.create(dns.objects());
  const nodeLocal = await nodeLocalOf(run, dns, within);
  const told = dns && dnsConfigOf(protocol.topology, dns.address);
  await api.objects.create(podObjects(run, placed, { image, dns, told }));
  const pods = await podsReady(run, placed, within);
  const found = {
    nodes: nodes.nodes,
    pods: [...foundPods(pods, placed), ...nodes.apiServers],
    services: Object.fromEntries(services),
    podNetwork: POD_NETWORK,
    domain: domainOf(namespace),
    apiServer: (await api.serviceAddresses('default')).get('kubernetes') ?? '',
    nameserver: dns?.address ?? '',
    files,
  };
  const agents = await startAgents({ ...run, api }, pods, nodes);
  undo('a node was not restored', async () => {
    await settled(agents.map((agent) => named(agent.node, agent[Symbol.asyncDispose]())));
  });
  return { agents, found, dns, told, nodeLocal, image, nodes: placesOf(protocol.topology, workers) };
}

/** Brings the images of pods and changes to the nodes. @returns that of the pods, and the files of its loads */
async function loadImages({ cluster, protocol, changes, say }: Run, signal: AbortSignal) {
  const { programs, files } = await carriedBy(protocol, signal);
  const image = await loadWorkloadImage(cluster.workers, programs, say, signal);
  if (changes.some((change) => imageFor(immediateOf(change)) === 'tools'))
    await loadToolImage(nodesOf(cluster), say, signal);
  return { image, files };
}

function deleteAtTheEnd({ cluster, namespace, stays, undo, onLeft }: Run): void {
  if (!stays) return;
  undo(`the namespace ${namespace} was not deleted`, async () => {
    for (const line of await deleteRun(cluster.api, namespace, AbortSignal.timeout(GONE_MS))) onLeft(line);
  });
}

/** The image of NodeLocal DNSCache where a change may need it and it can be had. */
async function nodeLocalOf(
  { cluster, changes, say }: Run,
  dns: ClusterDns | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (dns === undefined || !changes.some((change) => imageFor(immediateOf(change)) === 'node-local-dns'))
    return undefined;
  const mayPull = !cluster.record.bare;
  return findNodeLocal(dns.image, cluster.workers, { mayPull, say }, signal);
}

/** The pods under test as Deployments, and those of k6 as Jobs. */
function podObjects(
  { namespace, protocol }: Run,
  placed: readonly Placed[],
  { image, dns, told }: Pick<Deployed, 'image' | 'dns' | 'told'>,
): readonly ManifestObject[] {
  const specOf = (set: string): PodSpec => {
    if (set === dns?.set) return dns.podSpec();
    if (setsOf(protocol, 'boom-pod').includes(set)) return servingPod(image, set, BOOM);
    return { ...sleepingPod(image, set), ...(told && set !== OUTSIDE && dnsSpec(told)) };
  };
  const ofJobs = k6Loads(protocol).map(([, load]) => load.pods);
  return placed.map((each) => {
    const object = ofJobs.includes(each.set) ? jobObject : deploymentObject;
    return object(namespace, each, specOf(each.set));
  });
}

/** Waits for the pods of a run and of its agents. */
function podsReady({ cluster, namespace, say }: Run, placed: readonly Placed[], signal: AbortSignal) {
  const count = cluster.workers.length + placed.reduce((sum, { replicas }) => sum + replicas, 0);
  say(`waiting for ${String(count)} pods`);
  return cluster.api.pods.ready(namespace, count, signal);
}
