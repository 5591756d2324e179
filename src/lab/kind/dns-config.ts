import { kindOf } from '../../load/index.ts';
import type { Protocol } from '../../schema/protocol.ts';
import type { Topology } from '../../schema/topology.ts';
import { withOptions } from '../../agent/resolv.ts';

/** What a scenario calls the namespace of its services; a run has one of its own. */
const SCENARIO_DOMAIN = domainOf('default');

/** The service, and the set of pods, that stand for every name server outside the cluster. */
export const OUTSIDE = 'tablefull-outside';

/** The service that is the cluster's DNS, and the set of pods behind it; undefined where a topology has none. */
export function dnsService({
  services,
}: Protocol['topology']): { readonly name: string; readonly set: string } | undefined {
  const [name, service] = Object.entries(services).find(([, { app }]) => app === 'dns') ?? [];
  return name === undefined || service === undefined ? undefined : { name, set: service.pods };
}

/** Where the stand-in for the outside is: on the last node that DNS pods are on. */
export function outsideNode(topology: Protocol['topology']): string | undefined {
  return topology.pods[dnsService(topology)?.set ?? '']?.nodes.at(-1);
}

/** A protocol whose names are those of the namespace that it runs in. */
export function inNamespace(protocol: Protocol, namespace: string): Protocol {
  const text = JSON.stringify(protocol).replaceAll(SCENARIO_DOMAIN, domainOf(namespace));
  return JSON.parse(text) as Protocol;
}

/** Where the cluster's DNS has the services of a namespace. */
export function domainOf(namespace: string): string {
  return `${namespace}.svc.cluster.local`;
}

/** What pods are told of DNS: all that the kubelet writes into their resolv.conf. */
export interface DnsConfig {
  readonly nameserver: string;
  readonly search: readonly string[];
  /** As in resolv.conf: `ndots:5`. */
  readonly options: readonly string[];
}

/** What a topology's pods are told from the start; undefined where it does not say. */
export function dnsConfigOf({ resolver }: Topology, nameserver: string): DnsConfig | undefined {
  return resolver && { nameserver, ...resolver };
}

/** The same with another nameserver, or with options put in. */
export function changed(config: DnsConfig, change: Partial<Omit<DnsConfig, 'search'>>): DnsConfig {
  const { nameserver = config.nameserver, options = [] } = change;
  return { ...config, nameserver, options: withOptions(config.options, options) };
}

/** The part of a pod's spec that has the kubelet write it: with `None` nothing of the node's own comes in. */
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

/** The sets of pods in which names are looked up with the pod's own resolv.conf. */
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
