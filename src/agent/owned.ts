import type { LoadPod, LoadService } from '../load/context.ts';
import type { AgentEnvironment } from './agent-environment.ts';
import { podsIn, type Pod, type Service } from './network.ts';

export type OwnedPod = Pod & LoadPod;
type Owner = Pick<AgentEnvironment, 'network' | 'own'>;

/** The pods of a set; `own` marks this agent's. @throws Error where the topology has no such set */
export function podsOf({ network, own }: Owner, set: string): readonly [OwnedPod, ...OwnedPod[]] {
  const [first, ...others] = podsIn(network.pods, set);
  return [owned(own, first), ...others.map((pod) => owned(own, pod))];
}

/** A service; `own` marks this agent's endpoints. */
export function ownedService({ own }: Pick<Owner, 'own'>, service: Service): LoadService {
  return { ...service, endpoints: service.endpoints.map((pod) => owned(own, pod)) };
}

function owned(own: readonly string[], pod: Pod): OwnedPod {
  return { ...pod, own: own.includes(pod.node) };
}
