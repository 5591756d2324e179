import { orAborted } from '../../../../util/or-aborted.ts';
import type { Api } from '../api/api.ts';
import { deleteBridged } from '../../entries-of.ts';

/** Deletes a run's namespace with all that is in it, and then what its pods have left in the machine's own table. */
export async function deleteRun(api: Api, namespace: string, signal: AbortSignal): Promise<void> {
  // Where the API server does not answer, deleting the namespace is what says so.
  const pods = new Set(await orAborted(api.podAddresses(namespace), signal).catch(() => []));
  await api.deleteNamespace(namespace, signal);
  if (pods.size > 0) await deleteBridged((ip) => pods.has(ip));
}
