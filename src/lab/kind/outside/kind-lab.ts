import { millisecondsSince } from '../../../util/clock.ts';
import type { Conditions, Phase } from '../../../schema/history.ts';
import { orAborted } from '../../../util/or-aborted.ts';
import { immediateOf, outlivesLab, type Change } from '../../../change/index.ts';
import type { Load } from '../../../load/index.ts';
import type { Applied, ClusterAccess, Lab, LabOptions } from '../../lab.ts';
import { LeftBehind } from '../../left-behind.ts';
import { MachineLimit } from '../../machine-limit.ts';
import { phaseOn } from '../../phase-on.ts';
import { createCluster, nodesOf, type Cluster } from './cluster/cluster.ts';
import { release, remember, runNamespace } from './cluster/cluster-claim.ts';
import { deleteCluster, type DeleteContext } from './cluster/delete-cluster.ts';
import { openCluster } from './cluster/open-cluster.ts';
import { ClusterChanges, KUBE_PROXY_MS } from './changes/cluster-changes.ts';
import { otherNodes } from './changes/other-nodes.ts';
import { CrashingPods } from './workloads/crashing-pods.ts';
import { inNamespace } from '../dns-config.ts';
import { loadToolImage } from './images/tool-image.ts';
import { KubeProxy } from './kube-proxy.ts';
import { NodeAgents } from './node-agents.ts';
import { workedNodes } from '../placement.ts';
import type { ClusterSettings } from './cluster/settings.ts';
import { Updates } from './changes/updates.ts';
import { deploy } from './workloads/workloads.ts';
import { oneLine } from '../../../util/error-text.ts';

/** Configuration of the lab's entry. */
export interface KindOptions {
  /** A kept cluster to use instead of creating one. */
  readonly reuse: string | undefined;
  readonly settings: ClusterSettings;
}

/** What a lab consists of. */
interface Parts {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly agents: NodeAgents;
  readonly limit: Pick<MachineLimit, 'reserve' | 'concerns' | 'apply' | 'lost'> & AsyncDisposable;
  readonly changes: Pick<ClusterChanges, 'apply' | 'begin'>;
  readonly crashing: Pick<CrashingPods, 'renew' | 'figures'>;
  /** Where updates are the demand. */
  readonly updates: Updates | undefined;
  /** Whether the cluster, and so changes of it, outlive the run. */
  readonly kept: boolean;
  /** Ends everything but the limit: nodes, namespace, cluster. */
  readonly standing: AsyncDisposable;
}

/** A real cluster. An agent works each node; the limit is this machine's. */
export class KindLab implements Lab {
  readonly #options: LabOptions;
  readonly #parts: Parts;
  readonly #left: LeftBehind;
  readonly #standing = new AsyncDisposableStack();
  readonly lost: AbortSignal;

  constructor(options: LabOptions, parts: Parts) {
    const { agents, limit, kept, standing } = parts;
    this.#options = options;
    this.#parts = parts;
    this.lost = AbortSignal.any([agents.lost, limit.lost]);
    const outlives = (change: Change): boolean =>
      outlivesLab(immediateOf(change)) || (kept && !this.lost.aborted);
    this.#left = new LeftBehind(options.onLeft, outlives, agents.lost);
    this.#standing.use(standing);
    this.#standing.use(this.#left);
    // The machine's limit is restored first: an unresponsive API server would delay it.
    this.#standing.use(limit);
  }

