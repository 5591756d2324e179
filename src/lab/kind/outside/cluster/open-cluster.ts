/** Clusters that are there already: those that are kept, and those that killed runs have left. */
import { restoreReport, type RestoreReport } from '../../../../guard/restore.ts';
import { oneLine } from '../../../../util/error-text.ts';
import {
  claim,
  giveBack,
  InUse,
  recreating,
  release,
  runNamespace,
  undoEarlierRun,
} from './cluster-claim.ts';
import { isOrphan, hasDeadRun, type ClusterRecord, type ClusterStore } from './cluster-store.ts';
import { clusterOf, nodeCount, ready, type Cluster, type ClusterContext } from './cluster.ts';
import { deleteCluster, type DeleteContext } from './delete-cluster.ts';

/**
 * Claims a kept cluster for a run, repairs the pod network of restarted nodes, and undoes what an earlier run left.
 *
 * @param namespace of the run
 * @throws Error naming what is wrong with it, and the fix; it is then not claimed
 */
export async function openCluster(
  name: string,
  namespace: string,
  { store, signal, say, onLeft }: ClusterContext,
): Promise<Cluster> {
  const record = await claim(name, namespace, store);
  try {
    const cluster = await answering(record, store, signal);
    for (const line of await undoEarlierRun(cluster, namespace, store)) onLeft(line);
    say(`the cluster ${name} answers, ${String(record.workers)} workers`);
    return cluster;
  } catch (error) {
    await giveBack(record, store);
    signal.throwIfAborted();
    throw error;
  }
}

/** A recorded cluster that answers. @throws Error with the fix where it does not */
async function answering(record: ClusterRecord, store: ClusterStore, signal: AbortSignal): Promise<Cluster> {
  try {
    const cluster = clusterOf(record, store);
    await ready(cluster, signal);
    return cluster;
  } catch (error) {
    const why = `the cluster ${record.name} does not answer (${oneLine(error)})`;
    throw new Error(`${why}; ${recreating(record)}`, { cause: error });
  }
}

const HEALTHY_MS = 5_000;

/** Whether all nodes of a cluster answer and are ready. */
export async function isHealthy(record: ClusterRecord, store: ClusterStore): Promise<boolean> {
  try {
    await clusterOf(record, store).api.nodesReady(nodeCount(record), AbortSignal.timeout(HEALTHY_MS));
    return true;
  } catch {
    return false;
  }
}

/**
 * Deletes clusters of dead processes, and the remains of dead runs on others; restores what clusters that are
 * gone have left changed.
 */
export async function deleteOrphans(context: DeleteContext): Promise<RestoreReport> {
  const { store } = context;
  const { restored, left } = store.all().length === 0 ? await store.machine.restore() : restoreReport([], []);
  for (const record of store.all().filter(isOrphan)) {
    left.push(...(await deleteCluster(record, context)));
    restored.push(`the cluster ${record.name}, whose run was killed, is deleted`);
  }
  for (const { name } of store.all().filter(hasDeadRun)) {
    const report = await deleteDeadRun(name, store);
    restored.push(...report.restored);
    left.push(...report.left);
  }
  return restoreReport(restored, left);
}

/** @returns no line where another process does it */
async function deleteDeadRun(name: string, store: ClusterStore): Promise<RestoreReport> {
  const namespace = runNamespace();
  const record = await claim(name, namespace, store).catch((error: unknown) => {
    if (error instanceof InUse) return undefined;
    throw error;
  });
  if (record === undefined) return restoreReport([], []);
  try {
    const left = await undoEarlierRun(clusterOf(record, store), namespace, store);
    await release(name, namespace, store);
    const done = `the namespace ${record.run?.namespace ?? ''} of the cluster ${name} is deleted`;
    return restoreReport([done], [...left]);
  } catch (error) {
    await giveBack(record, store);
    throw error;
  }
}
