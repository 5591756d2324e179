import type { Topology } from '../../scenario/topology.ts';

/** The sets of pods that are the cluster's own API server. */
export function apiServerSets({ services }: Pick<Topology, 'services'>): readonly string[] {
  return Object.values(services).flatMap(({ app, pods }) => (app === 'apiserver' ? [pods] : []));
}

/** The node that the cluster's own control plane stands for; undefined where a scenario has no part of it. */
export function controlPlaneOf(topology: Topology): string | undefined {
  return apiServerSets(topology).flatMap((set) => topology.pods[set]?.nodes ?? [])[0];
}

/** The nodes of a scenario that workers stand for, in order. */
export function workedNodes(topology: Topology): readonly string[] {
  const controlPlane = controlPlaneOf(topology);
  return topology.nodes.filter((node) => node !== controlPlane);
}
