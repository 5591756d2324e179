import { randomBytes } from 'node:crypto';
import { EVERY_NODE, type Change, type Immediate } from '../../scenario/change.ts';
import type { Protocol } from '../../scenario/protocol.ts';
import type { Applied, Lab, LabOptions } from '../lab.ts';
import { Events } from '../agent/events.ts';
import type { Reading } from '../agent/done.ts';
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
  rememberKubeProxy,
  release,
  type Cluster,
  type ClusterContext,
} from './cluster.ts';
import { KubeProxy } from './kube-proxy.ts';
import { Selections } from './selections.ts';
import { applySysctlDaemonSet, type DaemonSets } from './sysctl-daemonset.ts';
import { Updates } from './updates.ts';
import { hasApiPart, nodesOf } from './concerned.ts';
import type { ClusterSettings } from './settings.ts';
import { deploy, type Deployed } from './workloads.ts';

/** What the entry of the lab was configured with. */
export interface KindOptions {
  /** A kept cluster to take, instead of creating one. */
  readonly reuse: string | undefined;
  readonly settings: ClusterSettings;
}

/** An agent waits for its kube-proxy; a restart of it is the longest of that. */
const KUBE_PROXY_MS = 60_000;

/** What a lab consists of. */
interface Parts {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly deployed: Deployed;
  readonly limit: MachineLimit;
  readonly kubeProxy: KubeProxy;
  /** Its end. */
  readonly standing: AsyncDisposableStack;
}

type AskAll = (request: NodeAsk, signal: AbortSignal) => Promise<void>;

/** A real cluster: its nodes are worked by an agent each, its limit is this machine's. */
export class KindLab implements Lab {
  readonly #options: LabOptions;
  readonly #cluster: Cluster;
  readonly #namespace: string;
  readonly #agents: readonly AgentLink[];
  readonly #limit: MachineLimit;
  readonly #selections: Selections;
  readonly #kubeProxy: KubeProxy;
  readonly #daemonSets: DaemonSets;
  /** Where they are the demand. */
  readonly #updates: Updates | undefined;
  /** What of the events is the API server's part. */
  readonly #events: Events;
  readonly #standing: AsyncDisposableStack;
  readonly lost: AbortSignal;

