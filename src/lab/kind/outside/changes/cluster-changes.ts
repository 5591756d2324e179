import { numberOf } from '../../../../agent/asked.ts';
import { millisecondsSince } from '../../../../util/clock.ts';
import {
  apiPart,
  immediateOf,
  nodesOf,
  type Change,
  type ChangeOf,
  type Immediate,
} from '../../../../change/index.ts';
import type { Done, Reading } from '../../../../change/done.ts';
import { ScheduledChanges, type RunningChanges } from '../../../../agent/scheduled-changes.ts';
import { named } from '../../../../util/settled.ts';
import { allOrNone } from '../../../../change/undo-stack.ts';
import { untilMade } from '../../../left-behind.ts';
import type { Applied, LabOptions } from '../../../lab.ts';
import type { Api } from '../api/api.ts';
import { layoutOf } from '../../layout.ts';
import { DnsChanges, isDnsChange, type DnsChange } from '../dns/dns-changes.ts';
import type { KubeProxy } from '../kube-proxy.ts';
import type { NodeAgents } from '../node-agents.ts';
import { Selections } from './selections.ts';
import { applyManifest, type ManifestAround } from './applied-manifest.ts';
import { applySysctlDaemonSet, type DaemonSets } from './sysctl-daemonset.ts';
import type { Deployed } from '../workloads/workloads.ts';

/** Timeout of agents that wait for their kube-proxy, ms; a restart takes longest. */
export const KUBE_PROXY_MS = 60_000;

/** What changes of a cluster need. */
interface Around {
  readonly options: LabOptions;
  readonly api: Api;
  readonly namespace: string;
  readonly agents: NodeAgents;
  readonly kubeProxy: KubeProxy;
  readonly deployed: Deployed;
  readonly manifests: Pick<ManifestAround, 'remember' | 'others'>;
}

/** Changes of a cluster, made by its API server, its nodes' agents, or both in turn. */
export class ClusterChanges {
  readonly #around: Around;
  readonly #selections: Selections;
  readonly #daemonSets: DaemonSets;
  /** Undefined where the topology has no DNS. */
  readonly #dns: DnsChanges | undefined;
  /** Scheduled changes that involve the API server, or follow one that does. */
  readonly #scheduled: ScheduledChanges;

