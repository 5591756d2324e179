import type { V1Pod } from '@kubernetes/client-node';
import type { HistoryEvent } from '../../../../schema/history.ts';
import type { LabOptions } from '../../../lab.ts';
import { AgentLink } from '../agents.ts';
import type { Api } from '../api/api.ts';
import { appProgram } from '../images/workload-image.ts';
import { AGENT_LABEL } from './manifests.ts';
import type { FoundNodes } from './placed-pods.ts';

/**
 * Starts the agent of each of the scenario's nodes.
 *
 * @param pods of the run, the agents' among them
 * @returns the agents in the topology's order: a change is made on one node after another
 */
export async function startAgents(
  {
    api,
    namespace,
    protocol,
    sink,
    signal,
  }: Pick<LabOptions, 'protocol' | 'sink' | 'signal'> & { readonly api: Api; readonly namespace: string },
  pods: readonly V1Pod[],
  { nameOf }: FoundNodes,
): Promise<readonly AgentLink[]> {
  const onEvents = (events: readonly HistoryEvent[]): void => {
    for (const event of events) sink(event);
  };
  const ofAgents = pods.filter(({ metadata }) => metadata?.labels?.[AGENT_LABEL] === 'agent');
  return Promise.all(
    protocol.topology.nodes.flatMap((node) => {
      const pod = ofAgents.find(({ spec }) => nameOf(spec?.nodeName ?? '') === node);
      if (pod === undefined) return [];
      const place = { namespace, pod: pod.metadata?.name ?? '', node };
      return [AgentLink.open({ api, ...place, command: agentCommand() }, onEvents, signal)];
    }),
  );
}

/** The process that works a node, in its own mount namespace, where it names network namespaces. */
function agentCommand(): readonly string[] {
  return [
    '/bin/unshare',
    '--mount',
    '--propagation',
    'private',
    '/bin/node',
    '--no-warnings',
    appProgram('lab/kind/inside/node-agent'),
  ];
}
