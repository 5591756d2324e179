import { execa } from 'execa';
import { deleteBridgedOf } from '../../entries-of.ts';
import { POD_NETWORK } from '../../pod-network-range.ts';
import { docker, quoted } from '../docker.ts';
import type { ClusterRecord, ClusterStore } from './cluster-store.ts';
import { restoreMachineSysctls } from './machine-sysctls.ts';
import { findKind } from './node-image.ts';

const DELETE_MS = 60_000;

/** Deletes a cluster of our own and its record. */
export async function deleteCluster(
  { name, machine }: ClusterRecord,
  { store, env }: { readonly store: ClusterStore; readonly env: Readonly<NodeJS.ProcessEnv> },
): Promise<void> {
  const containers = await containersOf(name);
  const nodes = await addressesOf(containers);
  // Without the run's signal: this also runs after an abort.
  const args = ['delete', 'cluster', '--name', name, '--kubeconfig', store.path(name, 'kubeconfig')];
  await quoted(execa(findKind(env), args, { timeout: DELETE_MS }));
  const left = await containersOf(name);
  if (left.length > 0) throw new Error(`the cluster ${name} still has containers: ${left.join(' ')}`);
  await deleteBridgedOf(nodes, POD_NETWORK);
  store.remove(name);
  if (store.all().length > 0) return;
  const [changed] = restoreMachineSysctls(machine);
  if (changed !== undefined) throw new Error(changed);
}

/** The ids of a cluster's node containers. */
async function containersOf(name: string): Promise<readonly string[]> {
  const listed = await docker(['ps', '-aq', '--filter', `label=io.x-k8s.kind.cluster=${name}`]);
  return listed.split('\n').filter((id) => id !== '');
}

async function addressesOf(containers: readonly string[]): Promise<readonly string[]> {
  if (containers.length === 0) return [];
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  const addresses = await docker(['inspect', '--format', format, ...containers]);
  return addresses.split('\n').filter((ip) => ip !== '');
}
