import type { NetNamespace } from '../kernel/netns.ts';
import type { FloodPath } from './flood/flood-path.ts';
import type { HttpClients } from './engine/http-engine.ts';
import type { Outcomes } from './outcomes.ts';
import type { Resolver } from '../kernel/resolver-process.ts';

/** A pod, and the namespace that has its name. */
export interface LoadPod {
  readonly name: string;
  readonly node: string;
  /** Can this agent enter it? What is due from another pod is another agent's to offer. */
  readonly own: boolean;
}

/** Where a service is reached. */
export interface LoadService {
  readonly ip: string;
  readonly port: number;
  /** Where its pods listen. */
  readonly targetPort: number;
  readonly tls?: boolean;
  readonly endpoints: readonly (LoadPod & { readonly ip: string })[];
}

/** What a load finds in a lab. */
export interface LoadContext {
  /** The pods of a set, in order. */
  readonly pods: (set: string) => readonly LoadPod[];
  /** A service as it stands now: its endpoints change. */
  readonly service: (name: string) => LoadService;
  readonly namespace: (name: string) => NetNamespace;
  /** What the cluster's DNS knows a service by. */
  readonly fullName: (service: string) => string;
  /** Whom the pods’ resolv.conf names. */
  readonly nameserver: () => string;
  /** One a pod, where the demand is look-ups; none in a pod that is another agent's. */
  readonly resolvers: readonly (Resolver | undefined)[];
  /** Where a flood between the first pods of two sets goes. */
  readonly floodPath: (pods: string, to: string) => Promise<FloodPath>;
  /** Addresses that are routed to a pod and assigned to nobody: its own kernel answers nothing that comes for them. */
  readonly crowd: (pod: string) => Promise<{ readonly first: string; readonly count: number }>;
  /** Records figures of the phase that are no outcomes. */
  readonly measured: (figures: Readonly<Record<string, number>>) => void;
  /** Until all has happened that happens in the middle of this phase. */
  readonly happened: () => Promise<void>;
  /** What a load holds open to the end: closed once the phase's entries have been looked at. */
  readonly held: DisposableStack;
  readonly outcomes: Outcomes;
  /** Requests on connections of their own are made here, by a thread that does nothing else. */
  readonly http: HttpClients;
  /** Added to every time limit of a client, ms: what this machine has been measured to take by itself. */
  readonly slack: number;
  readonly random: () => number;
  readonly signal: AbortSignal;
}
