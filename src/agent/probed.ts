import { dumpEntries } from '../kernel/conntrack-dump.ts';
import type { Probed } from './probe/probe.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { AgentEnvironment } from './agent-environment.ts';
import { DEMAND_MARK, EITHER_MARK } from '../host/marks.ts';

/** What an agent's probes may read: its own nodes, and all pods by address. */
export function probedOf({
  protocol,
  environment: { network, namespaces, own, kubeProxy },
  ...rest
}: Pick<Probed, 'table' | 'served' | 'resolvers' | 'demand' | 'services'> & {
  readonly protocol: Protocol;
  readonly environment: AgentEnvironment;
}): Probed {
  return {
    ...rest,
    node: protocol.node,
    nodes: own,
    kubeProxy,
    namespace: (name) => namespaces.get(name),
    inspected: protocol.inspect,
    entries: (node) => dumpEntries(namespaces.get(node), DEMAND_MARK),
    podEntries: (node) => dumpEntries(namespaces.get(node), DEMAND_MARK, EITHER_MARK),
    podAt: (ip) => network.pods.find((pod) => pod.ip === ip)?.name,
    podsOn: (node) => network.pods.filter((pod) => pod.node === node).map(({ name }) => name),
  };
}
