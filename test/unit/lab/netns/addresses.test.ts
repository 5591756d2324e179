import { expect, it } from 'vitest';
import { address } from '../../../../src/lab/netns/addresses.ts';
import { podsWithTable, topologySchema } from '../../../../src/schema/topology.ts';

const service = { pods: 'server', port: 80 };
const topology = topologySchema.parse({
  nodes: ['worker-1', 'worker-2'],
  pods: {
    server: { replicas: 2, nodes: ['worker-2'], ownTable: true },
    client: { replicas: 1, nodes: ['worker-1', 'worker-2'], ownTable: true },
    other: { replicas: 1, nodes: ['worker-1'] },
  },
  services: { app: { ...service, app: 'echo' }, proxy: { ...service, app: 'echo', targetPort: 15_006 } },
});

it('pods listen on their service’s targetPort, or else on their app’s', () => {
  expect(address(topology).services.map(({ targetPort }) => targetPort)).toEqual([7007, 15_006]);
});

it.each(['dns', 'apiserver', 'boom-pod'])('the app %s has a port that no targetPort changes', (app) => {
  const given = { ...topology, services: { app: { ...service, app, targetPort: 81 } } };
  expect(() => topologySchema.parse(given)).toThrow(/of the apps apiserver, boom-pod, dns the port is fixed/);
});

it('pods whose table is sampled have the names that the lab gives them', () => {
  const names = address(topology).pods.map(({ name }) => name);
  expect(podsWithTable(topology)).toEqual(names.filter((name) => !name.startsWith('other')));
});
