import type { V1Pod } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import { CrashingPods } from '../../../../src/lab/kind/outside/workloads/crashing-pods.ts';
import { SET_LABEL } from '../../../../src/lab/kind/outside/workloads/manifests.ts';
import { topologySchema } from '../../../../src/schema/topology.ts';
import { NEVER } from '../../support/never.ts';

const topology = topologySchema.parse({
  nodes: ['worker-1'],
  pods: { boom: { replicas: 2, nodes: ['worker-1'] }, web: { replicas: 1, nodes: ['worker-1'] } },
  services: {
    boom: { pods: 'boom', port: 80, app: 'boom-pod' },
    'boom-dns': { pods: 'boom', port: 80, app: 'boom-pod', headless: true },
    web: { pods: 'web', port: 80, app: 'http' },
  },
});
const ADDRESSES = { boom: '10.96.0.7', 'boom-dns': 'None', web: '10.96.0.8' };

function pod(podIP: string, { ready = true, gone = false } = {}): V1Pod {
  const object: unknown = {
    metadata: {
      labels: { [SET_LABEL]: 'boom' },
      ...(gone && { deletionTimestamp: new Date(0) }),
    },
    status: { podIP, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
  return object as V1Pod;
}

function crashing(replaced: number, pods: readonly V1Pod[]): CrashingPods {
  const api = { pods: { replace: () => Promise.resolve(replaced), ofSets: () => Promise.resolve(pods) } };
  return new CrashingPods(api, 'tablefull-1', { topology }, ADDRESSES);
}

it('services lead to the new pods once crashed ones were replaced, and not to those that end', async () => {
  const pods = [pod('10.244.1.9', { gone: true }), pod('10.244.1.2'), pod('10.244.1.3', { ready: false })];
  expect(await crashing(1, pods).renew(NEVER)).toEqual([{ address: '10.96.0.7', ips: ['10.244.1.2'] }]);
});

it('nothing is awaited of kube-proxy where no pod has crashed', async () => {
  expect(await crashing(0, [pod('10.244.1.2')]).renew(NEVER)).toEqual([]);
});
