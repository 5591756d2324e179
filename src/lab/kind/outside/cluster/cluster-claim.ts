/** The run that uses a kept cluster, in the cluster's record: whoever opens it next can undo a run that is over. */
import { randomBytes } from 'node:crypto';
import { holdFile } from '../../../../guard/flock.ts';
import { isAlive, runningProcess, type Owner } from '../../../../guard/owner.ts';
import { oneLine } from '../../../../util/error-text.ts';
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
 * Claims a kept cluster for a run of this process, before anything is done to it. A run that is over stays recorded, now as
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

/**
 * Releases a kept cluster. A run that has not undone everything stays recorded without its process, which may go on:
 * whoever claims the cluster next undoes the rest first.
 *
 * @param undone whether the run has undone what the record does not name
 */
export async function release(
  name: string,
  namespace: string,
  store: ClusterStore,
  undone = true,
): Promise<void> {
  const record = store.get(name);
  if (record?.run?.namespace !== namespace) return;
  const { owner: _, ...run } = record.run;
  const isOver = undone && run.kubeProxy === undefined && run.manifest === undefined;
  await store.put({ ...record, run: isOver ? undefined : run });
}

/** Undoes a claim. @param record from before it */
export async function giveBack(record: ClusterRecord, store: ClusterStore): Promise<void> {
  if (store.get(record.name) !== undefined) await store.put(record);
}

/**
 * Undoes what an earlier run left on a claimed cluster; from then on the claim is the new run's.
 *
 * @param claimed with the record from before the claim
 * @returns a line for each thing of the machine that was not restored
 * @throws Error naming what of the cluster is not undone, and the fix
 */
export async function undoEarlierRun(
  claimed: Claimed,
  namespace: string,
  store: ClusterStore,
): Promise<readonly string[]> {
  const { record } = claimed;
  if (record.run === undefined) return [];
  const left = await undoRun(record.run, claimed).catch((error: unknown) => {
    const what = `what an earlier run changed on the cluster ${record.name} is not undone`;
    throw new Error(`${what} (${oneLine(error)}); ${recreating(record)}`, { cause: error });
  });
  await store.put({ ...record, run: { namespace, owner: thisProcess() } });
  return left;
}

async function undoRun(
  { namespace, manifest, kubeProxy }: NonNullable<ClusterRecord['run']>,
  { api, workers }: Claimed,
): Promise<readonly string[]> {
  if (manifest !== undefined) await putBack(manifest, { objects: api.userObjects, others: otherNodes([]) });
  if (kubeProxy !== undefined) await restoreKubeProxy(api, workers, kubeProxy);
  return deleteRun(api, namespace, AbortSignal.timeout(DELETE_MS));
}

/** The fix for a cluster that can't be used any more. */
export function recreating({ name }: ClusterRecord): string {
  return `\`tablefull lab down ${name}\`, then up again`;
}
