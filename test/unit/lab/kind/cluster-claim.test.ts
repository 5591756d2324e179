import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runningProcess } from '../../../../src/guard/owner.ts';
import {
  claim,
  giveBack,
  InUse,
  release,
  remember,
  undoEarlierRun,
} from '../../../../src/lab/kind/outside/cluster/cluster-claim.ts';
import type { Api } from '../../../../src/lab/kind/outside/api/api.ts';
import { RECORD } from './fake-kind.ts';
import { ClusterStore, type ClusterRecord } from '../../../../src/lab/kind/outside/cluster/cluster-store.ts';
import { openCluster } from '../../../../src/lab/kind/outside/cluster/open-cluster.ts';

const MANIFEST = { created: [], before: [{ apiVersion: 'v1', kind: 'ConfigMap' }], sysctls: {} };

let state: string;
let store: ClusterStore;
beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'cluster-claim-'));
  store = new ClusterStore({ XDG_STATE_HOME: state });
  await store.put(RECORD);
});
afterEach(() => {
  rmSync(state, { recursive: true });
});

/** A run whose process has ended, with the original that it did not put back. */
function deadRun(): NonNullable<ClusterRecord['run']> {
  const owner = { pid: spawnSync('true').pid, starttime: 1 };
  return { namespace: 'tablefull-0', owner, kubeProxy: 'mode: iptables' };
}

describe('a run that claims a kept cluster', () => {
  it('has it alone, also where two look at once', async () => {
    const claims = ['tablefull-1', 'tablefull-2'].map((namespace) => claim('mine', namespace, store));
    const [first, second] = await Promise.allSettled(claims);
    expect([first?.status, second?.status].sort()).toEqual(['fulfilled', 'rejected']);
    expect([first, second]).toContainEqual({
      status: 'rejected',
      reason: new InUse('mine', process.pid),
    });
    const winner = first?.status === 'fulfilled' ? 'tablefull-1' : 'tablefull-2';
    expect(store.get('mine')?.run?.namespace).toBe(winner);
  });

  it('does not get one that another process creates', async () => {
    await store.put({ ...RECORD, owner: runningProcess(process.pid) });
    await expect(claim('mine', 'tablefull-1', store)).rejects.toThrow(/is in use by process/);
  });

  it('keeps what a dead run left until that is undone, and alone undoes it', async () => {
    const run = deadRun();
    await store.put({ ...RECORD, run });
    const before = await claim('mine', 'tablefull-1', store);
    expect(before.run).toEqual(run);
    expect(store.get('mine')?.run).toEqual({ ...run, owner: runningProcess(process.pid) });
    await expect(claim('mine', 'tablefull-2', store)).rejects.toThrow(InUse);
    await giveBack(before, store);
    expect(store.get('mine')?.run).toEqual(run);
  });

  it('does not keep it where the cluster does not answer', async () => {
    const nothing = (): undefined => undefined;
    const around = { store, env: {}, say: nothing, onLeft: nothing, signal: new AbortController().signal };
    await expect(openCluster('mine', 'tablefull-1', around)).rejects.toThrow(
      /^the cluster mine does not answer .* `tablefull lab down mine`, then up again$/,
    );
    expect(store.get('mine')).toEqual(RECORD);
  });

  it('does not get one that is not recorded, and makes no file for it', async () => {
    await expect(claim('theirs', 'tablefull-1', store)).rejects.toThrow('tablefull has no cluster theirs');
    expect(store.all()).toHaveLength(1);
  });
});

describe('a run that gives a kept cluster back', () => {
  it('leaves no mark on it', async () => {
    await claim('mine', 'tablefull-1', store);
    await remember('mine', 'tablefull-1', { manifest: MANIFEST, kubeProxy: 'mode: iptables' }, store);
    await remember('mine', 'tablefull-1', { manifest: undefined, kubeProxy: undefined }, store);
    await release('mine', 'tablefull-1', store);
    expect(store.get('mine')).toEqual(RECORD);
  });

  it.each([{ manifest: MANIFEST }, { kubeProxy: 'mode: iptables' }])(
    'keeps the originals of what it did not put back, for the next command: %j',
    async (replaced) => {
      await claim('mine', 'tablefull-1', store);
      await remember('mine', 'tablefull-1', replaced, store);
      await release('mine', 'tablefull-1', store);
      expect(store.get('mine')?.run).toMatchObject(replaced);
    },
  );

  it('is no user of it any more after a failed undo, and whoever claims it next, also this process, undoes the rest', async () => {
    await claim('mine', 'tablefull-1', store);
    await remember('mine', 'tablefull-1', { kubeProxy: 'mode: iptables' }, store);
    await release('mine', 'tablefull-1', store, false);
    const over = { namespace: 'tablefull-1', kubeProxy: 'mode: iptables' };
    expect(store.hasLeftovers()).toBe(true);
    expect((await claim('mine', 'tablefull-2', store)).run).toEqual(over);
    expect(store.get('mine')?.run).toEqual({ ...over, owner: runningProcess(process.pid) });
  });

  it('stays recorded after a failed undo of what has no original, such as its namespace', async () => {
    await claim('mine', 'tablefull-1', store);
    await release('mine', 'tablefull-1', store, false);
    expect(store.get('mine')?.run).toEqual({ namespace: 'tablefull-1' });
  });

  it('says what of an earlier run is not undone, and keeps that recorded', async () => {
    const record = { ...RECORD, run: deadRun() };
    await store.put(record);
    const configMap = (): Promise<never> => Promise.reject(new Error('can’t read ConfigMap kube-proxy'));
    const claimed = { record, api: { configMap } as unknown as Api, workers: [] };
    await expect(undoEarlierRun(claimed, 'tablefull-1', store)).rejects.toThrow(
      'what an earlier run changed on the cluster mine is not undone (can’t read ConfigMap kube-proxy); `tablefull lab down mine`, then up again',
    );
    expect(store.get('mine')).toEqual(record);
  });

  it('changes no record of another run', async () => {
    await claim('mine', 'tablefull-1', store);
    await remember('mine', 'tablefull-2', { kubeProxy: 'mode: nftables' }, store);
    await release('mine', 'tablefull-2', store);
    expect(store.get('mine')?.run).toEqual({ namespace: 'tablefull-1', owner: runningProcess(process.pid) });
  });
});