  constructor(around: Around) {
    const { options, api, namespace, agents, deployed } = around;
    const { protocol, signal } = options;
    this.#around = around;
    this.#selections = new Selections(api, namespace, protocol, {
      known: (service, pods) => this.#known(service, pods),
      onNodes: (change, cycle) => this.#onNodes(change, cycle, signal),
      record: (action, change, cycle, reading) => {
        this.#record(action, change, cycle, [reading]);
      },
    });
    const ask: DaemonSets['ask'] = (request) => agents.all(request, AbortSignal.timeout(KUBE_PROXY_MS));
    const { image, nodes, dns, found } = deployed;
    this.#daemonSets = { api, namespace, image, nodes: [...nodes.values()], ask };
    this.#dns =
      dns &&
      new DnsChanges({
        ...deployed,
        api,
        namespace,
        dns,
        looking: layoutOf(protocol).lookingUp,
        serving: layoutOf(protocol).ofDns,
        pods: found.pods.filter(({ set }) => set === dns.set).map(({ ip }) => ip),
        ask: (node, request, within) => agents.on(node).ask(request, within),
      });
    const ours = protocol.events.filter(({ change }) => apiPart(change) !== undefined);
    this.#scheduled = new ScheduledChanges(ours, (change, cycle) => this.#make(change, cycle, signal));
  }

  /** Makes a change at once, or schedules it for every later phase until undone. */
  async apply(change: Change, cycle: string, signal: AbortSignal): Promise<Applied> {
    if (change.kind !== 'event' || apiPart(change.change) === undefined)
      return this.#make(change, cycle, signal);
    return allOrNone(async (stack) => {
      stack.defer((await this.#scheduled.schedule(change)).undo);
      // Loads await scheduled changes of their own node. This restart is requested here and observed there,
      // so the node gets the change too.
      if (change.change.kind !== 'kube-proxy') return;
      const seen = await this.#onNodes(change, cycle, signal);
      stack.defer(() => seen.undo());
    });
  }

  /** Starts the scheduled changes of one phase. Disposing undoes them. */
  begin(cycle: string, pace: number): RunningChanges {
    return this.#scheduled.begin(cycle, pace);
  }

  #make(change: Change, cycle: string, signal: AbortSignal): Promise<Applied> {
    if (change.kind === 'endpoints') return this.#selections.select(change, cycle);
    if (change.kind === 'kube-proxy')
      return this.#recorded(change, cycle, this.#around.kubeProxy.change(change.set));
    if (change.kind === 'sysctl-daemonset')
      return this.#recorded(change, cycle, applySysctlDaemonSet(change, this.#daemonSets));
    if (change.kind === 'manifest') return this.#manifest(change, cycle, signal);
    return this.#onNodes(change, cycle, signal);
  }

  /** Objects through the API server; what their containers do to sysctls is the nodes' part. */
  async #manifest(change: ChangeOf<'manifest'>, cycle: string, signal: AbortSignal): Promise<Applied> {
    const { agents, api, manifests } = this.#around;
    return allOrNone(async (stack) => {
      // Deleting a DaemonSet leaves its sysctls on the node, so the nodes come after it.
      stack.defer(() => agents.all({ method: 'unwatch', change, cycle }, new AbortController().signal));
      await agents.all({ method: 'watch' }, signal);
      const making = applyManifest(change.objects, {
        ...manifests,
        objects: api.userObjects,
        images: () => api.images(),
        signal,
      });
      const { undo } = await this.#recorded(change, cycle, making);
      stack.defer(undo);
      await agents.all({ method: 'watched', change, cycle }, signal);
    });
  }

  #onNodes(change: Change, cycle: string, signal: AbortSignal): Promise<Applied> {
    const { agents, options } = this.#around;
    const until = untilMade(change, signal);
    return allOrNone(async (stack) => {
      if (isDnsChange(change)) stack.defer(await this.#ofDns(change, signal));
      for (const agent of agents.among(nodesOf(immediateOf(change), layoutOf(options.protocol)))) {
        const applied = await numberOf(agent.ask({ method: 'apply', change, cycle }, until));
        const undo = { method: 'undo', applied } as const;
        stack.defer(() => named(agent.node, agent.ask(undo, new AbortController().signal)));
      }
    });
  }

  #ofDns(change: DnsChange, signal: AbortSignal): Promise<() => Promise<void>> {
    if (this.#dns === undefined) throw new Error('this topology has no service of the app dns');
    return this.#dns.make(change, signal);
  }

  /** Waits for kube-proxy's rules. Headless services have none, so their addresses are awaited in DNS. */
  async #known(service: string, set: string): Promise<void> {
    const { agents, deployed, options } = this.#around;
    const { protocol, signal } = options;
    const { pods, domain, services } = deployed.found;
    const ips = pods.filter((pod) => pod.set === set).map(({ ip }) => ip);
    return protocol.topology.services[service]?.headless === true
      ? agents.all({ method: 'resolved', name: `${service}.${domain}`, ips }, signal)
      : agents.all({ method: 'programmed', address: services[service] ?? '', ips }, signal);
  }

  #recorded(change: Immediate, cycle: string, making: Promise<Done>): Promise<Applied> {
    return allOrNone(async (stack) => {
      const made = await making;
      stack.defer(async () => {
        this.#record('undo', change, cycle, await made.undo());
      });
      this.#record('apply', change, cycle, made.readings);
    });
  }

  #record(action: 'apply' | 'undo', change: Change, cycle: string, readings: readonly Reading[]): void {
    const { sink, epoch } = this.#around.options;
    const t = millisecondsSince(epoch);
    for (const reading of readings)
      sink({ type: 'change', t, cycle, action, change, ...reading, emulated: false });
  }
}
