import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runningProcess, type Owner } from '../../../../src/guard/owner.ts';
import {
  clusterFolder,
  ClusterStore,
  hasDeadRun,
  isOrphan,
  type ClusterRecord,
} from '../../../../src/lab/kind/outside/cluster/cluster-store.ts';

const RECORD: ClusterRecord = {
  schema: 'tablefull/cluster/v1',
  name: 'tablefull-one',
  workers: 2,
  bare: false,
  createdAt: '2026-01-02T00:00:00.000Z',
};

/** This process. */
function alive(): Owner {
  const owner = runningProcess(process.pid);
  if (owner === undefined) throw new Error('this process runs');
  return owner;
}

/** A process that has ended, and is no zombie any more. */
function dead(): Owner {
  return { pid: spawnSync('true').pid, starttime: alive().starttime };
}

/** A later process with the number of one that has ended. */
function reused(): Owner {
  return { ...alive(), starttime: alive().starttime - 1 };
}

let state: string;
let store: ClusterStore;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'cluster-store-'));
  store = new ClusterStore({ XDG_STATE_HOME: state });
});
afterEach(() => {
  rmSync(state, { recursive: true });
});

/** A record as the next command reads it. */
async function stored(more: Partial<ClusterRecord>): Promise<ClusterRecord> {
  await store.put({ ...RECORD, ...more });
  const [record, ...others] = new ClusterStore({ XDG_STATE_HOME: state }).all();
  if (record === undefined || others.length > 0) throw new Error('one record');
  return record;
}

describe('a cluster that a command left behind', () => {
  it('a cluster is an orphan once the process is gone whose it was, also where another has its number', async () => {
    expect(isOrphan(await stored({ owner: alive() }))).toBe(false);
    expect(isOrphan(await stored({ owner: dead() }))).toBe(true);
    expect(isOrphan(await stored({ owner: reused() }))).toBe(true);
  });

  it('a cluster that is kept belongs to nobody and is never an orphan', async () => {
    expect(isOrphan(await stored({}))).toBe(false);
    expect(isOrphan(await stored({ run: { namespace: 'tablefull-1', owner: dead() } }))).toBe(false);
  });

  it('a kept cluster has a dead run once the process of the run is gone, and only where it has a run', async () => {
    const run = (owner: Owner) => ({ run: { namespace: 'tablefull-1', owner } });
    expect(hasDeadRun(await stored(run(alive())))).toBe(false);
    expect(hasDeadRun(await stored(run(dead())))).toBe(true);
    expect(hasDeadRun(await stored(run(reused())))).toBe(true);
    expect(hasDeadRun(await stored({}))).toBe(false);
  });

  it('the run of a record keeps what kube-proxy’s configuration was before it', async () => {
    const run = { namespace: 'tablefull-1', owner: dead(), kubeProxy: 'mode: iptables\n' };
    expect((await stored({ run })).run).toEqual(run);
  });
});

describe('the records of clusters', () => {
  it('records are listed oldest first, until each is removed', async () => {
    await store.put({ ...RECORD, name: 'a-younger', createdAt: '2026-01-03T00:00:00.000Z' });
    await store.put(RECORD);
    expect(store.all().map(({ name }) => name)).toEqual(['tablefull-one', 'a-younger']);
    store.remove('tablefull-one');
    expect(store.all().map(({ name }) => name)).toEqual(['a-younger']);
  });

  it('there are no records where nothing was ever created', () => {
    expect(store.all()).toEqual([]);
    expect(store.get('tablefull-one')).toBeUndefined();
  });

  it.each(['{"schema":"tablefull/cluster/v1","name":', '{"schema":"tablefull/cluster/v0"}', ''])(
    'what is no record of this version is left alone and not listed: %j',
    async (text) => {
      await store.put(RECORD);
      const folder = clusterFolder({ XDG_STATE_HOME: state }, 'theirs');
      mkdirSync(folder);
      writeFileSync(join(folder, 'cluster.json'), text);
      expect(store.all().map(({ name }) => name)).toEqual(['tablefull-one']);
      expect(statSync(folder).isDirectory()).toBe(true);
    },
  );

  it('a name that leads out of the folder is no cluster’s', async () => {
    await store.put(RECORD);
    expect(store.get('../kind/tablefull-one')).toBeUndefined();
  });

  it('only the user may enter the folder of a cluster, which has its kubeconfig', async () => {
    await store.put(RECORD);
    expect(statSync(clusterFolder({ XDG_STATE_HOME: state }, RECORD.name)).mode & 0o777).toBe(0o700);
  });

  it('records lie below the home folder where no folder for state is named', () => {
    expect(clusterFolder({ HOME: '/home/someone' }, 'x')).toBe('/home/someone/.local/state/tablefull/kind/x');
  });
});
