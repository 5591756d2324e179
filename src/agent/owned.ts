import type { LoadPod, LoadService } from '../load/context.ts';
import type { AgentEnvironment } from './agent-environment.ts';
import type { Pod, Service } from './network.ts';

type Owner = Pick<AgentEnvironment, 'network' | 'own'>;

/** The pods of a set; `own` marks this agent's. @throws Error where the topology has no such set */
export function podsOf({ network, own }: Owner, set: string): readonly (Pod & LoadPod)[] {
  const pods = network.pods.filter((pod) => pod.set === set).map((pod) => owned(own, pod));
  if (pods.length === 0) throw new Error(`there are no pods ${set}; add them to topology.pods`);
  return pods;
}

/** A service; `own` marks this agent's endpoints. */
export function ownedService({ own }: Pick<Owner, 'own'>, service: Service): LoadService {
  return { ...service, endpoints: service.endpoints.map((pod) => owned(own, pod)) };
}

function owned(own: readonly string[], pod: Pod): Pod & LoadPod {
  return { ...pod, own: own.includes(pod.node) };
}
