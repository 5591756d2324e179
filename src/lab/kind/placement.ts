import type { App } from '../../server/apps.ts';
import type { Topology } from '../../schema/topology.ts';

/** The sets of pods behind services of an app. */
export function setsOf(
  { topology }: { readonly topology: Pick<Topology, 'services'> },
  app: App,
): readonly string[] {
  return Object.values(topology.services).flatMap((service) => (service.app === app ? [service.pods] : []));
}

/** The node that the cluster's control plane stands for; undefined where a scenario does not use it. */
export function controlPlaneOf(topology: Topology): string | undefined {
  return setsOf({ topology }, 'apiserver').flatMap((set) => topology.pods[set]?.nodes ?? [])[0];
}

/** The nodes of a scenario that workers stand for, in order. */
export function workedNodes(topology: Topology): readonly string[] {
  const controlPlane = controlPlaneOf(topology);
  return topology.nodes.filter((node) => node !== controlPlane);
}
