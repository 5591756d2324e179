import { randomBytes } from 'node:crypto';
import { EVERY_NODE, type Change } from '../../scenario/change.ts';
import type { Protocol } from '../../scenario/protocol.ts';
import type { Applied, Lab, LabOptions } from '../lab.ts';
import { MachineLimit } from '../machine-limit.ts';
import { millisecondsSince } from '../../run/clock.ts';
import type { Phase } from '../../run/history.ts';
import type { AgentLink } from './agents.ts';
import type { NodeAsk } from './agent-rpc.ts';
import {
  claim,
  createCluster,
  deleteCluster,
  openCluster,
  release,
  type Cluster,
  type ClusterContext,
} from './cluster.ts';
import { CrashingPods } from './crashing-pods.ts';
import { workedNodes } from './placement.ts';
import { isOurs, Selections } from './selections.ts';
import type { ClusterSettings } from './settings.ts';
import { deploy } from './workloads.ts';

/** What the entry of the lab was configured with. */
export interface KindOptions {
  /** A kept cluster to take, instead of creating one. */
  readonly reuse: string | undefined;
  readonly settings: ClusterSettings;
}

/** A real cluster: its nodes are worked by an agent each, its limit is this machine's. */
export class KindLab implements Lab {
  readonly #options: LabOptions;
  readonly #cluster: Cluster;
  readonly #namespace: string;
  readonly #agents: readonly AgentLink[];
  readonly #limit: MachineLimit;
  readonly #selections: Selections;
  readonly #standing: AsyncDisposableStack;
  readonly #crashing: CrashingPods;
  readonly lost: AbortSignal;

