import { execa } from 'execa';
import { oneLine } from '../../../../util/error-text.ts';
import { deleteBridgedOf } from '../../entries-of.ts';
import { quoted } from '../docker.ts';
import type { ClusterRecord, ClusterStore } from './cluster-store.ts';
import { addressesOf, containersOf, writeSysctlIn } from './node-containers.ts';
import { findKind } from './node-image.ts';

const DELETE_MS = 60_000;

/** What deleting a cluster needs. */
export interface DeleteContext {
  readonly store: ClusterStore;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Deletes what the cluster leaves in a conntrack table. Default: in this machine's. */
  readonly deleteEntries?: typeof deleteBridgedOf;
}

/**
 * Deletes a cluster of our own and its record.
 *
 * @returns a line for each thing of the machine that was not restored
 * @throws Error in one line where the cluster was not deleted
 */
export async function deleteCluster(
  { name, podRanges = [] }: ClusterRecord,
  { store, env, deleteEntries = deleteBridgedOf }: DeleteContext,
): Promise<readonly string[]> {
  const containers = await containersOf(name);
  const nodes = await addressesOf(containers);
  const others = store.all().some((each) => each.name !== name);
  // While there is a node, which can write them for a user who may not.
  const left = others ? [] : await restoredBy(store.machine, containers);
  // Without the run's signal: this also runs after an abort.
  const args = ['delete', 'cluster', '--name', name, '--kubeconfig', store.path(name, 'kubeconfig')];
  await quoted(execa(findKind(env), args, { timeout: DELETE_MS }));
  const standing = await containersOf(name);
  if (standing.length > 0) throw new Error(`the cluster ${name} still has containers: ${standing.join(' ')}`);
  store.remove(name);
  await deleteEntries({ nodes, podRanges }).catch((error: unknown) => {
    left.push(`entries of the cluster’s connections stay until they expire: ${oneLine(error)}`);
  });
  return left;
}

/** @returns a line for each sysctl of the machine that was not restored */
async function restoredBy(machine: ClusterStore['machine'], [node]: readonly string[]): Promise<string[]> {
  const { left } = await machine.restore(
    node === undefined ? undefined : (sysctl, value) => writeSysctlIn(node, sysctl, value),
  );
  return left;
}
