import { kindOf } from '../../load/index.ts';
import type { Protocol } from '../../schema/protocol.ts';
import type { Topology } from '../../schema/topology.ts';
import { withOptions } from '../../agent/resolv.ts';

/** DNS domain of services in scenarios; each run has its own namespace. */
const SCENARIO_DOMAIN = domainOf('default');

/** The service and set of pods that stand in for all name servers outside the cluster. */
export const OUTSIDE = 'tablefull-outside';

/** The cluster's DNS service and its set of pods; undefined in topologies without one. */
export function dnsService({
  services,
}: Protocol['topology']): { readonly name: string; readonly set: string } | undefined {
  const [name, service] = Object.entries(services).find(([, { app }]) => app === 'dns') ?? [];
  return name === undefined || service === undefined ? undefined : { name, set: service.pods };
}

/** The node of the stand-in for outside: the last one with DNS pods. */
export function outsideNode(topology: Protocol['topology']): string | undefined {
  return topology.pods[dnsService(topology)?.set ?? '']?.nodes.at(-1);
}

/** The protocol with names of the run's namespace. */
export function inNamespace(protocol: Protocol, namespace: string): Protocol {
  const text = JSON.stringify(protocol).replaceAll(SCENARIO_DOMAIN, domainOf(namespace));
  return JSON.parse(text) as Protocol;
}

/** DNS domain of a namespace's services. */
export function domainOf(namespace: string): string {
  return `${namespace}.svc.cluster.local`;
}

/** DNS settings of pods: everything the kubelet writes into resolv.conf. */
export interface DnsConfig {
  readonly nameserver: string;
  readonly search: readonly string[];
  /** As in resolv.conf: `ndots:5`. */
  readonly options: readonly string[];
}

/** The initial DNS settings of a topology's pods; undefined where it sets none. */
export function dnsConfigOf({ resolver }: Topology, nameserver: string): DnsConfig | undefined {
  return resolver && { nameserver, ...resolver };
}

/** The same with another nameserver, or with added options. */
export function changed(config: DnsConfig, change: Partial<Omit<DnsConfig, 'search'>>): DnsConfig {
  const { nameserver = config.nameserver, options = [] } = change;
  return { ...config, nameserver, options: withOptions(config.options, options) };
}

/** The part of a pod's spec that makes the kubelet write these settings; `None` excludes the node's own. */
export function dnsSpec({ nameserver, search, options }: DnsConfig): {
  dnsPolicy: 'None';
  dnsConfig: object;
} {
  return {
    dnsPolicy: 'None',
    dnsConfig: {
      nameservers: [nameserver],
      searches: [...search],
      options: options.map((option) => {
        const [name, value] = option.split(/:(.*)/);
        return value === undefined ? { name: option } : { name: name ?? option, value };
      }),
    },
  };
}

/** Sets of pods in which names are resolved by the pod's own resolv.conf. */
export function setsThatLookUp({
  topology,
  demand,
}: Pick<Protocol, 'topology' | 'demand'>): readonly string[] {
  if (topology.resolver === undefined) return [];
  const callers = Object.values(topology.services)
    .filter(({ calls }) => calls.some(({ name }) => name !== undefined))
    .map(({ pods }) => pods);
  return kindOf(demand).dns !== undefined && 'pods' in demand ? [demand.pods, ...callers] : callers;
}
