import type { App } from '../server/apps.ts';
import type { NetNamespace } from '../kernel/netns.ts';
import type { FloodPath } from './flood/flood-path.ts';
import type { Flows } from './flood/flows.ts';
import type { HttpClients } from './engine/http-engine.ts';
import type { Outcomes } from './outcomes.ts';
import type { Resolver } from '../kernel/resolver-process.ts';

/** A pod; its namespace has the same name. */
export interface LoadPod {
  readonly name: string;
  readonly ip: string;
  readonly node: string;
  /** Whether this agent can enter the pod. Other agents offer the load of other pods. */
  readonly own: boolean;
}

/** The address of a service. */
export interface LoadService {
  readonly ip: string;
  readonly port: number;
  /** The port that its pods listen on. */
  readonly targetPort: number;
  readonly tls?: boolean;
  readonly app: App;
  readonly endpoints: readonly LoadPod[];
}

/** What a load gets from its lab. */
export interface LoadContext {
  /** The pods of a set, in order. @throws Error where there are none */
  readonly pods: (set: string) => readonly [LoadPod, ...LoadPod[]];
  /** A service with its current endpoints. */
  readonly service: (name: string) => LoadService;
  readonly namespace: (name: string) => NetNamespace;
  /** A service's full name in the cluster's DNS. */
  readonly fullName: (service: string) => string;
  /** The nameserver in the pods’ resolv.conf. */
  readonly nameserver: () => string;
  /** One per pod where the demand is lookups; undefined for other agents' pods. */
  readonly resolvers: readonly (Resolver | undefined)[];
  /** The path of a flood between the first pods of two sets. */
  readonly floodPath: (pods: string, to: string) => Promise<FloodPath>;
  /** Flows from addresses that are routed to a pod and assigned to none, numbered on from phase to phase. */
  readonly crowd: (pod: string) => Promise<Flows>;
  /** Records figures of the phase other than outcomes. */
  readonly measured: (figures: Readonly<Record<string, number>>) => void;
  /** Resolves once all scheduled changes of this phase are made. */
  readonly happened: () => Promise<void>;
  /** Resources held until the phase's entries have been inspected. */
  readonly held: DisposableStack;
  readonly outcomes: Outcomes;
  /** Makes requests on new connections, on dedicated threads. */
  readonly http: HttpClients;
  /** Added to every client timeout, ms: latency measured on this machine itself. */
  readonly slack: number;
  readonly random: () => number;
  readonly signal: AbortSignal;
}
