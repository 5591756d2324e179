import type { Change } from '../../scenario/change.ts';
import type { Done } from './done.ts';
import type { Network, Service } from './network.ts';
import type { ResolverFiles } from './resolv.ts';
import type { Servers } from './servers.ts';
import type { Spaces } from './spaces.ts';

type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;

/** Which pods stand behind each service. */
export interface Endpoints {
  /** Every service as it stands now. */
  readonly services: readonly Service[];
  /** @throws Error where the topology has no such service */
  service(name: string): Service;
  /** What the cluster's DNS answers to a name. */
  addresses(name: string): readonly string[];
  /** @throws Error where the agent is not who changes them */
  repoint(change: ChangeOf<'endpoints'>): Promise<Done>;
}

/** A caching resolver on every node. */
export interface NodeDns {
  /** Totals by figure name; none where there is none. */
  totals(): Record<string, number>;
  apply(change: ChangeOf<'node-dns'>): Promise<Done>;
}

/** The kube-proxy that programs a node of a cluster. */
export interface NodeKubeProxy {
  /** Waits until it has been started anew, by whoever does that, and has programmed all there is. */
  restarted(): Promise<Done>;
  /** What it has done so far, by figure. */
  totals(): Promise<Readonly<Record<string, number>>>;
  /** What its process holds, in bytes. */
  memory(): Promise<number>;
}

/** What an agent works on: made by it, or found. */
export interface Ground {
  /** The whole lab's. */
  readonly network: Network;
  readonly spaces: Spaces;
  /** The nodes that this agent can enter, and whose pods it can: its own; the others have agents of their own. */
  readonly own: readonly string[];
  /** Whom the pods' resolv.conf names. */
  readonly nameserver: string;
  /** The pods' resolver files, where the agent writes them. */
  readonly resolver: ResolverFiles | undefined;
  readonly endpoints: (servers: Servers) => Endpoints;
  readonly nodeDns: NodeDns;
  /** None where the lab itself programs its nodes. */
  readonly kubeProxy: NodeKubeProxy | undefined;
  /** Until every service leads to its pods. */
  readonly reachable: () => Promise<void>;
}
