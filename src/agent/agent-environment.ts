import type { Done } from '../change/done.ts';
import type { Change, LabChanges } from '../change/index.ts';
import type { KubeProxySettings } from '../change/kube-proxy-settings.ts';
import type { Target } from '../change/target.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Hosts } from './hosts.ts';
import type { Network, Service } from './network.ts';
import type { Servers } from './servers.ts';
import type { Namespaces } from './namespaces.ts';

/** The pods behind each service. */
export interface Endpoints {
  /** Every service with its current endpoints. */
  readonly services: readonly Service[];
  /** @throws Error where the topology has no such service */
  service(name: string): Service;
  /** The cluster DNS's answer for a name. */
  addresses(name: string): readonly string[];
  /** @throws Error where another process changes endpoints */
  readonly repoint: Target['repoint'];
}

/** The kube-proxy of a cluster's node. */
export interface NodeKubeProxy {
  /** Waits for a restart that the harness requests. */
  readonly restarted: (settings: KubeProxySettings) => Promise<Done>;
  /** Its totals so far, by figure. */
  totals(): Promise<Readonly<Record<string, number>>>;
  /** Resident memory of its process, bytes. */
  memory(): Promise<number>;
}

/** The resolver files that pods read. */
export interface PodFiles {
  /** Folder of the files, to be mounted over the pods' own. */
  readonly folder: string;
  readonly nameserver: string;
  /** Changes the options. */
  readonly apply: (change: { readonly options: readonly string[] }) => Promise<Done>;
}

/** DNS caches on nodes, like NodeLocal DNSCache. */
interface NodeCaching {
  /** Has every pod of the agent's nodes ask one. */
  readonly apply: (change: { readonly notrack: boolean }) => Promise<Done>;
}

/** The environment an agent works on, built by the agent or found on a cluster. */
export interface AgentEnvironment {
  /** Of the whole lab. */
  readonly network: Network;
  readonly namespaces: Namespaces;
  readonly hosts: Hosts;
  /** The nodes that this agent can enter, with their pods. Other nodes have their own agents. */
  readonly own: readonly string[];
  /** DNS domain of the lab's services. */
  readonly domain: string;
  /** The nameserver in the pods' resolv.conf. */
  readonly nameserver: string;
  /** Resolver files of the agent's pods, where any of them resolves names. */
  readonly resolver: PodFiles | undefined;
  readonly endpoints: (servers: Pick<Servers, 'serve'>) => Endpoints;
  /** The scheduled changes that this agent makes; absent: all. */
  readonly events?: Protocol['events'];
  readonly cache: NodeCaching | undefined;
  /** Its ways of making changes, beside those of `resolver` and `cache`. */
  readonly byLab: (endpoints: Endpoints) => LabChanges;
  /** Undefined where the lab programs its nodes itself. */
  readonly kubeProxy: NodeKubeProxy | undefined;
  /** Called before each change is made. */
  readonly beforeChange?: (change: Change) => void;
  /** Totals of servers outside this agent's apps, by figure. */
  readonly totals: () => Promise<Readonly<Record<string, number>>>;
  /** Resolves once every service leads to its pods. */
  readonly reachable: () => Promise<void>;
}
