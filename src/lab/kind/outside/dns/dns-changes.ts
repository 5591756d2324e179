import { NODE_DNS } from '../../../../agent/network.ts';
import { settled } from '../../../../util/settled.ts';
import { allOrNone } from '../../../../change/undo-stack.ts';
import type { Change, ChangeOf } from '../../../../change/index.ts';
import type { NodeAsk } from '../../agent-rpc.ts';
import type { Api } from '../api/api.ts';
import type { ClusterDns } from './cluster-dns.ts';
import { cacheCorefile, withForward, withTtl } from '../../corefile.ts';
import { changed, dnsSpec, type DnsConfig } from '../../dns-config.ts';
import { nodeLocalSpec } from './node-local-spec.ts';
import { sleepingPod } from '../workloads/manifests.ts';
import { putPods } from '../workloads/side-pods.ts';

const CACHE = 'node-cache';

/** A run on a cluster, as far as DNS changes need it. */
interface DnsRun {
  readonly api: Api;
  readonly namespace: string;
  readonly dns: ClusterDns;
  /** The pods' initial DNS settings. */
  readonly told: DnsConfig | undefined;
  readonly image: string;
  /** Names in the cluster, by the scenario's node names. */
  readonly nodes: ReadonlyMap<string, string>;
  /** Nodes whose pods look names up, and nodes with DNS pods. */
  readonly looking: readonly string[];
  readonly serving: readonly string[];
  /** The image of NodeLocal DNSCache, if the nodes have it or can pull it. */
  readonly nodeLocal: string | undefined;
  /** Addresses of the DNS pods. */
  readonly pods: readonly string[];
  readonly ask: (node: string, request: NodeAsk, signal: AbortSignal) => Promise<unknown>;
}

type Undo = () => Promise<void>;

/** Changes in which the API server has a part. */
export type DnsChange = ChangeOf<'resolver' | 'node-dns' | 'record-ttl' | 'coredns-forward'>;

export function isDnsChange(change: Change): change is DnsChange {
  return ['resolver', 'node-dns', 'record-ttl', 'coredns-forward'].includes(change.kind);
}

/** The API server's part of DNS changes: what the kubelet writes for pods, and caches on nodes. */
export class DnsChanges {
  readonly #run: DnsRun;
  #told: DnsConfig | undefined;
  #corefile: string;
  /** The set of pods that the DNS service selects, and their addresses. */
  #selected: { readonly set: string; readonly ips: readonly string[] };
  #made = 0;

  constructor(run: DnsRun) {
    this.#run = run;
    this.#told = run.told;
    this.#corefile = run.dns.corefile;
    this.#selected = { set: run.dns.set, ips: run.pods };
  }

  /** @returns its undo, to be called after the agents' */
  async make(change: DnsChange, signal: AbortSignal): Promise<Undo> {
    switch (change.kind) {
      case 'resolver':
        return this.#tell({ options: change.options }, signal);
      case 'node-dns': {
        const { undo } = await allOrNone(async (made) => {
          made.defer(await this.#putCaches(change, signal));
          made.defer(await this.#tell({ nameserver: NODE_DNS }, signal));
        });
        return undo;
      }
      case 'record-ttl':
        return this.#rollOut(withTtl(this.#corefile, change.seconds), signal);
      case 'coredns-forward':
        return this.#rollOut(withForward(this.#corefile, change.options), signal);
    }
  }

  /** Like a changed ConfigMap with `kubectl rollout restart`; the old pods stay for other users. */
  async #rollOut(corefile: string, signal: AbortSignal): Promise<Undo> {
    const { api, dns, nodes, serving } = this.#run;
    const [before, selected] = [this.#corefile, this.#selected];
    const name = `${dns.set}-${String(++this.#made)}`;
    await api.objects.create([dns.configMap(name, corefile)]);
    const hostnames = serving.map((node) => nodes.get(node) ?? '');
    const { undo } = await allOrNone(async (made) => {
      const pods = await putPods({ ...this.#run, name }, hostnames, dns.podSpec(name), signal);
      const ips = [...pods.addresses.values()];
      // These pods are newer than the rules that mark entries of the run's pods, so their entries are deleted
      // by address.
      made.defer(() => this.#everywhere({ method: 'forget', ips }, new AbortController().signal));
      made.defer(pods.remove);
      made.defer(() => this.#select(selected, new AbortController().signal));
      await this.#select({ set: name, ips }, signal);
      this.#corefile = corefile;
      made.defer(() => {
        this.#corefile = before;
      });
    });
    return undo;
  }

  /** Resolves once every node's kube-proxy leads there. */
  async #select(selected: { set: string; ips: readonly string[] }, signal: AbortSignal): Promise<void> {
    const { api, namespace, dns } = this.#run;
    const ips = [...selected.ips];
    await api.selectPods(namespace, dns.service, selected.set);
    await this.#everywhere({ method: 'programmed', address: dns.address, ips }, signal);
    await this.#everywhere({ method: 'dns-pods', ips }, signal);
    this.#selected = selected;
  }

  /**
   * Makes the kubelet write the settings for a pod that differs only in its `dnsConfig`. Restarted pods under
   * test would have new namespaces and addresses.
   */
  async #tell(change: Partial<DnsConfig>, signal: AbortSignal): Promise<Undo> {
    const { image, nodes, looking, ask } = this.#run;
    const before = this.#told;
    if (before === undefined) throw new Error('this topology has no resolver: add topology.resolver');
    const told = changed(before, change);
    const name = `told-${String(++this.#made)}`;
    const hostnames = looking.map((node) => nodes.get(node) ?? '');
    const spec = { ...sleepingPod(image, name), ...dnsSpec(told) };
    const { undo } = await allOrNone(async (made) => {
      const { addresses, remove } = await putPods({ ...this.#run, name }, hostnames, spec, signal);
      made.defer(remove);
      for (const node of looking)
        await ask(node, { method: 'written', ip: addresses.get(nodes.get(node) ?? '') ?? '' }, signal);
      this.#told = told;
      made.defer(() => {
        this.#told = before;
      });
    });
    return undo;
  }

  /** Starts NodeLocal DNSCache, or a CoreDNS, on every node, at an address that no pod uses yet. */
  async #putCaches({ notrack }: { readonly notrack: boolean }, signal: AbortSignal): Promise<Undo> {
    const { api, dns, nodes, nodeLocal, ask } = this.#run;
    const name = `${CACHE}-${String(++this.#made)}`;
    const { undo } = await allOrNone(async (made) => {
      const at = async (node: string): Promise<void> => {
        await ask(node, { method: 'cache-address', there: true, nodeLocal }, signal);
        made.defer(() => ask(node, { method: 'cache-address', there: false }, new AbortController().signal));
      };
      await settled([...nodes.keys()].map(at));
      await api.objects.create([dns.configMap(name, cacheCorefile(dns.address))]);
      const spec =
        nodeLocal === undefined
          ? dns.cacheSpec(name)
          : nodeLocalSpec(nodeLocal, { dns, configMap: name, notrack });
      const { remove } = await putPods({ ...this.#run, name }, [...nodes.values()], spec, signal);
      made.defer(remove);
    });
    return undo;
  }

  async #everywhere(request: NodeAsk, signal: AbortSignal): Promise<void> {
    const { nodes, ask } = this.#run;
    await settled([...nodes.keys()].map((node) => ask(node, request, signal)));
  }
}