  static async open(
    { reuse, settings }: KindOptions,
    context: DeleteContext,
    options: LabOptions,
  ): Promise<KindLab> {
    const { squeeze, seed, epoch, say, signal, onLeft } = options;
    const wanted = workedNodes(options.protocol.topology).length;
    const around = { ...context, say, signal, onLeft };
    // Undone at the end, in reverse: the nodes, the namespace, the machine's limit, the cluster.
    await using opening = new AsyncDisposableStack();
    let left = false;
    const undo = (what: string, work: () => Promise<void>): void => {
      opening.defer(async () => {
        await work().catch((error: unknown) => {
          left = true;
          onLeft(`${what}: ${oneLine(error)}`);
        });
      });
    };
    const namespace = runNamespace();
    const cluster = await (reuse === undefined
      ? createCluster({ ...settings, workers: settings.workers ?? wanted }, { keep: false }, around)
      : openCluster(reuse, namespace, around));
    if (reuse === undefined)
      undo(`the cluster ${cluster.record.name} was not deleted`, async () => {
        for (const line of await deleteCluster(cluster.record, context)) onLeft(line);
      });
    else
      undo(`the cluster ${reuse} is still marked as in use`, () =>
        release(reuse, namespace, context.store, !left),
      );
    if (cluster.workers.length < wanted)
      throw new Error(
        `this scenario needs ${String(wanted)} workers, and the cluster ${cluster.record.name} has ${String(cluster.workers.length)}`,
      );
    const agents = new NodeAgents();
    const nodes = cluster.workers.slice(0, wanted);
    const kubeProxy = new KubeProxy({
      api: cluster.api,
      nodes,
      remember: (config) => remember(cluster.record.name, namespace, { kubeProxy: config }, context.store),
      ask: (request) => agents.all(request, AbortSignal.timeout(KUBE_PROXY_MS)),
    });
    undo('kube-proxy’s configuration was not restored', () => kubeProxy.restore());
    const limit = opening.use(await MachineLimit.open(options, { bridged: true }));
    const protocol = inNamespace(options.protocol, namespace);
    const stays = reuse !== undefined;
    const deployed = await deploy({ ...options, protocol, cluster, namespace, stays, undo });
    const { found } = deployed;
    agents.are(deployed.agents);
    const up = { method: 'up', protocol, squeeze, seed, epoch: String(epoch) } as const;
    await Promise.all(
      deployed.agents.map(async (agent) => {
        await agent.ask({ method: 'adopt', found: { ...found, own: agent.node } }, signal);
        await agent.ask(up, signal);
      }),
    );
    await agents.all({ method: 'hold' }, signal);
    const { api } = cluster;
    const { demand } = protocol;
    return new KindLab(options, {
      cluster,
      namespace,
      agents,
      limit,
      changes: new ClusterChanges({
        options,
        api,
        namespace,
        agents,
        kubeProxy,
        deployed,
        manifests: {
          remember: (replaced) =>
            remember(cluster.record.name, namespace, { manifest: replaced }, context.store),
          // A cluster that is not kept takes them along.
          others: otherNodes(
            reuse === undefined ? [] : nodesOf(cluster).filter((node) => !nodes.includes(node)),
          ),
        },
      }),
      crashing: new CrashingPods(api, namespace, protocol, found.services),
      updates:
        demand.kind === 'updates'
          ? new Updates({
              ...options,
              load: demand,
              objects: api.objects,
              namespace,
              pods: found.pods,
              ask: (request, within) => agents.on(protocol.node).ask(request, within),
            })
          : undefined,
      kept: reuse !== undefined,
      standing: opening.move(),
    });
  }

  reserve(changes: readonly Change[], signal: AbortSignal): Promise<AsyncDisposable> {
    return this.#parts.limit.reserve(changes, signal);
  }

  async capacity(load: Load, signal: AbortSignal): Promise<number | undefined> {
    const each = await this.#parts.agents.numbers({ method: 'capacity', load }, signal);
    return each.reduce((sum, capacity) => sum + capacity, 0);
  }

  async phase(phase: Phase, conditions: Conditions, signal: AbortSignal): Promise<void> {
    const { agents, changes, crashing, updates, kept } = this.#parts;
    for (const way of await crashing.renew(signal))
      await agents.all({ method: 'programmed', ...way }, signal);
    await updates?.ready(signal);
    const carriedOut = phaseOn(agents.every, phase, conditions, signal, {
      begin: (stop) => {
        const scheduled = changes.begin(phase.cycle, conditions.pace);
        return {
          ready: orAborted(scheduled.ready, stop),
          offer: () => {
            scheduled.start();
            return [orAborted(scheduled.made, stop), updates?.offer(phase, stop) ?? Promise.resolve()];
          },
          [Symbol.asyncDispose]: () => scheduled[Symbol.asyncDispose](),
        };
      },
      record: async () => {
        const figures = await crashing.figures(signal);
        const { sink, epoch } = this.#options;
        if (figures !== undefined) sink({ type: 'measured', t: millisecondsSince(epoch), phase, figures });
      },
    });
    // A cluster that is not kept takes its scheduled changes along: none is a command.
    await (kept ? this.#left.phase(phase.cycle, carriedOut) : carriedOut);
  }

  apply(change: Change, cycle: string, signal: AbortSignal): Promise<Applied> {
    const { limit, changes } = this.#parts;
    if (limit.concerns(change)) return limit.apply(change, cycle);
    return this.#left.follow(change, cycle, changes.apply(change, cycle, signal));
  }

  async clear(signal: AbortSignal): Promise<void> {
    await this.#parts.agents.all({ method: 'clear' }, signal);
  }

  cluster(): ClusterAccess {
    const { cluster, namespace } = this.#parts;
    const { say } = this.#options;
    return {
      kubeconfig: cluster.kubeconfig,
      namespace,
      bringTools: (signal) => loadToolImage(cluster.workers, say, signal),
    };
  }

  shells(): readonly string[] {
    const { cluster, namespace } = this.#parts;
    const { node, topology } = this.#options.protocol;
    const kubectl = `kubectl --kubeconfig ${cluster.kubeconfig} -n ${namespace}`;
    return [
      `docker exec -it ${cluster.workers[workedNodes(topology).indexOf(node)] ?? ''} bash`,
      `${kubectl} get pods -o wide`,
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#standing.disposeAsync();
  }
}
