import { orAborted } from '../../../../util/or-aborted.ts';
import type { Api } from '../api/api.ts';
import { deleteBridged } from '../../entries-of.ts';

/** Deletes a run's namespace with its contents, then its pods' entries in the machine's table. */
export async function deleteRun(api: Api, namespace: string, signal: AbortSignal): Promise<void> {
  // If the API server does not answer, deleting the namespace reports it.
  const pods = new Set(await orAborted(api.pods.addresses(namespace), signal).catch(() => []));
  await api.deleteNamespace(namespace, signal);
  if (pods.size > 0) await deleteBridged(pods);
}
