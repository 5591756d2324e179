import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runningProcess } from '../../../../src/guard/owner.ts';
import { ClusterStore, type ClusterRecord } from '../../../../src/lab/kind/outside/cluster/cluster-store.ts';
import { keptClusters } from '../../../../src/lab/kind/outside/cluster/kept-clusters.ts';
import { FakeKind, RECORD } from './fake-kind.ts';
import { FakeSysctls } from './fake-sysctls.ts';

const ALIVE = runningProcess(process.pid) ?? { pid: 0, starttime: 0 };
const DEAD = { pid: spawnSync('true').pid, starttime: 1 };

/** A kept cluster that this record says more of. */
async function kept(kind: FakeKind, more: Partial<ClusterRecord> = {}) {
  const { env } = kind;
  const store = new ClusterStore(env, new FakeSysctls());
  kind.haveCluster();
  await store.put({ ...RECORD, ...more });
  const deleteEntries = (): Promise<void> => Promise.resolve();
  return { store, labs: keptClusters({ store, env, deleteEntries }, {}) };
}

describe('a kept cluster that is deleted', () => {
  it('is gone with its record, also where a dead run is recorded on it', async () => {
    using kind = new FakeKind();
    const { store, labs } = await kept(kind, { run: { namespace: 'tablefull-1', owner: DEAD } });
    expect(await labs.down('mine')).toEqual({ status: 'complete', restored: ['mine is deleted'], left: [] });
    expect([kind.hasCluster, store.all()]).toEqual([false, []]);
    expect(await labs.down('mine')).toBeUndefined();
  });

  it.each([
    ['a run uses', { run: { namespace: 'tablefull-1', owner: ALIVE } }],
    ['a process creates', { owner: ALIVE }],
  ])('is left alone while %s it, and its process is named with the fix', async (_, more) => {
    using kind = new FakeKind();
    const { store, labs } = await kept(kind, more);
    const pid = String(process.pid);
    await expect(labs.down('mine')).rejects.toThrow(
      `the cluster mine is in use by process ${pid}: wait until it has ended, or end it with \`kill -INT ${pid}\``,
    );
    expect([kind.hasCluster, kind.asked, store.get('mine')]).toEqual([true, [], { ...RECORD, ...more }]);
  });

  it('stays recorded as it was where kind can’t delete it, and that is not restored', async () => {
    using kind = new FakeKind('node', 'echo "ERROR: failed to delete nodes: permission denied" >&2; exit 1');
    const { store, labs } = await kept(kind);
    expect(await labs.down('mine')).toEqual({
      status: 'incomplete',
      restored: [],
      left: [
        expect.stringMatching(
          /^the cluster was not deleted: .*kind: ERROR: failed to delete nodes: permission denied; once that is put right, `tablefull lab down mine` again$/,
        ),
      ],
    });
    expect(store.get('mine')).toEqual(RECORD);
  });

  it('is this process’s while it is deleted, so that it is an orphan should that be killed', async () => {
    const copy = 'cp "$(dirname "$nodes")/state/tablefull/kind/mine/cluster.json" "$nodes.seen"; rm "$nodes"';
    using kind = new FakeKind('node', copy);
    const { labs } = await kept(kind, { run: { namespace: 'tablefull-1', owner: DEAD } });
    await labs.down('mine');
    expect(JSON.parse(readFileSync(join(kind.folder, 'nodes.seen'), 'utf8'))).toMatchObject({ owner: ALIVE });
  });
});
