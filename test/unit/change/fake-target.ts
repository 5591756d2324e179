import { LabSettings } from '../../../src/agent/lab-settings.ts';
import type { Network } from '../../../src/agent/network.ts';
import { settingsOf, targetOf } from '../../../src/agent/target.ts';
import type { Done } from '../../../src/change/done.ts';
import type { LabTarget } from '../../../src/change/index.ts';
import type { Proxy } from '../../../src/change/target.ts';
import { FakeHost } from '../../../src/host/fake-host.ts';
import { PROTOCOL } from '../judge/history-builder.ts';

export const NODES = ['worker-1', 'worker-2', 'worker-3'] as const;

/** Three nodes in memory with a pod each, and a target for changes. */
export function fakeTarget(proxies: readonly Proxy[] = []) {
  const hosts = new Map<string, FakeHost>();
  const host = (name: string): FakeHost => {
    let known = hosts.get(name);
    if (known === undefined) hosts.set(name, (known = new FakeHost(name, { limit: 1000, buckets: 1000 })));
    return known;
  };
  const network: Network = {
    // In another order than the scenario's nodes, like a cluster's controller.
    nodes: NODES.map((name, i) => ({ name, ip: '', podCidr: `10.244.${String(9 - i)}.0/24` })),
    pods: NODES.map((node) => ({ name: `app-${node}`, set: 'app', node, ip: '', link: 'pod0' })),
    services: [],
  };
  const nothing = (): Promise<Done> => Promise.reject(new Error('not in this test'));
  const target: LabTarget = targetOf({
    protocol: PROTOCOL,
    squeeze: 'ballast',
    environment: {
      network,
      hosts: { get: host },
      own: NODES,
      resolver: undefined,
      cache: undefined,
      byLab: () => ({}),
    },
    endpoints: {
      services: [],
      service: () => {
        throw new Error('not in this test');
      },
      addresses: () => [],
      repoint: nothing,
    },
    settings: new LabSettings(settingsOf(PROTOCOL), () => undefined),
    proxies,
    fillForReal: () => Promise.resolve(),
    onSqueeze: () => undefined,
  });
  return { target, host };
}
