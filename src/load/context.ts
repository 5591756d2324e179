import type { NetNamespace } from '../kernel/netns.ts';
import type { BoomServer } from '../scenario/load.ts';
import type { FloodPath } from './flood-load.ts';
import type { Outcomes } from './outcomes.ts';
import type { Resolver } from './resolver-process.ts';

/** A pod, and the namespace that has its name. */
export interface LoadPod {
  readonly name: string;
}

/** Where a service is reached. */
export interface LoadService {
  readonly ip: string;
  readonly port: number;
  /** Where its pods listen. */
  readonly targetPort: number;
  readonly endpoints: readonly { readonly ip: string }[];
}

/** What a load finds in the embedded lab. */
export interface LoadContext {
  /** The pods of a set, in order. */
  readonly pods: (set: string) => readonly LoadPod[];
  readonly service: (name: string) => LoadService;
  readonly namespace: (name: string) => NetNamespace;
  /** Whom the pods’ resolv.conf names. */
  readonly nameserver: () => string;
  /** One a pod, where the demand is look-ups. */
  readonly resolvers: readonly Resolver[];
  /** Tells the boom-servers what to forge from now on. */
  readonly forge: (segment: BoomServer['segment']) => void;
  /** Where a flood between the first pods of two sets goes. */
  readonly floodPath: (pods: string, to: string) => Promise<FloodPath>;
  readonly outcomes: Outcomes;
  readonly random: () => number;
  readonly signal: AbortSignal;
}
