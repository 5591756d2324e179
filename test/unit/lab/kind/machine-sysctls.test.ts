import { describe, expect, it } from 'vitest';
import { createCluster } from '../../../../src/lab/kind/outside/cluster/cluster.ts';
import { ClusterStore } from '../../../../src/lab/kind/outside/cluster/cluster-store.ts';
import { deleteCluster } from '../../../../src/lab/kind/outside/cluster/delete-cluster.ts';
import { deleteOrphans } from '../../../../src/lab/kind/outside/cluster/open-cluster.ts';
import { FakeKind, RECORD } from './fake-kind.ts';
import { FakeSysctls } from './fake-sysctls.ts';

const NEVER = new AbortController().signal;
const NOTHING = (): Promise<void> => Promise.resolve();
const LEFT = ['vm.overcommit_memory', 'kernel.panic', 'kernel.panic_on_oops'].map(
  (name) =>
    `${name}, which the cluster’s kubelets have set, could not be restored (set ${name} to 0: EACCES); as root, \`sysctl -w ${name}=0\` restores it`,
);

/** A machine with clusters of these names, whose kubelets have started. */
async function machine(kind: FakeKind, names = ['mine']) {
  const sysctls = new FakeSysctls();
  const store = new ClusterStore(kind.env, sysctls);
  for (const name of names) {
    await store.machine.record();
    await store.put({ ...RECORD, name });
    sysctls.kubelet();
    await store.machine.settle();
  }
  return { sysctls, store, around: { store, env: kind.env, deleteEntries: NOTHING } };
}

describe('sysctls of the machine that kubelets have set', () => {
  it('are restored with the last cluster, to what they were before the first', async () => {
    using kind = new FakeKind();
    const { sysctls, around } = await machine(kind, ['mine', 'other']);
    expect(await deleteCluster(RECORD, around)).toEqual([]);
    expect(sysctls.now).toBe('1 10 1');
    expect(await deleteCluster({ ...RECORD, name: 'other' }, around)).toEqual([]);
    expect(sysctls.now).toBe('0 0 0');
  });

  it('are restored from a node for a user who may not write them', async () => {
    using kind = new FakeKind();
    const { sysctls, store } = await machine(kind);
    sysctls.isRoot = false;
    const { left } = await store.machine.restore((name, value) => {
      sysctls.values.set(name, value);
      return Promise.resolve();
    });
    expect(left).toEqual([]);
    expect(sysctls.now).toBe('0 0 0');
    expect(store.machine.isRecorded).toBe(false);
  });

  it('are each reported where only root can restore them, until they are restored', async () => {
    using kind = new FakeKind();
    const { sysctls, store, around } = await machine(kind);
    sysctls.isRoot = false;
    expect(await deleteCluster(RECORD, around)).toEqual(LEFT);
    expect(store.all()).toEqual([]);
    sysctls.values.set('kernel.panic', '0');
    expect(store.hasLeftovers()).toBe(true);
    expect((await deleteOrphans(around)).left).toEqual([LEFT[0], LEFT[2]]);
    sysctls.isRoot = true;
    expect(await deleteOrphans(around)).toEqual({
      status: 'complete',
      restored: ['vm.overcommit_memory = 0 (was 1)', 'kernel.panic_on_oops = 0 (was 1)'],
      left: [],
    });
    expect(store.hasLeftovers()).toBe(false);
  });

  it('are left to whoever has changed one since, and named once', async () => {
    using kind = new FakeKind();
    const { sysctls, store, around } = await machine(kind);
    sysctls.values.set('kernel.panic', '30');
    expect(await deleteCluster(RECORD, around)).toEqual([
      'kernel.panic is 30: it was 0, the cluster’s kubelets set 10, and somebody has changed it since, so it is left alone; `sysctl -w kernel.panic=0` restores it',
    ]);
    expect(sysctls.now).toBe('0 30 0');
    expect(store.hasLeftovers()).toBe(false);
  });

  it('are restored to what somebody had set between two clusters', async () => {
    using kind = new FakeKind();
    const { sysctls, store, around } = await machine(kind);
    sysctls.values.set('kernel.panic', '30');
    await store.machine.record();
    sysctls.kubelet();
    await store.machine.settle();
    expect(await deleteCluster(RECORD, around)).toEqual([]);
    expect(sysctls.now).toBe('0 30 0');
  });

  it('are restored where the cluster was never ready', async () => {
    using kind = new FakeKind();
    const sysctls = new FakeSysctls();
    const store = new ClusterStore(kind.env, sysctls);
    await store.machine.record();
    sysctls.kubelet();
    expect((await store.machine.restore()).left).toEqual([]);
    expect(sysctls.now).toBe('0 0 0');
  });

  it('are of the boot in which they were set: later ones are named where they are the same, and left alone', async () => {
    using kind = new FakeKind();
    const { sysctls } = await machine(kind);
    sysctls.values.set('kernel.panic', '0').set('kernel.panic_on_oops', '7');
    const later = new ClusterStore(kind.env, sysctls, () => 'another boot');
    expect(await deleteCluster(RECORD, { store: later, env: kind.env, deleteEntries: NOTHING })).toEqual([
      'vm.overcommit_memory is 1, as the cluster’s kubelets set it before the last boot; it was 0: `sysctl -w vm.overcommit_memory=0` restores it',
    ]);
    expect(sysctls.now).toBe('1 0 7');
    expect(later.hasLeftovers()).toBe(false);
  });

  it('are each reported where a cluster could not be created', async () => {
    using kind = new FakeKind('node; exit 1');
    const sysctls = new FakeSysctls();
    const store = new ClusterStore(kind.env, sysctls);
    const left: string[] = [];
    const onLeft = (what: string) => left.push(what);
    const say = (line: string): void => {
      if (!line.startsWith('creating')) return;
      sysctls.kubelet();
      sysctls.isRoot = false;
    };
    const around = { store, env: kind.env, say, onLeft, signal: NEVER, deleteEntries: NOTHING };
    const creating = createCluster({ workers: 1 }, { name: 'mine', keep: true }, around);
    await expect(creating).rejects.toThrow('kind could not create the cluster');
    expect(left).toEqual(LEFT);
  });
});

it('a cluster whose creation failed and that kind does not delete is reported', async () => {
  using kind = new FakeKind('node; exit 1', 'echo "ERROR: permission denied" >&2; exit 1');
  const store = new ClusterStore(kind.env, new FakeSysctls());
  const left: string[] = [];
  const onLeft = (what: string) => left.push(what);
  const around = {
    store,
    env: kind.env,
    say: () => undefined,
    onLeft,
    signal: NEVER,
    deleteEntries: NOTHING,
  };
  const creating = createCluster({ workers: 1 }, { name: 'mine', keep: true }, around);
  await expect(creating).rejects.toThrow('kind could not create the cluster');
  expect(left).toEqual([expect.stringMatching(/^the cluster mine was not deleted: .*permission denied$/)]);
});
