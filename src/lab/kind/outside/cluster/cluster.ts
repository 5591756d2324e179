import { openSync, closeSync, readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { execa } from 'execa';
import { runningProcess } from '../../../../guard/owner.ts';
import { oneLine } from '../../../../util/error-text.ts';
import { builtKubeProxy } from '../../../../toolchain/kube-proxy.ts';
import { Api } from '../api/api.ts';
import { completed, kindConfig, workerNames } from './cluster-config.ts';
import type { ClusterRecord, ClusterStore } from './cluster-store.ts';
import { KUBE_PROXY_PODS } from '../kube-proxy.ts';
import { deleteCluster, type DeleteContext } from './delete-cluster.ts';
import { containersOf } from './node-containers.ts';
import { findKind, nodeImage } from './node-image.ts';
import { replaceKubeProxy } from './other-kube-proxy.ts';
import { layPodNetwork } from './pod-network.ts';
import type { ClusterSettings } from './settings.ts';

const CREATE_MS = 300_000;
const READY_MS = 120_000;
/** Last lines of a log that go into the error. */
const LAST_LINES = 12;
/** What kind says where a cluster of that name came up meanwhile (pkg/cluster/internal/create/create.go). */
const TAKEN = 'node(s) already exist for a cluster with the name';

/** What opening a cluster needs. */
export interface ClusterContext extends DeleteContext {
  readonly say: (line: string) => void;
  /** Called for each thing that was not restored. */
  readonly onLeft: (what: string) => void;
  readonly signal: AbortSignal;
}

/** A kind cluster that answers. */
export interface Cluster {
  readonly record: ClusterRecord;
  readonly api: Api;
  readonly kubeconfig: string;
  /** The containers of its workers, in order. */
  readonly workers: readonly string[];
}

/**
 * Creates a cluster and waits until its nodes are ready.
 *
 * @param keep the cluster outlives this process
 * @throws Error with the lines that explain the failure, and the path of the whole log; the cluster is then
 *   deleted. NameTaken where kind has a cluster of that name already, which is left alone.
 */
export async function createCluster(
  settings: ClusterSettings & { readonly workers: number },
  { name = `tablefull-${randomBytes(3).toString('hex')}`, keep }: { name?: string; keep: boolean },
  context: ClusterContext,
): Promise<Cluster> {
  const { store, env, say, signal } = context;
  const { workers, proxyMode, kubeProxy, user } = settings;
  const kind = findKind(env);
  const program = kubeProxy === undefined ? undefined : builtKubeProxy(env, kubeProxy);
  const { image, bare: imageIsBare } = await nodeImage(user?.image ?? settings.image, signal);
  const noDefault = user?.cluster.networking?.disableDefaultCNI === true;
  // A file without kind's CNI brings its own among its objects, or leaves it to tablefull.
  const bare = (imageIsBare || noDefault) && !(noDefault && user.objects.length > 0);
  const owner = runningProcess(process.pid);
  const record: ClusterRecord = {
    schema: 'tablefull/cluster/v1',
    name,
    // Until complete, even a kept cluster is owned, so that a half-created one is an orphan.
    ...(owner && { owner }),
    workers,
    ...(image !== undefined && { image }),
    ...(proxyMode !== undefined && { proxyMode }),
    ...(kubeProxy !== undefined && { kubeProxy }),
    bare,
    createdAt: new Date().toISOString(),
  };
  const config = kindConfig(name, workers, settings, { bare: imageIsBare || bare, kubeProxy: program });
  if ((await containersOf(name)).length > 0) throw new NameTaken(name);
  await store.machine.record();
  await store.put(record);
  const began = performance.now();
  say(
    `creating the cluster ${name}: 1 control plane, ${String(workers)} workers, ${image ?? 'kind’s own image'}`,
  );
  for (const line of completed(settings, { name, bare })) say(line);
  try {
    await kindCreate(kind, record, config, { store, signal });
    const cluster = clusterOf(record, store);
    for (const object of user?.objects ?? []) await cluster.api.userObjects.apply(object);
    await ready(cluster, signal);
    if (program !== undefined) {
      say(`replacing its kube-proxy with ${kubeProxy ?? ''}`);
      await replaceKubeProxy(cluster.api.objects, nodeCount(record), readyWithin(signal));
    }
    const nodes = await cluster.api.bareNodes(nodeCount(record), readyWithin(signal));
    const complete = { ...record, podRanges: nodes.map(({ podCidr }) => podCidr) };
    const kept = keep ? { ...complete, owner: undefined } : complete;
    await store.machine.settle();
    await store.put(kept);
    say(`the cluster ${name} is ready after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return { ...cluster, record: kept };
  } catch (error) {
    // Its nodes are not ours.
    if (error instanceof NameTaken) store.remove(name);
    else await deleteFailed(record, context);
    throw error;
  }
}

/** Deletes a cluster whose creation failed. */
async function deleteFailed(record: ClusterRecord, context: ClusterContext): Promise<void> {
  try {
    for (const line of await deleteCluster(record, context)) context.onLeft(line);
  } catch (error) {
    context.onLeft(`the cluster ${record.name} was not deleted: ${oneLine(error)}`);
  }
}

/** kind has a cluster of that name that is not in the store. */
class NameTaken extends Error {
  constructor(name: string) {
    super(
      `there is a kind cluster ${name} that tablefull did not create as this user: use another --name; if it was created with sudo, or without, do the same`,
    );
  }
}

/** Its workers, and the one control plane. */
export function nodeCount({ workers }: ClusterRecord): number {
  return workers + 1;
}

function readyWithin(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]);
}

/** A recorded cluster, whether it answers or not. */
export function clusterOf(record: ClusterRecord, store: ClusterStore): Cluster {
  const kubeconfig = store.path(record.name, 'kubeconfig');
  return { record, kubeconfig, api: Api.of(kubeconfig), workers: workerNames(record.name, record.workers) };
}

async function kindCreate(
  kind: string,
  { name, image }: ClusterRecord,
  config: string,
  { store, signal }: Pick<ClusterContext, 'store' | 'signal'>,
): Promise<void> {
  const log = store.path(name, 'create.log');
  const output = openSync(log, 'w', 0o600);
  const args = ['create', 'cluster', '--name', name, '--config', '-'];
  try {
    await execa(
      kind,
      [
        ...args,
        '--kubeconfig',
        store.path(name, 'kubeconfig'),
        ...(image === undefined ? [] : ['--image', image]),
      ],
      {
        input: config,
        stdout: { file: log, append: true },
        stderr: { file: log, append: true },
        timeout: CREATE_MS,
        cancelSignal: signal,
      },
    );
  } catch (error) {
    signal.throwIfAborted();
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
    if (lines.some((line) => line.includes(TAKEN))) throw new NameTaken(name);
    throw new Error(`kind could not create the cluster:\n${lines.join('\n')}`, { cause: error });
  } finally {
    closeSync(output);
  }
}

/** Waits until every node is ready; sets up the pod network first where the image has no CNI. */
export async function ready({ record, api }: Cluster, signal: AbortSignal): Promise<void> {
  const within = readyWithin(signal);
  if (record.bare) await layPodNetwork(await api.bareNodes(nodeCount(record), within), within);
  await api.nodesReady(nodeCount(record), within);
  // kube-proxy sets the node's timeouts at start, after the node is ready.
  await api.pods.ready('kube-system', nodeCount(record), within, KUBE_PROXY_PODS);
}

/** The containers of all nodes, by kind's names. */
export function nodesOf({ record, workers }: Cluster): readonly string[] {
  return [`${record.name}-control-plane`, ...workers];
}
