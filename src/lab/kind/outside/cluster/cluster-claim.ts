/** The run that uses a kept cluster, in the cluster's record: whoever opens it next can undo a dead run. */
import { runningProcess } from '../../../../guard/owner.ts';
import { putBack } from '../changes/applied-manifest.ts';
import { otherNodes } from '../changes/other-nodes.ts';
import { restoreKubeProxy } from '../kube-proxy.ts';
import type { Api } from '../api/api.ts';
import { hasDeadRun, type ClusterRecord, type ClusterStore } from './cluster-store.ts';
import { deleteRun } from './delete-run.ts';

const DELETE_MS = 60_000;

/** A cluster as its claim needs it. */
interface Claimed {
  readonly record: ClusterRecord;
  readonly api: Api;
  readonly workers: readonly string[];
}

/** Records the run that claims a cluster, before anything of it is deployed. */
export async function claim(
  { record }: Pick<Claimed, 'record'>,
  namespace: string,
  store: ClusterStore,
): Promise<void> {
  const owner = runningProcess(process.pid);
  if (owner !== undefined) await store.put({ ...record, run: { namespace, owner } });
}

/** What the claiming run replaces beyond its namespace. */
type Replacing = Pick<NonNullable<ClusterRecord['run']>, 'kubeProxy' | 'manifest'>;

/** Records what the claiming run replaces, as it was before. */
export async function remember(
  { record: { name } }: Pick<Claimed, 'record'>,
  replaced: Replacing,
  store: ClusterStore,
): Promise<void> {
  const record = store.get(name);
  if (record?.run !== undefined) await store.put({ ...record, run: { ...record.run, ...replaced } });
}

/** Releases a kept cluster. What the run has not put back stays recorded, so that the next command does. */
export async function release(
  { record: { name } }: Pick<Claimed, 'record'>,
  store: ClusterStore,
): Promise<void> {
  const record = store.get(name);
  if (record?.run === undefined) return;
  const { kubeProxy, manifest } = record.run;
  if (kubeProxy === undefined && manifest === undefined) await store.put({ ...record, run: undefined });
}

/** Undoes what a dead run left on a cluster. */
export async function deleteDeadRun({ record, api, workers }: Claimed, store: ClusterStore): Promise<void> {
  if (!hasDeadRun(record) || record.run === undefined) return;
  if (record.run.manifest !== undefined)
    await putBack(record.run.manifest, { objects: api.objects, others: otherNodes([]) });
  if (record.run.kubeProxy !== undefined) await restoreKubeProxy(api, workers, record.run.kubeProxy);
  await deleteRun(api, record.run.namespace, AbortSignal.timeout(DELETE_MS));
  await store.put({ ...record, run: undefined });
}