  private constructor(options: LabOptions, parts: Parts) {
    const { cluster, namespace, deployed, limit, kubeProxy, standing } = parts;
    const { agents, found, image } = deployed;
    this.#options = options;
    this.#cluster = cluster;
    this.#namespace = namespace;
    this.#agents = agents;
    this.#limit = limit;
    this.#selections = new Selections(cluster.api, namespace, options.protocol, (since) =>
      this.#all({ method: 'programmed', since }, options.signal),
    );
    this.#kubeProxy = kubeProxy;
    const { protocol } = options;
    this.#daemonSets = {
      api: cluster.api,
      namespace,
      nodes: nodesUnderTest(cluster, protocol),
      image,
      ask: (request) => this.#all(request, AbortSignal.timeout(KUBE_PROXY_MS)),
    };
    if (protocol.demand.kind === 'updates')
      this.#updates = new Updates({
        ...options,
        load: protocol.demand,
        api: cluster.api,
        namespace,
        pods: found.pods,
        ask: (request, signal) => this.#agentOf(protocol.node).ask(request, signal),
      });
    const ofApi = protocol.events.filter(({ change }) => hasApiPart(change));
    this.#events = new Events(ofApi, async (change, cycle) => ({ undo: await this.#viaApi(change, cycle) }));
    this.#standing = standing;
    this.lost = AbortSignal.any([...agents.map(({ lost }) => lost), limit.lost]);
  }

  static async open(
    { reuse, settings }: KindOptions,
    context: Omit<ClusterContext, 'say' | 'signal'>,
    options: LabOptions,
  ): Promise<KindLab> {
    const { protocol, squeeze, seed, epoch, say, signal, onLeft } = options;
    const { nodes } = protocol.topology;
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
    const agents: AgentLink[] = [];
    const all: AskAll = async (request, until) => {
      await Promise.all(agents.map((agent) => agent.ask(request, until)));
    };
    const kubeProxy = new KubeProxy({
      api: cluster.api,
      nodes: nodesUnderTest(cluster, protocol),
      remember: (config) => rememberKubeProxy(cluster, config, context.store),
      ask: (request) => all(request, AbortSignal.timeout(KUBE_PROXY_MS)),
    });
    undo('kube-proxy’s configuration is not as it was', () => kubeProxy.restore());
    const limit = opening.use(await MachineLimit.open(options, { bridged: true }));
    const deployed = await deploy({
      ...options,
      cluster,
      namespace,
      stays: reuse !== undefined,
      undo,
    });
    const { found } = deployed;
    agents.push(...deployed.agents);
    await Promise.all(
      agents.map(async (agent) => {
        await agent.ask({ method: 'adopt', found: { ...found, own: agent.node } }, signal);
        await agent.ask({ method: 'up', protocol, squeeze, seed, epoch: String(epoch) }, signal);
      }),
    );
    await Promise.all(agents.map((agent) => agent.ask({ method: 'hold' }, signal)));
    return new KindLab(options, {
      cluster,
      namespace,
      deployed,
      limit,
      kubeProxy,
      standing: opening.move(),
    });
  }

  reserve(changes: readonly Change[], signal: AbortSignal): Promise<AsyncDisposable> {
    return this.#limit.reserve(changes, signal);
  }

  async phase(phase: Phase, signal: AbortSignal): Promise<void> {
    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => undefined);
    await this.#updates?.ready(signal);
    await this.#all({ method: 'phase', phase, step: 'begin' }, signal);
    {
      await using _ = this.#events.begin(phase.cycle, broken.reject);
      const offered = [
        this.#all({ method: 'phase', phase, step: 'offer' }, signal),
        this.#updates?.offer(phase, signal) ?? Promise.resolve(),
      ];
      await Promise.race([Promise.all(offered), broken.promise]);
    }
    await this.#all({ method: 'phase', phase, step: 'end' }, signal);
  }

  async apply(change: Change, cycle: string, signal: AbortSignal): Promise<Applied> {
    if (this.#limit.concerns(change)) return this.#limit.apply(change, cycle);
    const applied = new AsyncDisposableStack();
    const viaApi = await this.#ofApi(change, cycle);
    if (viaApi !== undefined) applied.defer(viaApi);
    // Made for all nodes by the API server, with the agents; an event is one that they wait for.
    if (change.kind === 'kube-proxy' || change.kind === 'sysctl-daemonset')
      return { undo: () => applied.disposeAsync() };
    for (const agent of this.#concerned(change)) {
      const id = await agent.ask({ method: 'apply', change, cycle }, signal);
      applied.defer(async () => {
        await agent.ask({ method: 'undo', applied: id ?? 0 }, new AbortController().signal);
      });
    }
    return { undo: () => applied.disposeAsync() };
  }

  /** The API server's part of a change. @returns how to undo it; undefined where it has none */
  async #ofApi(change: Change, cycle: string): Promise<(() => Promise<void>) | undefined> {
    if (change.kind === 'event') {
      if (!hasApiPart(change.change)) return undefined;
      const { undo } = this.#events.arm(change);
      return async () => {
        await undo();
      };
    }
    return hasApiPart(change) ? this.#viaApi(change, cycle) : undefined;
  }

  async #viaApi(change: Immediate, cycle: string): Promise<() => Promise<void>> {
    if (change.kind === 'endpoints') return this.#selections.select(change);
    const record = (action: 'apply' | 'undo', { found, readBack }: Reading): void => {
      const t = millisecondsSince(this.#options.epoch);
      this.#options.sink({ type: 'change', t, cycle, action, change, found, readBack, emulated: false });
    };
    const done = await this.#makeViaApi(change);
    record('apply', done);
    return async () => {
      record('undo', await done.undo());
    };
  }

  #makeViaApi(change: Immediate): Promise<Reading & { readonly undo: () => Promise<Reading> }> {
    if (change.kind === 'kube-proxy') return this.#kubeProxy.change(change.set);
    if (change.kind === 'sysctl-daemonset') return applySysctlDaemonSet(change, this.#daemonSets);
    throw new Error(`${change.kind} is none of the API server’s`);
  }

  async clear(signal: AbortSignal): Promise<void> {
    await this.#all({ method: 'clear' }, signal);
  }

  shells(): readonly string[] {
    const { topology } = this.#options.protocol;
    const kubectl = `kubectl --kubeconfig ${this.#cluster.kubeconfig} -n ${this.#namespace}`;
    return [
      `docker exec -it ${this.#cluster.workers[topology.nodes.indexOf(this.#options.protocol.node)] ?? ''} bash`,
      `${kubectl} get pods -o wide`,
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#standing.disposeAsync();
  }

  #agentOf(node: string): AgentLink {
    const agent = this.#agents.find((each) => each.node === node);
    if (agent === undefined) throw new Error(`there is no agent on ${node}`);
    return agent;
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

/** The nodes of a cluster that stand for those of a scenario, by their names in the cluster. */
function nodesUnderTest({ workers }: Cluster, { topology }: Protocol): readonly string[] {
  return workers.slice(0, topology.nodes.length);
}
