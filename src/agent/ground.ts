import type { Own } from '../change/target.ts';
import type { Change } from '../change/index.ts';
import type { Hosts } from './hosts.ts';
import type { Network, Service } from './network.ts';
import type { Servers } from './servers.ts';
import type { Spaces } from './spaces.ts';

/** Which pods stand behind each service. */
export interface Endpoints {
  /** Every service as it stands now. */
  readonly services: readonly Service[];
  /** @throws Error where the topology has no such service */
  service(name: string): Service;
  /** What the cluster's DNS answers to a name. */
  addresses(name: string): readonly string[];
  /** @throws Error where the agent is not who changes them */
  readonly repoint: Own['endpoints'];
}

/** The kube-proxy that programs a node of a cluster. */
export interface NodeKubeProxy {
  readonly restarted: NonNullable<Own['kubeProxy']>;
  /** What it has done so far, by figure. */
  totals(): Promise<Readonly<Record<string, number>>>;
  /** What its process holds, in bytes. */
  memory(): Promise<number>;
}

/** The files in which pods read whom to ask for names, and how. */
export interface PodFiles {
  /** Where they lie, to be mounted over a pod's own. */
  readonly folder: string;
  readonly nameserver: string;
  readonly apply: NonNullable<Own['resolver']>;
}

/** What an agent works on: made by it, or found. */
export interface Ground {
  /** The whole lab's. */
  readonly network: Network;
  readonly spaces: Spaces;
  readonly hosts: Hosts;
  /** The nodes that this agent can enter, and whose pods it can: its own; the others have agents of their own. */
  readonly own: readonly string[];
  /** Where the cluster's DNS has the lab's services. */
  readonly domain: string;
  /** Whom the pods' resolv.conf names. */
  readonly nameserver: string;
  /** Those of the agent's pods, where any looks names up. */
  readonly resolver: PodFiles | undefined;
  readonly endpoints: (servers: Pick<Servers, 'serve'>) => Endpoints;
  readonly nodeDns: Own['nodeDns'];
  /** None where the lab itself programs its nodes. */
  readonly kubeProxy: NodeKubeProxy | undefined;
  /** Where the cluster's DNS is CoreDNS. */
  readonly corefile: Own['corefile'];
  /** Told of every change before it is made. */
  readonly beforeChange?: (change: Change) => void;
  /** What servers have counted that are none of this agent's apps, by figure. */
  readonly totals: () => Promise<Readonly<Record<string, number>>>;
  /** Until every service leads to its pods. */
  readonly reachable: () => Promise<void>;
}
