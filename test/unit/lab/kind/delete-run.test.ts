import { describe, expect, it } from 'vitest';
import { deleteRun } from '../../../../src/lab/kind/outside/cluster/delete-run.ts';

const NEVER = new AbortController().signal;

/** A cluster with a run of two pods. */
function cluster({ fails }: { fails?: string } = {}) {
  const deleted: string[] = [];
  const api = {
    pods: { addresses: () => Promise.resolve(['10.244.1.2', '10.244.1.3']) },
    deleteNamespace: (name: string) =>
      fails === undefined ? Promise.resolve(void deleted.push(name)) : Promise.reject(new Error(fails)),
  };
  const deleteEntries = (pods: ReadonlySet<string>): Promise<void> =>
    Promise.resolve(void deleted.push(...pods));
  return { api, deleted, deleteEntries };
}

describe('a run that is deleted from a kept cluster', () => {
  it('takes its pods’ entries in the machine’s table along, once it is gone', async () => {
    const { api, deleted, deleteEntries } = cluster();
    expect(await deleteRun(api, 'tablefull-1', NEVER, deleteEntries)).toEqual([]);
    expect(deleted).toEqual(['tablefull-1', '10.244.1.2', '10.244.1.3']);
  });

  it('is deleted also where these entries stay, and only they are named', async () => {
    const { api, deleted } = cluster();
    const busy = (): Promise<void> => Promise.reject(new Error('delete an entry: EBUSY'));
    expect(await deleteRun(api, 'tablefull-1', NEVER, busy)).toEqual([
      'entries of the run’s connections stay until they expire: delete an entry: EBUSY',
    ]);
    expect(deleted).toEqual(['tablefull-1']);
  });

  it('keeps its entries where it was not deleted', async () => {
    const { api, deleted, deleteEntries } = cluster({ fails: 'can’t delete the namespace' });
    await expect(deleteRun(api, 'tablefull-1', NEVER, deleteEntries)).rejects.toThrow('the namespace');
    expect(deleted).toEqual([]);
  });
});
