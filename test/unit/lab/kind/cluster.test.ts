import { describe, expect, it } from 'vitest';
import { createCluster } from '../../../../src/lab/kind/outside/cluster/cluster.ts';
import { ClusterStore } from '../../../../src/lab/kind/outside/cluster/cluster-store.ts';
import { FakeKind } from './fake-kind.ts';
import { FakeSysctls } from './fake-sysctls.ts';

const NEVER = new AbortController().signal;
const TAKEN =
  'there is a kind cluster mine that tablefull did not create as this user: use another --name; if it was created with sudo, or without, do the same';

function creating({ env }: FakeKind, store = new ClusterStore(env, new FakeSysctls())) {
  const nothing = (): undefined => undefined;
  const deleteEntries = (): Promise<void> => Promise.resolve();
  const context = { store, env, say: nothing, onLeft: nothing, signal: NEVER, deleteEntries };
  return createCluster({ workers: 1 }, { name: 'mine', keep: true }, context);
}

describe('a cluster of a name that kind already has', () => {
  it('is refused, and left as it is', async () => {
    using kind = new FakeKind('echo "ERROR: node(s) already exist" >&2; exit 1');
    kind.haveCluster();
    await expect(creating(kind)).rejects.toThrow(TAKEN);
    expect(kind).toMatchObject({ hasCluster: true, asked: [] });
    expect(new ClusterStore(kind.env).all()).toEqual([]);
  });

  it('is left as it is also where it came up while ours was about to', async () => {
    using kind = new FakeKind(
      `node; echo 'ERROR: failed to create cluster: node(s) already exist for a cluster with the name "mine"' >&2; exit 1`,
    );
    await expect(creating(kind)).rejects.toThrow(TAKEN);
    expect(kind).toMatchObject({ hasCluster: true, asked: ['create'] });
    expect(new ClusterStore(kind.env).all()).toEqual([]);
  });
});

it('a cluster that kind could not finish is deleted with its record', async () => {
  using kind = new FakeKind('node; echo "ERROR: no disk" >&2; exit 1');
  await expect(creating(kind)).rejects.toThrow('kind could not create the cluster:\nERROR: no disk');
  expect(kind).toMatchObject({ hasCluster: false, asked: ['create', 'delete'] });
  expect(new ClusterStore(kind.env).all()).toEqual([]);
});
