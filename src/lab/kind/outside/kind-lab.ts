import { millisecondsSince } from '../../../util/clock.ts';
import type { Conditions, Phase } from '../../../schema/history.ts';
import { orAborted } from '../../../util/or-aborted.ts';
import { immediateOf, outlivesLab, type Change } from '../../../change/index.ts';
import type { Load } from '../../../load/index.ts';
import type { Applied, ClusterAccess, Lab, LabOptions } from '../../lab.ts';
import { LeftBehind } from '../../left-behind.ts';
import { phaseOn } from '../../phase-on.ts';
import type { MachineLimit } from '../../machine-limit.ts';
import type { ClusterChanges } from './changes/cluster-changes.ts';
import type { Updates } from './changes/updates.ts';
import type { Cluster } from './cluster/cluster.ts';
import { loadToolImage } from './images/tool-image.ts';
import type { NodeAgents } from './node-agents.ts';
import type { CrashingPods } from './workloads/crashing-pods.ts';
import { workedNodes } from '../placement.ts';

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
