import type { Message } from '../../../src/agent/rpc.ts';
import { Asked } from '../../../src/agent/asked.ts';
import type { Api } from '../../../src/lab/kind/outside/api/api.ts';
import { otherNodes } from '../../../src/lab/kind/outside/changes/other-nodes.ts';
import { ClusterChanges } from '../../../src/lab/kind/outside/changes/cluster-changes.ts';
import type { Cluster } from '../../../src/lab/kind/outside/cluster/cluster.ts';
import { KindLab } from '../../../src/lab/kind/outside/kind-lab.ts';
import type { KubeProxy } from '../../../src/lab/kind/outside/kube-proxy.ts';
import type { NodeAsk } from '../../../src/lab/kind/agent-rpc.ts';
import { NodeAgents, type NodeLink } from '../../../src/lab/kind/outside/node-agents.ts';
import type { Deployed } from '../../../src/lab/kind/outside/workloads/workloads.ts';
import type { LabOptions } from '../../../src/lab/lab.ts';
import type { Change } from '../../../src/change/index.ts';
import { NetnsLab } from '../../../src/lab/netns/outside/netns-lab.ts';
import { NEVER } from '../support/never.ts';
import { stub } from '../support/stub.ts';

/** A request's error, and whether it is "not restored"; undefined for success. */
export type Failing = (
  node: string,
  request: NodeAsk,
) => { readonly error: string; readonly notRestored?: boolean } | undefined;

/** An agent in memory, behind the harness's RPC client. */
export function fakeLink(node: string, log: string[], failing: Failing): NodeLink & { lose(): void } {
  const asked = new Asked<NodeAsk>(
    ({ id, ...request }) => {
      const step = request.method === 'phase' ? ` ${request.step}` : '';
      log.push(`${node} ${request.method}${step}`);
      const failure = failing(node, request);
      const answer: Message = failure === undefined ? { id, result: id } : { id, ...failure };
      queueMicrotask(() => {
        asked.receive(answer);
      });
    },
    () => undefined,
  );
  return {
    node,
    lost: asked.lost,
    ask: (request, signal) => asked.ask(request, signal),
    lose: () => {
      asked.fail(`the agent on ${node} is gone`);
    },
  };
}

function fakeLimit(log: string[], failing: boolean) {
  return {
    lost: NEVER,
    reserve: () => Promise.resolve(new AsyncDisposableStack()),
    concerns: (_: Change): _ is never => false,
    apply: () => Promise.reject(new Error('not here')),
    [Symbol.asyncDispose]: () => {
      log.push('limit put back');
      return failing ? Promise.reject(new Error('nf_conntrack_max is 7')) : Promise.resolve();
    },
  };
}

export interface Story {
  readonly failing?: Failing;
  readonly limitFails?: boolean;
  readonly sandboxFails?: boolean;
  /** Whether the cluster outlives the run. */
  readonly kept?: boolean;
  /** The harness’s part in changes; default: that of a cluster. */
  readonly changes?: Pick<ClusterChanges, 'apply' | 'begin'>;
  /** Agents of its own, and how the lab's end reaches them. */
  readonly agents?: { readonly links: readonly NodeLink[]; readonly down: () => Promise<void> };
}

/** A lab on a cluster whose agents and API server are in memory. */
export function fakeKindLab(options: LabOptions, story: Story = {}) {
  const { failing = () => undefined, limitFails = false, kept = true } = story;
  const log: string[] = [];
  const links = ['worker-1', 'worker-2'].map((node) => fakeLink(node, log, failing));
  const agents = new NodeAgents();
  agents.are(story.agents?.links ?? links);
  const api = stub<Api>();
  const cluster = stub<Cluster>({ record: stub(), api, kubeconfig: 'kubeconfig', workers: ['w1', 'w2'] });
  const found = stub<Deployed['found']>({ pods: [], services: {}, nodes: [] });
  const deployed = stub<Deployed>({ agents: [], found, image: '', nodes: new Map() });
  const namespace = 'tablefull-1';
  const kubeProxy = stub<KubeProxy>();
  const manifests = { remember: () => Promise.resolve(), others: otherNodes([]) };
  const around = { options, api, namespace, agents, kubeProxy, deployed, manifests };
  const { changes = new ClusterChanges(around) } = story;
  const standing = {
    [Symbol.asyncDispose]: async () => {
      log.push('nodes, namespace and cluster taken down');
      await story.agents?.down();
    },
  };
  const limit = fakeLimit(log, limitFails);
  const crashing = { renew: () => Promise.resolve([]), figures: () => Promise.resolve(undefined) };
  const lab = new KindLab(options, {
    ...{ cluster, namespace, agents, limit, changes, crashing, updates: undefined, kept, standing },
  });
  return { lab, log, links };
}

/** An embedded lab whose sandbox is in memory. */
export function fakeNetnsLab(options: LabOptions, story: Story = {}) {
  const { failing = () => undefined, limitFails = false, sandboxFails = false } = story;
  const log: string[] = [];
  const link = fakeLink('sandbox', log, failing);
  const sandbox = {
    pid: undefined,
    lost: link.lost,
    ask: link.ask,
    [Symbol.asyncDispose]: () => {
      log.push('sandbox ended');
      return sandboxFails ? Promise.reject(new Error('kill EPERM')) : Promise.resolve();
    },
  };
  const lab = new NetnsLab(options, { sandbox, limit: fakeLimit(log, limitFails) });
  return { lab, log, link };
}
