import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClusterStore } from '../../../../src/lab/kind/outside/cluster/cluster-store.ts';
import { keptClusters } from '../../../../src/lab/kind/outside/cluster/kept-clusters.ts';
import type { LabUpOptions } from '../../../../src/lab/kept.ts';
import { OptionError } from '../../../../src/util/option-error.ts';
import { failureOf } from '../../failure-of.ts';
import { NEVER } from '../../support/never.ts';

const USER = { file: 'kind.yaml', cluster: { nodes: [] }, workers: 2, image: undefined, objects: [] };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a cluster to keep whose options are wrong is refused before anything is made', () => {
  it.each<[LabUpOptions, string]>([
    [
      { conntrack: { x: 'y' } },
      '--conntrack x: unknown key "x"; its keys are maxPerCore, min, tcpEstablishedTimeout, tcpCloseWaitTimeout, udpTimeout, udpStreamTimeout, tcpBeLiberal',
    ],
    [
      { conntrack: { maxPerCor: '0' } },
      '--conntrack maxPerCor: unknown key "maxPerCor"; did you mean maxPerCore?',
    ],
    [{ conntrack: { min: 'many' } }, '--conntrack min: is "many"; give a number'],
    [{ conntrack: { udpTimeout: '30' } }, '--conntrack udpTimeout: must be a Go duration: 30s, 1h0m0s'],
    [{ workers: 40 }, '--workers: is 40; give at most 20'],
    [{ image: '' }, '--image: is too short; give at least 1'],
    [
      { workers: 3 },
      '--kind-config kind.yaml: --workers and nodes of kind.yaml exclude each other: give one of them',
    ],
  ])('%j', async (options, line) => {
    const env = { XDG_CACHE_HOME: folder, HOME: folder, TABLEFULL_KIND: '/nowhere' };
    const settings = options.workers === 3 ? { user: USER } : {};
    const up = keptClusters({ store: new ClusterStore(env), env }, settings).up(
      options,
      () => undefined,
      NEVER,
    );
    const failure = await failureOf(up);
    expect(failure).toBeInstanceOf(OptionError);
    expect(failure).toHaveProperty('message', line);
    expect(existsSync(join(folder, 'tablefull'))).toBe(false);
  });

  it('takes numbers, durations and truth values of kube-proxy’s section', async () => {
    const env = { XDG_CACHE_HOME: folder, HOME: folder, TABLEFULL_KIND: '/nowhere' };
    const conntrack = { maxPerCore: '0', udpTimeout: '30s', tcpBeLiberal: 'true' };
    const up = keptClusters({ store: new ClusterStore(env), env }, {}).up(
      { conntrack },
      () => undefined,
      NEVER,
    );
    await expect(up).rejects.toThrow('TABLEFULL_KIND names /nowhere, which does not exist');
  });
});
