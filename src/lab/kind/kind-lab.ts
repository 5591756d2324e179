import { randomBytes } from 'node:crypto';
import { EVERY_NODE, type Change } from '../../scenario/change.ts';
import type { Protocol } from '../../scenario/protocol.ts';
import type { Applied, Lab, LabOptions } from '../lab.ts';
import { MachineLimit } from '../machine-limit.ts';
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
import { DnsChanges, isDnsChange } from './dns-changes.ts';
import { dnsService, inNamespace, setsThatLookUp } from './dns-config.ts';
import { Selections } from './selections.ts';
import type { ClusterSettings } from './settings.ts';
import { deploy, type Deployed } from './workloads.ts';

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
  /** Undefined where the topology has no DNS. */
  readonly #dns: DnsChanges | undefined;
  readonly #standing: AsyncDisposableStack;
  readonly lost: AbortSignal;

  private constructor(
    options: LabOptions,
    cluster: Cluster,
    namespace: string,
    deployed: Deployed,
    limit: MachineLimit,
    standing: AsyncDisposableStack,
  ) {
    this.#options = options;
    this.#cluster = cluster;
    this.#namespace = namespace;
    const { agents, dns } = deployed;
    this.#agents = agents;
    this.#limit = limit;
    this.#selections = new Selections(cluster.api, namespace, options.protocol, (...change) =>
      this.#known(deployed, ...change),
    );
    this.#dns =
      dns &&
      new DnsChanges({
        ...deployed,
        api: cluster.api,
        namespace,
        dns,
        looking: nodesThatLookUp(options.protocol),
        serving: nodesOfDns(options.protocol),
        pods: deployed.found.pods.filter(({ set }) => set === dns.set).map(({ ip }) => ip),
        ask: (node, request, within) => this.#agentOn(node).ask(request, within),
      });
    this.#standing = standing;
    this.lost = AbortSignal.any([...agents.map(({ lost }) => lost), limit.lost]);
  }

  static async open(
    { reuse, settings }: KindOptions,
    context: Omit<ClusterContext, 'say' | 'signal'>,
    options: LabOptions,
  ): Promise<KindLab> {
    const { squeeze, seed, epoch, say, signal, onLeft } = options;
    const { nodes } = options.protocol.topology;
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
    const protocol = inNamespace(options.protocol, namespace);
    const deployed = await deploy({
      ...options,
      protocol,
      cluster,
      namespace,
      stays: reuse !== undefined,
      undo,
    });
    const { agents, found } = deployed;
    await Promise.all(
      agents.map(async (agent) => {
        await agent.ask({ method: 'adopt', found: { ...found, own: agent.node } }, signal);
        await agent.ask({ method: 'up', protocol, squeeze, seed, epoch: String(epoch) }, signal);
      }),
    );
    await Promise.all(agents.map((agent) => agent.ask({ method: 'hold' }, signal)));
    return new KindLab(options, cluster, namespace, deployed, limit, opening.move());
  }

  reserve(changes: readonly Change[], signal: AbortSignal): Promise<AsyncDisposable> {
    return this.#limit.reserve(changes, signal);
  }

  async phase(phase: Phase, signal: AbortSignal): Promise<void> {
    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => undefined);
    await this.#all({ method: 'phase', phase, step: 'begin' }, signal);
    {
      await using _ = this.#selections.begin(broken.reject);
      await Promise.race([this.#all({ method: 'phase', phase, step: 'offer' }, signal), broken.promise]);
    }
    await this.#all({ method: 'phase', phase, step: 'end' }, signal);
  }

  async apply(change: Change, cycle: string, signal: AbortSignal): Promise<Applied> {
    if (this.#limit.concerns(change)) return this.#limit.apply(change, cycle);
    // What has been made is undone as well where the rest of it can't be.
    await using applied = new AsyncDisposableStack();
    const undo = await this.#ofTheCluster(change, signal);
    if (undo !== undefined) applied.defer(undo);
    for (const agent of this.#concerned(change)) {
      const id = await agent.ask({ method: 'apply', change, cycle }, signal);
      applied.defer(async () => {
        await agent.ask({ method: 'undo', applied: id ?? 0 }, new AbortController().signal);
      });
    }
    const standing = applied.move();
    return { undo: () => standing.disposeAsync() };
  }

  /** The API server's part of a change. @returns how to undo it; undefined where it has none */
  async #ofTheCluster(change: Change, signal: AbortSignal): Promise<(() => Promise<void>) | undefined> {
    if (change.kind === 'endpoints') return this.#selections.select(change);
    if (change.kind === 'event' && change.change.kind === 'endpoints')
      return this.#selections.arm({ at: change.at, change: change.change });
    if (!isDnsChange(change)) return undefined;
    if (this.#dns === undefined) throw new Error('this topology has no service of the app dns');
    return this.#dns.make(change, signal);
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

  /** By kube-proxy's rules; no rule leads to a headless service's pods, whose addresses the DNS gives. */
  async #known({ found }: Deployed, service: string, set: string, since: number): Promise<void> {
    const { protocol, signal } = this.#options;
    if (protocol.topology.services[service]?.headless !== true)
      return this.#all({ method: 'programmed', since }, signal);
    const ips = found.pods.filter((pod) => pod.set === set).map(({ ip }) => ip);
    return this.#all({ method: 'resolved', name: `${service}.${found.domain}`, ips }, signal);
  }

  /** The agents of the nodes that a change is made on. */
  #concerned(change: Change): readonly AgentLink[] {
    const { protocol } = this.#options;
    const nodes = nodesOf(change, protocol);
    const concerned = this.#agents.filter(
      (agent) => nodes.includes(EVERY_NODE) || nodes.includes(agent.node),
    );
    if (concerned.length === 0)
      throw new Error(
        `there is no node ${nodes.join(', ')}: use ${this.#agents.map((agent) => agent.node).join(', ')}`,
      );
    return concerned;
  }

  #agentOn(node: string): AgentLink {
    const agent = this.#agents.find((each) => each.node === node);
    if (agent === undefined) throw new Error(`there is no agent on ${node}`);
    return agent;
  }

  async #all(request: NodeAsk, signal: AbortSignal): Promise<void> {
    await Promise.all(this.#agents.map((agent) => agent.ask(request, signal)));
  }
}

/** The nodes on which pods look names up. */
function nodesThatLookUp(protocol: Protocol): readonly string[] {
  const sets = setsThatLookUp(protocol);
  const nodes = sets.flatMap((set) => protocol.topology.pods[set]?.nodes ?? []);
  return [...new Set(nodes)];
}

/** The nodes on which the cluster's DNS has pods. */
function nodesOfDns({ topology }: Protocol): readonly string[] {
  return topology.pods[dnsService(topology)?.set ?? '']?.nodes ?? [];
}

/**
 * The nodes that a change is made on, or EVERY_NODE.
 *
 * @throws Error where this lab has no way to make it
 */
function nodesOf(change: Change, protocol: Protocol): readonly string[] {
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
      return [protocol.node];
    case 'load':
    case 'calls':
    case 'pod-sysctl':
    case 'conntrack-delete':
    case 'endpoints':
    case 'node-dns':
      return [EVERY_NODE];
    case 'resolver':
      return nodesThatLookUp(protocol);
    case 'record-ttl':
    case 'coredns-forward':
      return nodesOfDns(protocol);
    case 'event':
      return nodesOf(change.change, protocol);
    case 'buckets':
      throw new Error('nf_conntrack_buckets is the machine’s: only root can change it');
    case 'nginx':
      throw new Error(`the lab kind can’t make the change ${change.kind} yet`);
  }
}
