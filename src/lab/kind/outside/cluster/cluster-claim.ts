/** The run that uses a kept cluster, in the cluster's record: whoever opens it next can undo a dead run. */
import { randomBytes } from 'node:crypto';
import { holdFile } from '../../../../guard/flock.ts';
import { isAlive, runningProcess, type Owner } from '../../../../guard/owner.ts';
import { putBack } from '../changes/applied-manifest.ts';
import { otherNodes } from '../changes/other-nodes.ts';
import { restoreKubeProxy } from '../kube-proxy.ts';
import type { Api } from '../api/api.ts';
import type { ClusterRecord, ClusterStore } from './cluster-store.ts';
import { deleteRun } from './delete-run.ts';

const DELETE_MS = 60_000;
/** How long to wait for a process that looks at the record, ms. */
const LOOK_MS = 10_000;

/** Another process works with the cluster. */
export class InUse extends Error {
  /** @param process its number, where it is known */
  constructor(name: string, process: number | undefined) {
    super(
      process === undefined
        ? `the cluster ${name} is in use: try again in a moment`
        : `the cluster ${name} is in use by process ${String(process)}: wait until it has ended, or end it with \`kill -INT ${String(process)}\``,
    );
  }
}

/** A cluster as its claim needs it. */
interface Claimed {
  readonly record: ClusterRecord;
  readonly api: Api;
  readonly workers: readonly string[];
}

/** A name for a run's namespace. */
export function runNamespace(): string {
  return `tablefull-${randomBytes(3).toString('hex')}`;
}

/**
 * Claims a kept cluster for a run of this process, before anything is done to it. A dead run stays recorded, now as
 * this process's, until `undoEarlierRun`.
 *
 * @returns the record from before
 * @throws InUse; Error where there is no such cluster
 */
export async function claim(name: string, namespace: string, store: ClusterStore): Promise<ClusterRecord> {
  const mark = { namespace, owner: thisProcess() };
  return marked(name, store, (record) => ({ ...record, run: { ...mark, ...record.run, owner: mark.owner } }));
}

/**
 * Claims a cluster to delete it: should this process die, it is an orphan, and the next command deletes it.
 *
 * @returns the record from before
 * @throws InUse; Error where there is no such cluster
 */
export function claimToDelete(name: string, store: ClusterStore): Promise<ClusterRecord> {
  return marked(name, store, (record) => ({ ...record, owner: thisProcess() }));
}

async function marked(
  name: string,
  store: ClusterStore,
  mark: (record: ClusterRecord) => ClusterRecord,
): Promise<ClusterRecord> {
  recordOf(name, store);
  // Of two that look at once, the second sees what the first wrote.
  await using looking = await holdFile(
    store.path(name, 'claim.lock'),
    'exclusive',
    new AbortController().signal,
    LOOK_MS,
  );
  if (looking === undefined) throw new InUse(name, undefined);
  const record = recordOf(name, store);
  const { owner, run } = record;
  const other = [owner, run?.owner].find((each) => each !== undefined && isAlive(each));
  if (other !== undefined) throw new InUse(name, other.pid);
  await store.put(mark(record));
  return record;
}

/** @throws Error with the fix, where there is none */
function recordOf(name: string, store: ClusterStore): ClusterRecord {
  const record = store.get(name);
  if (record !== undefined) return record;
  throw new Error(`tablefull has no cluster ${name}; \`tablefull lab up kind --name ${name}\` creates it`);
}

function thisProcess(): Owner {
  const owner = runningProcess(process.pid);
  if (owner === undefined) throw new Error('can’t read /proc/self/stat: mount /proc');
  return owner;
}

/** What the claiming run replaces beyond its namespace. */
type Replacing = Pick<NonNullable<ClusterRecord['run']>, 'kubeProxy' | 'manifest'>;

/** Records what the claiming run replaces, as it was before. */
export async function remember(
  name: string,
  namespace: string,
  replaced: Replacing,
  store: ClusterStore,
): Promise<void> {
  const record = store.get(name);
  if (record?.run?.namespace === namespace)
    await store.put({ ...record, run: { ...record.run, ...replaced } });
}

/** Releases a kept cluster. What the run has not put back stays recorded, so that the next command does. */
export async function release(name: string, namespace: string, store: ClusterStore): Promise<void> {
  const record = store.get(name);
  if (record?.run?.namespace !== namespace) return;
  const { kubeProxy, manifest } = record.run;
  if (kubeProxy === undefined && manifest === undefined) await store.put({ ...record, run: undefined });
}

/** Undoes a claim. @param record from before it */
export async function giveBack(record: ClusterRecord, store: ClusterStore): Promise<void> {
  if (store.get(record.name) !== undefined) await store.put(record);
}

/**
 * Undoes what a dead run left on a claimed cluster; from then on the claim is the new run's.
 *
 * @param claimed with the record from before the claim
 * @returns a line for each thing of the machine that was not restored
 */
export async function undoEarlierRun(
  { record, api, workers }: Claimed,
  namespace: string,
  store: ClusterStore,
): Promise<readonly string[]> {
  const { run } = record;
  if (run === undefined) return [];
  if (run.manifest !== undefined)
    await putBack(run.manifest, { objects: api.userObjects, others: otherNodes([]) });
  if (run.kubeProxy !== undefined) await restoreKubeProxy(api, workers, run.kubeProxy);
  const left = await deleteRun(api, run.namespace, AbortSignal.timeout(DELETE_MS));
  await store.put({ ...record, run: { namespace, owner: thisProcess() } });
  return left;
}