  private constructor(
    options: LabOptions,
    cluster: Cluster,
    namespace: string,
    agents: readonly AgentLink[],
    limit: MachineLimit,
    standing: AsyncDisposableStack,
  ) {
    this.#options = options;
    this.#cluster = cluster;
    this.#namespace = namespace;
    this.#agents = agents;
    this.#limit = limit;
    const { protocol, signal, sink, epoch } = options;
    this.#selections = new Selections(cluster.api, namespace, protocol, {
      programmed: (since) => this.#all({ method: 'programmed', since }, signal),
      onNodes: (change, cycle) => this.#onAgents(change, cycle, signal),
      record: (action, change, cycle, reading) => {
        const t = millisecondsSince(epoch);
        sink({ type: 'change', t, cycle, action, change, ...reading, emulated: false });
      },
    });
    this.#standing = standing;
    this.#crashing = new CrashingPods(cluster.api, namespace, options.protocol);
    this.lost = AbortSignal.any([...agents.map(({ lost }) => lost), limit.lost]);
  }

  static async open(
    { reuse, settings }: KindOptions,
    context: Omit<ClusterContext, 'say' | 'signal'>,
    options: LabOptions,
  ): Promise<KindLab> {
    const { protocol, squeeze, seed, epoch, say, signal, onLeft } = options;
    const nodes = workedNodes(protocol.topology);
    const around = { ...context, say, signal };
    // What is undone in the end, in reverse: the nodes, the namespace, the machine's limit, the cluster.
    await using opening = new AsyncDisposableStack();
    const undo = (what: string, work: () => Promise<void>): void => {
      opening.defer(async () => {
        await work().catch((error: unknown) => {
          onLeft(`${what}: ${error instanceof Error ? error.message : String(error)}`);
        });
      });
    };
    const cluster = await (reuse === undefined
      ? createCluster({ ...settings, workers: settings.workers ?? nodes.length }, { keep: false }, around)
      : openCluster(reuse, around));
    if (reuse === undefined)
      undo(`the cluster ${cluster.record.name} still stands`, () => deleteCluster(cluster.record, context));
    if (cluster.workers.length < nodes.length)
      throw new Error(
        `this scenario has ${String(nodes.length)} nodes, the cluster ${cluster.record.name} ${String(cluster.workers.length)} workers: use one with as many`,
      );
    const namespace = `tablefull-${randomBytes(3).toString('hex')}`;
    if (reuse !== undefined)
      undo(`the cluster ${reuse} is still marked as in use`, () => release(cluster, context.store));
    await claim(cluster, namespace, context.store);
    const limit = opening.use(await MachineLimit.open(options, { bridged: true }));
    // What the API server has a part in, the harness sees to.
    const events = protocol.events.filter((event) => !isOurs(event));
    const { agents, found } = await deploy({
      ...options,
      cluster,
      namespace,
      stays: reuse !== undefined,
      undo,
    });
    await Promise.all(
      agents.map(async (agent) => {
        await agent.ask({ method: 'adopt', found: { ...found, own: agent.node } }, signal);
        await agent.ask(
          { method: 'up', protocol: { ...protocol, events }, squeeze, seed, epoch: String(epoch) },
          signal,
        );
      }),
    );
    await Promise.all(agents.map((agent) => agent.ask({ method: 'hold' }, signal)));
    return new KindLab(options, cluster, namespace, agents, limit, opening.move());
  }

  reserve(changes: readonly Change[], signal: AbortSignal): Promise<AsyncDisposable> {
    return this.#limit.reserve(changes, signal);
  }

  async phase(phase: Phase, signal: AbortSignal): Promise<void> {
    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => undefined);
    const since = Date.now() / 1000;
    if (this.#crashing.any && (await this.#crashing.renew(signal)))
      await this.#all({ method: 'programmed', since }, signal);
    await this.#all({ method: 'phase', phase, step: 'begin' }, signal);
    {
      await using _ = this.#selections.begin(phase.cycle, broken.reject);
      await Promise.race([this.#all({ method: 'phase', phase, step: 'offer' }, signal), broken.promise]);
    }
    if (this.#crashing.any) {
      const figures = await this.#crashing.figures(signal);
      const { sink, epoch } = this.#options;
      sink({ type: 'measured', t: millisecondsSince(epoch), phase, figures });
    }
    await this.#all({ method: 'phase', phase, step: 'end' }, signal);
  }

  async apply(change: Change, cycle: string, signal: AbortSignal): Promise<Applied> {
    if (this.#limit.concerns(change)) return this.#limit.apply(change, cycle);
    if (change.kind === 'endpoints') return this.#selections.select(change, cycle);
    if (change.kind === 'event' && isOurs(change)) return this.#selections.arm(change);
    return this.#onAgents(change, cycle, signal);
  }

  async #onAgents(change: Change, cycle: string, signal: AbortSignal): Promise<Applied> {
    const applied = new AsyncDisposableStack();
    for (const agent of this.#concerned(change)) {
      const id = await agent.ask({ method: 'apply', change, cycle }, signal);
      applied.defer(async () => {
        await agent.ask({ method: 'undo', applied: id ?? 0 }, new AbortController().signal);
      });
    }
    return { undo: () => applied.disposeAsync() };
  }

  async clear(signal: AbortSignal): Promise<void> {
    await this.#all({ method: 'clear' }, signal);
  }

  shells(): readonly string[] {
    const { topology } = this.#options.protocol;
    const kubectl = `kubectl --kubeconfig ${this.#cluster.kubeconfig} -n ${this.#namespace}`;
    return [
      `docker exec -it ${this.#cluster.workers[workedNodes(topology).indexOf(this.#options.protocol.node)] ?? ''} bash`,
      `${kubectl} get pods -o wide`,
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The machine first: an API server that does not answer would keep it waiting.
    await this.#limit[Symbol.asyncDispose]();
    await this.#standing.disposeAsync();
  }

  /** The agents of the nodes that a change is made on. */
  #concerned(change: Change): readonly AgentLink[] {
    const nodes = nodesOf(change, this.#options.protocol);
    const concerned = this.#agents.filter(
      (agent) => nodes.includes(EVERY_NODE) || nodes.includes(agent.node),
    );
    if (concerned.length === 0)
      throw new Error(
        `there is no node ${nodes.join(', ')}: use ${this.#agents.map((agent) => agent.node).join(', ')}`,
      );
    return concerned;
  }

  async #all(request: NodeAsk, signal: AbortSignal): Promise<void> {
    await Promise.all(this.#agents.map((agent) => agent.ask(request, signal)));
  }
}

/**
 * The nodes that a change is made on, or EVERY_NODE.
 *
 * @throws Error where this lab has no way to make it
 */
function nodesOf(change: Change, { node }: Pick<Protocol, 'node'>): readonly string[] {
  switch (change.kind) {
    case 'sysctl':
    case 'nft':
    case 'flush':
    case 'invalid-rule':
    case 'command':
      return [change.node];
    case 'squeeze':
      return [change.node, ...(change.alike ?? [])];
    case 'limit':
      return [node];
    case 'load':
    case 'calls':
    case 'pod-sysctl':
    case 'conntrack-delete':
    case 'endpoints':
      return [EVERY_NODE];
    case 'event':
      return nodesOf(change.change, { node });
    case 'buckets':
      throw new Error('nf_conntrack_buckets is the machine’s: only root can change it');
    case 'nginx':
    case 'resolver':
    case 'node-dns':
    case 'record-ttl':
      throw new Error(`the lab kind can’t make the change ${change.kind} yet`);
  }
}
