import { execa } from 'execa';
import { deleteBridgedOf } from '../../entries-of.ts';
import { POD_NETWORK } from '../../pod-network-range.ts';
import { quoted } from '../docker.ts';
import type { ClusterRecord, ClusterStore } from './cluster-store.ts';
import { addressesOf, containersOf } from './node-containers.ts';
import { findKind } from './node-image.ts';

const DELETE_MS = 60_000;

/**
 * Deletes a cluster of our own and its record.
 *
 * @returns a line for each thing of the machine that was not restored
 * @throws Error in one line where the cluster was not deleted
 */
export async function deleteCluster(
  { name }: ClusterRecord,
  { store, env }: { readonly store: ClusterStore; readonly env: Readonly<NodeJS.ProcessEnv> },
): Promise<readonly string[]> {
  const containers = await containersOf(name);
  const nodes = await addressesOf(containers);
  // Without the run's signal: this also runs after an abort.
  const args = ['delete', 'cluster', '--name', name, '--kubeconfig', store.path(name, 'kubeconfig')];
  await quoted(execa(findKind(env), args, { timeout: DELETE_MS }));
  const left = await containersOf(name);
  if (left.length > 0) throw new Error(`the cluster ${name} still has containers: ${left.join(' ')}`);
  await deleteBridgedOf(nodes, POD_NETWORK);
  store.remove(name);
  if (store.all().length > 0) return [];
  return (await store.machine.restore()).left;
}
