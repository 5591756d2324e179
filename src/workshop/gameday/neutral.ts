import type { Protocol } from '../../schema/protocol.ts';

type Load = Protocol['demand'];

/** Names that say nothing, in the order of the topology. */
const POD_SETS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'];
const SERVICES = ['one', 'two', 'three', 'four', 'five', 'six'];

/**
 * A protocol without names that tell what it is about: pods and services are renamed. What happens is the
 * same.
 */
export function neutral(protocol: Protocol): Protocol {
  const { topology, fault } = protocol;
  const pods = renaming(Object.keys(topology.pods), POD_SETS);
  // The name of the cluster's DNS is what pods look up.
  const services = renaming(
    Object.keys(topology.services).filter((name) => name !== 'kube-dns'),
    SERVICES,
  );
  const load = (each: Load): Load => ({
    ...each,
    ...('pods' in each && { pods: pods(each.pods) }),
    ...('service' in each && { service: services(each.service) }),
  });
  return {
    ...protocol,
    topology: {
      ...topology,
      pods: Object.fromEntries(Object.entries(topology.pods).map(([name, set]) => [pods(name), set])),
      services: Object.fromEntries(
        Object.entries(topology.services).map(([name, service]) => [
          services(name),
          {
            ...service,
            pods: pods(service.pods),
            calls: service.calls.map((call) => ({ ...call, service: services(call.service) })),
          },
        ]),
      ),
    },
    fault: 'pods' in fault && fault.pods !== undefined ? { ...fault, pods: pods(fault.pods) } : fault,
    demand: load(protocol.demand),
    background: Object.fromEntries(
      Object.entries(protocol.background).map(([name, each]) => [name, load(each)]),
    ),
    ...(protocol.canaries !== undefined && {
      canaries: {
        ...protocol.canaries,
        pods: pods(protocol.canaries.pods),
        service: services(protocol.canaries.service),
      },
    }),
  };
}

function renaming(names: readonly string[], to: readonly string[]): (name: string) => string {
  const known = new Map(names.map((name, i) => [name, to[i] ?? `x${String(i)}`]));
  return (name) => known.get(name) ?? name;
}
