import { oneLine } from '../../../../util/error-text.ts';
import { orAborted } from '../../../../util/or-aborted.ts';
import type { Api } from '../api/api.ts';
import { deleteBridged } from '../../entries-of.ts';

/**
 * Deletes a run's namespace with its contents, then its pods' entries in the machine's table.
 *
 * @param deleteEntries deletes the entries of these pods. Default: in this machine's table
 * @returns a line for each thing of the machine that was not restored
 * @throws Error in one line where the namespace was not deleted
 */
export async function deleteRun(
  api: { readonly pods: Pick<Api['pods'], 'addresses'> } & Pick<Api, 'deleteNamespace'>,
  namespace: string,
  signal: AbortSignal,
  deleteEntries = deleteBridged,
): Promise<readonly string[]> {
  // If the API server does not answer, deleting the namespace reports it.
  const pods = new Set(await orAborted(api.pods.addresses(namespace), signal).catch(() => []));
  await api.deleteNamespace(namespace, signal);
  if (pods.size === 0) return [];
  return deleteEntries(pods).then(
    () => [],
    (error: unknown) => [`entries of the run’s connections stay until they expire: ${oneLine(error)}`],
  );
}
