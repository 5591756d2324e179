import type { V1Pod } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import type { ManifestObject } from '../../../../src/change/kubernetes-object.ts';
import { authored, nameOf, type Objects } from '../../../../src/lab/kind/outside/api/objects.ts';
import {
  applyManifest,
  putBack,
  type Replaced,
} from '../../../../src/lab/kind/outside/changes/applied-manifest.ts';
import { rolloutOf } from '../../../../src/lab/kind/outside/changes/rollout.ts';
import { NEVER } from '../../support/never.ts';

const CONFIG: ManifestObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'kube-system' },
  data: { a: 'new' },
};
const TUNE: ManifestObject = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'tune', namespace: 'kube-system' },
  spec: { selector: { matchLabels: { app: 'tune' } } },
};

function pod(status: object): V1Pod {
  return JSON.parse(JSON.stringify({ kind: 'Pod', status })) as V1Pod;
}
const READY = pod({ conditions: [{ type: 'Ready', status: 'True' }] });
const waiting = (reason: string, exitCode?: number): V1Pod =>
  pod({
    initContainerStatuses: [
      {
        name: 'set',
        image: 'busybox',
        state: { waiting: { reason } },
        ...(exitCode !== undefined && { lastState: { terminated: { exitCode } } }),
      },
    ],
  });

/** An API server in memory, which counts versions and rolls out at once. */
function cluster(there: readonly ManifestObject[] = [], pods: readonly V1Pod[] = [READY]) {
  const log: string[] = [];
  let version = 0;
  const kept = new Map<string, ManifestObject>();
  const put = (object: ManifestObject): void => {
    version++;
    kept.set(nameOf(object), {
      ...structuredClone(object),
      metadata: { ...object.metadata, uid: 'u', resourceVersion: String(version), generation: version },
      status: {
        observedGeneration: version,
        desiredNumberScheduled: 1,
        updatedNumberScheduled: 1,
        numberReady: pods.includes(READY) ? 1 : 0,
      },
    });
  };
  for (const object of there) put(object);
  const objects: Objects = {
    create: () => Promise.reject(new Error('a manifest is applied')),
    read: (object) => Promise.resolve(kept.get(nameOf(object)) ?? object),
    find: (object) => Promise.resolve(kept.get(nameOf(object))),
    apply: (object) => {
      log.push(`apply ${nameOf(object)}`);
      const before = kept.get(nameOf(object));
      put({ ...before, ...object, metadata: { ...before?.metadata, ...object.metadata } });
      return Promise.resolve();
    },
    replace: (object) => {
      log.push(`replace ${nameOf(object)}`);
      put(object);
      return Promise.resolve();
    },
    remove: (object) => {
      log.push(`remove ${nameOf(object)}`);
      kept.delete(nameOf(object));
      return Promise.resolve();
    },
    podsOf: () => Promise.resolve(pods),
  };
  const remembered: (Replaced | undefined)[] = [];
  const around = {
    objects,
    remember: (replaced: Replaced | undefined) => {
      log.push(replaced === undefined ? 'forget' : 'remember');
      remembered.push(replaced);
      return Promise.resolve();
    },
    others: {
      read: () => Promise.resolve({ control: { 'net.ipv4.ip_forward': '1' } }),
      restore: () => Promise.resolve(void log.push('sysctls of other nodes')),
    },
    images: () => Promise.resolve(['registry.k8s.io/etcd:3.6', 'registry.k8s.io/pause:3.10']),
    signal: NEVER,
    within: { rollout: 400, gone: 400 },
  };
  return { objects, log, kept, around, remembered };
}

describe('a manifest that is applied to a cluster', () => {
  it('is remembered first, applied in order, and undone in reverse: what was there is put back', async () => {
    const before = { ...CONFIG, data: { a: 'old', b: 'kept' } };
    const { around, log, kept, remembered } = cluster([before]);
    const done = await applyManifest([CONFIG, TUNE], around);
    expect(log.splice(0)).toEqual([
      'remember',
      'apply ConfigMap kube-system/settings',
      'apply DaemonSet kube-system/tune',
    ]);
    expect(remembered[0]).toEqual({
      created: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: TUNE.metadata }],
      before: [before],
      sysctls: { control: { 'net.ipv4.ip_forward': '1' } },
    });
    expect(done.readings.map(({ after }) => after)).toEqual([
      'ConfigMap kube-system/settings: applied',
      'DaemonSet kube-system/tune: 1 of 1 pods ready',
    ]);
    await done.undo();
    expect(log).toEqual([
      'remove DaemonSet kube-system/tune',
      'replace ConfigMap kube-system/settings',
      'sysctls of other nodes',
      'forget',
    ]);
    expect([...kept.values()].map(authored)).toEqual([before]);
  });

  it('whose pods crash is what the manifest does: the run goes on, and says so', async () => {
    const { around } = cluster([], [waiting('CrashLoopBackOff', 255)]);
    const { readings } = await applyManifest([TUNE], around);
    expect(readings[0]?.after).toBe(
      'DaemonSet kube-system/tune: 0 of 1 pods ready; init container set: exit code 255, CrashLoopBackOff',
    );
  });

  it('whose image no node has was not tried: it is undone, and the error names the images that there are', async () => {
    const { around, log, kept } = cluster([], [waiting('ImagePullBackOff')]);
    await expect(applyManifest([TUNE], around)).rejects.toThrow(
      /init container set: busybox: ImagePullBackOff; the nodes have registry\.k8s\.io\/pause:3\.10/,
    );
    expect(log.at(-1)).toBe('forget');
    expect(kept.size).toBe(0);
  });

  it('that does not roll out in time says how far it came', async () => {
    const { around } = cluster([], [pod({})]);
    const { readings } = await applyManifest([TUNE], around);
    expect(readings[0]?.after).toBe('DaemonSet kube-system/tune: 0 of 1 pods ready after 0.4 s');
  });

  it('is not restored where an object does not come back as it was', async () => {
    const { objects, around } = cluster([{ ...CONFIG, data: { a: 'other' } }]);
    const stubborn: Objects = { ...objects, replace: () => Promise.resolve() };
    await expect(
      putBack({ created: [], before: [CONFIG], sysctls: {} }, { ...around, objects: stubborn }),
    ).rejects.toThrow('ConfigMap kube-system/settings is not as it was');
  });
});

describe('the rollout of a workload', () => {
  const deployment = (status: object): ManifestObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd', generation: 2 },
    spec: { replicas: 2 },
    status,
  });

  it.each([
    ['of an old generation', { observedGeneration: 1, updatedReplicas: 2, readyReplicas: 2 }, 'waiting'],
    [
      'with pods of the old template',
      { observedGeneration: 2, updatedReplicas: 1, readyReplicas: 2 },
      'waiting',
    ],
    ['complete', { observedGeneration: 2, updatedReplicas: 2, readyReplicas: 2 }, 'ready'],
  ])('%s is %s', (_, status, state) => {
    expect(rolloutOf(deployment(status), []).state).toBe(state);
  });

  it('of a pod that the kubelet refuses has failed', () => {
    const refused = pod({ phase: 'Failed', reason: 'SysctlForbidden' });
    expect(rolloutOf({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } }, [refused])).toMatchObject({
      state: 'failed',
      said: expect.stringContaining('SysctlForbidden') as string,
    });
  });
});
