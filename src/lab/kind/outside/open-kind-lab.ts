import { oneLine } from '../../../util/error-text.ts';
import type { Protocol } from '../../../schema/protocol.ts';
import type { LabOptions } from '../../lab.ts';
import { MachineLimit } from '../../machine-limit.ts';
import { inNamespace } from '../dns-config.ts';
import { workedNodes } from '../placement.ts';
import { ClusterChanges, KUBE_PROXY_MS } from './changes/cluster-changes.ts';
import { otherNodes } from './changes/other-nodes.ts';
import { Updates } from './changes/updates.ts';
import { release, remember, runNamespace } from './cluster/cluster-claim.ts';
import { createCluster, nodesOf, type Cluster } from './cluster/cluster.ts';
import { deleteCluster, type DeleteContext } from './cluster/delete-cluster.ts';
import { openCluster } from './cluster/open-cluster.ts';
import type { ClusterSettings } from './cluster/settings.ts';
import { KindLab } from './kind-lab.ts';
import { KubeProxy } from './kube-proxy.ts';
import { NodeAgents } from './node-agents.ts';
import { CrashingPods } from './workloads/crashing-pods.ts';
import { deploy, type Deployed, type Run } from './workloads/workloads.ts';

/** Configuration of the lab's entry. */
export interface KindOptions {
  /** A kept cluster to use instead of creating one. */
  readonly reuse: string | undefined;
  readonly settings: ClusterSettings;
}

/** A lab that opens. */
interface Opening extends KindOptions {
  readonly options: LabOptions;
  readonly context: DeleteContext;
  /** Of the run. */
  readonly namespace: string;
  readonly undo: Run['undo'];
  /** Whether every undo so far has succeeded. */
  readonly isUndone: () => boolean;
}

/** Opens a lab on a cluster of its own, or on a kept one. What was made is undone where that fails. */
export async function openKindLab(
  kind: KindOptions,
  context: DeleteContext,
  options: LabOptions,
): Promise<KindLab> {
  // Undone at the end, in reverse: the nodes, the namespace, the machine's limit, the cluster.
  await using standing = new AsyncDisposableStack();
  const namespace = runNamespace();
  const opening = { ...kind, ...undoing(standing, options.onLeft), options, context, namespace };
  const cluster = await takeCluster(opening);
  const nodes = nodesUnderTest(cluster, options);
  const agents = new NodeAgents();
  const kubeProxy = kubeProxyOf(opening, cluster, nodes, agents);
  const limit = standing.use(await MachineLimit.open(options, { bridged: true }));
  const protocol = inNamespace(options.protocol, namespace);
  const stays = kind.reuse !== undefined;
  const deployed = await deploy({ ...options, protocol, cluster, namespace, stays, undo: opening.undo });
  await bringUp(agents, deployed, protocol, options);
  const { api } = cluster;
  const manifests = manifestsOf(opening, cluster, nodes);
  return new KindLab(options, {
    ...{ cluster, namespace, agents, limit },
    changes: new ClusterChanges({ options, api, namespace, agents, kubeProxy, deployed, manifests }),
    crashing: new CrashingPods(api, namespace, protocol, deployed.found.services),
    updates: updatesOf(opening, cluster, deployed, protocol, agents),
    kept: stays,
    standing: standing.move(),
  });
}

/** Undos of a stack: one that fails is told, and the others follow all the same. */
function undoing(
  stack: AsyncDisposableStack,
  onLeft: LabOptions['onLeft'],
): Pick<Opening, 'undo' | 'isUndone'> {
  let isUndone = true;
  return {
    undo: (what, work) => {
      stack.defer(async () => {
        await work().catch((error: unknown) => {
          isUndone = false;
          onLeft(`${what}: ${oneLine(error)}`);
        });
      });
    },
    isUndone: () => isUndone,
  };
}

/** Creates a cluster, which is deleted at the end, or claims the kept one, which is released. */
async function takeCluster(opening: Opening): Promise<Cluster> {
  const { reuse, settings, options, context, namespace, undo, isUndone } = opening;
  const { protocol, say, signal, onLeft } = options;
  const around = { ...context, say, signal, onLeft };
  if (reuse !== undefined) {
    const kept = await openCluster(reuse, namespace, around);
    undo(`the cluster ${reuse} is still marked as in use`, () =>
      release(reuse, namespace, context.store, isUndone()),
    );
    return kept;
  }
  const workers = settings.workers ?? workedNodes(protocol.topology).length;
  const own = await createCluster({ ...settings, workers }, { keep: false }, around);
  undo(`the cluster ${own.record.name} was not deleted`, async () => {
    for (const line of await deleteCluster(own.record, context)) onLeft(line);
  });
  return own;
}

/** The workers that stand for the scenario's nodes. @throws Error where there are too few */
function nodesUnderTest({ workers, record }: Cluster, { protocol }: LabOptions): readonly string[] {
  const wanted = workedNodes(protocol.topology).length;
  if (workers.length < wanted)
    throw new Error(
      `this scenario needs ${String(wanted)} workers, and the cluster ${record.name} has ${String(workers.length)}`,
    );
  return workers.slice(0, wanted);
}

function kubeProxyOf(
  { context, namespace, undo }: Opening,
  { api, record }: Cluster,
  nodes: readonly string[],
  agents: NodeAgents,
): KubeProxy {
  const kubeProxy = new KubeProxy({
    api,
    nodes,
    remember: (config) => remember(record.name, namespace, { kubeProxy: config }, context.store),
    ask: (request) => agents.all(request, AbortSignal.timeout(KUBE_PROXY_MS)),
  });
  undo('kube-proxy’s configuration was not restored', () => kubeProxy.restore());
  return kubeProxy;
}

/** Has every agent take its node as it was deployed, and hold the squeeze. */
async function bringUp(
  agents: NodeAgents,
  deployed: Deployed,
  protocol: Protocol,
  { squeeze, seed, epoch, signal }: LabOptions,
): Promise<void> {
  agents.are(deployed.agents);
  const up = { method: 'up', protocol, squeeze, seed, epoch: String(epoch) } as const;
  await Promise.all(
    deployed.agents.map(async (agent) => {
      await agent.ask({ method: 'adopt', found: { ...deployed.found, own: agent.node } }, signal);
      await agent.ask(up, signal);
    }),
  );
  await agents.all({ method: 'hold' }, signal);
}

/** @param nodes those under test */
function manifestsOf(
  { reuse, context, namespace }: Opening,
  cluster: Cluster,
  nodes: readonly string[],
): ConstructorParameters<typeof ClusterChanges>[0]['manifests'] {
  // A cluster that is not kept takes them along.
  const others = reuse === undefined ? [] : nodesOf(cluster).filter((node) => !nodes.includes(node));
  return {
    remember: (replaced) => remember(cluster.record.name, namespace, { manifest: replaced }, context.store),
    others: otherNodes(others),
  };
}

/** The demand of updates, which the harness makes itself; undefined where the demand is another. */
function updatesOf(
  { options, namespace }: Opening,
  { api }: Cluster,
  { found }: Deployed,
  { demand, node }: Protocol,
  agents: NodeAgents,
): Updates | undefined {
  if (demand.kind !== 'updates') return undefined;
  return new Updates({
    ...options,
    load: demand,
    objects: api.objects,
    namespace,
    pods: found.pods,
    ask: (request, within) => agents.on(node).ask(request, within),
  });
}
