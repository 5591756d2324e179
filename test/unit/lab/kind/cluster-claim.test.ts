import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claim, release, remember } from '../../../../src/lab/kind/outside/cluster/cluster-claim.ts';
import { ClusterStore, type ClusterRecord } from '../../../../src/lab/kind/outside/cluster/cluster-store.ts';

const RECORD: ClusterRecord = {
  schema: 'tablefull/cluster/v1',
  name: 'mine',
  workers: 1,
  bare: false,
  createdAt: '2026-01-02T00:00:00.000Z',
};
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

describe('a run that gives a kept cluster back', () => {
  const cluster = { record: RECORD };

  it('leaves no mark on it', async () => {
    await claim(cluster, 'tablefull-1', store);
    await remember(cluster, { manifest: MANIFEST, kubeProxy: 'mode: iptables' }, store);
    await remember(cluster, { manifest: undefined, kubeProxy: undefined }, store);
    await release(cluster, store);
    expect(store.get('mine')).toEqual(RECORD);
  });

  it.each([{ manifest: MANIFEST }, { kubeProxy: 'mode: iptables' }])(
    'keeps the originals of what it did not put back, for the next command: %j',
    async (replaced) => {
      await claim(cluster, 'tablefull-1', store);
      await remember(cluster, replaced, store);
      await release(cluster, store);
      expect(store.get('mine')?.run).toMatchObject(replaced);
    },
  );
});
