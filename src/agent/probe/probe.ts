import type { Target } from '../../change/target.ts';
import type { ConntrackEntry } from '../../kernel/conntrack-dump.ts';
import type { Table } from '../../kernel/counters.ts';
import type { NetNamespace } from '../../kernel/netns.ts';
import type { Resolver } from '../../kernel/resolver-process.ts';
import type { Stage } from '../../schema/history.ts';
import type { Load } from '../../load/index.ts';
import type { Protocol } from '../../schema/protocol.ts';

/** What a probe may read. */
export interface Probed {
  /** The node under test. */
  readonly node: string;
  readonly nodes: readonly string[];
  readonly table: (node: string) => Table;
  readonly namespace: (name: string) => NetNamespace;
  /** Totals of the lab's servers, by figure. */
  readonly served: () => Promise<Readonly<Record<string, number>>>;
  /** One per pod of the demand; undefined for other agents' pods. */
  readonly resolvers: () => readonly (Resolver | undefined)[];
  readonly demand: () => Load;
  /** Totals and memory in bytes of the node's kube-proxy; undefined where it has none. */
  readonly kubeProxy:
    { totals(): Promise<Readonly<Record<string, number>>>; memory(): Promise<number> } | undefined;
  /** Every service with its current endpoints. */
  readonly services: Target['services'];
  /** What the protocol wants read from the entries. */
  readonly inspected: Protocol['inspect'];
  /** The demand's entries on a node. */
  readonly entries: (node: string) => Promise<readonly ConntrackEntry[]>;
  /** All entries of a node's pods, held ones included. */
  readonly podEntries: (node: string) => Promise<readonly ConntrackEntry[]>;
  /** Names of the pods on a node. */
  readonly podsOn: (node: string) => readonly string[];
  /** The name of the pod with this address. */
  readonly podAt: (ip: string) => string | undefined;
}

type Awaitable<T> = T | Promise<T>;

/** Observes a phase in any of four optional ways. */
export interface Probe {
  /** Between a phase's first and last sample. @returns a function that stops it and returns the figures */
  readonly during?: (probed: Probed) => () => Readonly<Record<string, number>>;
  /** Totals at both edges of a phase, by node; their difference is a figure. */
  readonly totals?: (probed: Probed, node: string) => Promise<Readonly<Record<string, number>>>;
  /** Once, when the phase is over and its entries still exist. */
  readonly inspect?: (probed: Probed, stage: Stage) => Awaitable<Readonly<Record<string, number>>>;
  /** Once, before the demand: absolute figures. Entries it adds are cleared. */
  readonly measure?: (probed: Probed, stage: Stage) => Promise<Readonly<Record<string, number>>>;
}
